//! The templates in their folders: those of a language, and above them those of an app client.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::{Environment, UndefinedBehavior};

use crate::contents::Contents;
use crate::escape;
use crate::facts::Facts;
use crate::message::{Channel, Message};
use crate::skeleton::Skeleton;
use crate::text::{self, Problem};

/// Templates, each behind its path within the folder of messages.
pub(crate) type Files = &'static [(&'static str, &'static str)];

/// The templates of all messages. Each is compiled when it is first wanted.
pub struct Templates {
    languages: BTreeSet<&'static str>,
    /// The app clients that have templates of their own.
    clients: BTreeSet<&'static str>,
    environment: Environment<'static>,
    /// Behind the template's path.
    skeletons: Mutex<HashMap<String, Vec<Arc<Skeleton>>>>,
}

/// Most skeletons of one template: for each fact about the person that is there or not. What needs more is rendered each time.
const MOST_SKELETONS: usize = 16;

impl Templates {
    /// These templates, unchecked; each behind its path within the folder of messages.
    pub fn new(files: Files) -> Self {
        // Empty: no filter, test or global, so that no template can undo the escaping.
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        escape::by_context(&mut environment);
        environment.set_loader(move |name| Ok(find(files, name)));
        // What a template extends or includes is named from the folder of all messages, or else of the app client.
        environment.set_path_join_callback(|name, within| {
            let (root, _) = split_root(within);
            format!("{root}{name}").into()
        });
        let in_folders = files.iter().filter_map(|(path, _)| path.split_once('/'));
        let (of_clients, of_all): (Vec<_>, Vec<_>) =
            in_folders.partition(|(folder, _)| *folder == CLIENTS);
        let clients = of_clients.into_iter();
        let languages = of_all.into_iter();
        Self {
            languages: languages.map(|(folder, _)| folder).collect(),
            clients: clients
                .filter_map(|(_, path)| Some(path.split_once('/')?.0))
                .collect(),
            environment,
            skeletons: Mutex::default(),
        }
    }

    /// The languages that every message has, as their folders are named.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.languages.iter().copied()
    }

    /// Where the search for a template begins: the folder of the app client, if it has one, and else that of all messages.
    pub(crate) fn root(&self, client_id: Option<&str>) -> String {
        match client_id {
            Some(id) if self.clients.contains(id) => [CLIENTS, "/", id, "/"].concat(),
            _ => String::new(),
        }
    }

    /// The text of a message, which can be sent.
    pub(crate) fn render(
        &self,
        root: &str,
        message: Message,
        channel: Channel,
        facts: &Arc<Facts>,
    ) -> Result<String, Problem> {
        let path = root.to_owned() + &path(facts.language, message, channel);
        let render = |facts: &Arc<Facts>| self.rendered(&path, message, channel, facts);
        let mut text = match self.skeleton(&path, facts, render)? {
            Some(skeleton) => skeleton.filled(facts, channel),
            None => render(facts)?,
        };
        text.truncate(text.trim_end().len());
        text.drain(..text.len() - text.trim_start().len());
        text::check(&text, message, channel, &facts.contents)?;
        Ok(text)
    }

    /// What the template of this path becomes.
    pub(crate) fn rendered(
        &self,
        path: &str,
        message: Message,
        channel: Channel,
        facts: &Arc<Facts>,
    ) -> Result<String, minijinja::Error> {
        let template = self.environment.get_template(path)?;
        template.render(facts.seen_in(message, channel))
    }

    /// The skeleton for these facts, if they have one.
    fn skeleton(
        &self,
        path: &str,
        facts: &Facts,
        render: impl FnOnce(&Arc<Facts>) -> Result<String, minijinja::Error>,
    ) -> Result<Option<Arc<Skeleton>>, minijinja::Error> {
        let Contents::Placeholders(_) = facts.contents else {
            return Ok(None);
        };
        let mut skeletons = self
            .skeletons
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let of_path = match skeletons.get_mut(path) {
            Some(of_path) => of_path,
            None => skeletons.entry(path.to_owned()).or_default(),
        };
        if let Some(skeleton) = of_path.iter().find(|skeleton| skeleton.fits(facts)) {
            return Ok(Some(Arc::clone(skeleton)));
        }
        if of_path.len() == MOST_SKELETONS {
            return Ok(None);
        }
        let skeleton = Arc::new(Skeleton::of(facts, render)?);
        of_path.push(Arc::clone(&skeleton));
        Ok(Some(skeleton))
    }
}

/// The path of a template from its root.
pub(crate) fn path(language: &str, message: Message, channel: Channel) -> String {
    [language, "/", message.name(), ".", channel.ending()].concat()
}

/// The root of the template of this path, and its path from there.
pub(crate) fn split_root(path: &str) -> (&str, &str) {
    let mut folders = path.match_indices('/').map(|(at, _)| at + 1);
    match folders.nth(1) {
        Some(end) if path.starts_with("clients/") => path.split_at(end),
        _ => ("", path),
    }
}

/// The template of this path, or the one that an app client has not replaced.
fn find(files: Files, path: &str) -> Option<&'static str> {
    let at = |path: &str| files.iter().find(|(other, _)| *other == path);
    let (_, from_root) = split_root(path);
    let (_, template) = at(path).or_else(|| at(from_root))?;
    Some(template)
}

/// The folder with a folder for each app client that has templates of its own.
const CLIENTS: &str = "clients";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Files, Templates, split_root};
    use crate::contents::{Contents, Placeholders};
    use crate::facts::Facts;
    use crate::message::{Channel, Message};

    const FILES: Files = &[
        ("clients/7web/en/footer.html", "Bye from 7web"),
        ("clients/7web/en/sign-up.sms.txt", "7web: {{ code }}"),
        (
            "clients/8app/layout.html",
            "<i>{% block text %}{% endblock %}</i>",
        ),
        ("en/footer.html", "Bye"),
        (
            "en/sign-up.email.html",
            "{% extends 'layout.html' %}{% block text %}{{ code }}, {{ name }}{% endblock %}",
        ),
        ("en/sign-up.sms.txt", "All: {{ code }}\n"),
        (
            "layout.html",
            "<p>{% block text %}{% endblock %}</p>{% include lang ~ '/footer.html' %}",
        ),
    ];

    fn render(client_id: Option<&str>, channel: Channel) -> String {
        let templates = Templates::new(FILES);
        let facts = Arc::new(Facts {
            language: "en",
            app_name: "Example".to_owned(),
            support_url: String::new(),
            name: "<Ines>".to_owned(),
            given_name: String::new(),
            family_name: String::new(),
            link: String::new(),
            contents: Contents::Placeholders(Placeholders {
                code: "{####}".to_owned(),
                link: None,
                username: None,
                longest_username: 0,
            }),
        });
        templates
            .render(&templates.root(client_id), Message::SignUp, channel, &facts)
            .unwrap()
    }

    #[test]
    fn an_app_client_replaces_what_it_has_and_keeps_the_rest() {
        for (client, channel, expected) in [
            (None, Channel::Sms, "All: {####}"),
            (Some("9other"), Channel::Sms, "All: {####}"),
            (Some(""), Channel::Sms, "All: {####}"),
            (Some("7web"), Channel::Sms, "7web: {####}"),
            (Some("8app"), Channel::Sms, "All: {####}"),
            (None, Channel::Email, "<p>{####}, &lt;Ines&gt;</p>Bye"),
            (
                Some("7web"),
                Channel::Email,
                "<p>{####}, &lt;Ines&gt;</p>Bye from 7web",
            ),
            (Some("8app"), Channel::Email, "<i>{####}, &lt;Ines&gt;</i>"),
        ] {
            assert_eq!(render(client, channel), expected, "{client:?}, {channel:?}");
        }
    }

    #[test]
    fn a_path_has_a_root() {
        for (path, expected) in [
            ("layout.html", ("", "layout.html")),
            ("de/footer.html", ("", "de/footer.html")),
            ("clients/7web/layout.html", ("clients/7web/", "layout.html")),
            ("clients/7web/de/x.txt", ("clients/7web/", "de/x.txt")),
        ] {
            assert_eq!(split_root(path), expected);
        }
    }

    #[test]
    fn languages_are_folders_that_are_not_the_clients() {
        let templates = Templates::new(FILES);
        assert_eq!(Vec::from_iter(templates.languages()), ["en"]);
    }
}
