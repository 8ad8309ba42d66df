//! What the build demands of the templates: nothing is missing, nothing is misnamed, and every text is one that can be sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::contents::{Contents, Placeholders, Values};
use crate::facts::Facts;
use crate::message::{Channel, Message};
use crate::templates::{Files, Templates, path, split_root};

/// What is wrong: the template's path and the reason, a line each.
pub(crate) fn problems(files: Files) -> Vec<String> {
    let templates = Templates::new(files);
    let mut problems = misplaced_or_missing(files, &templates);
    for client in clients(files) {
        let root = &templates.root(client);
        for language in templates.languages() {
            for message in MESSAGES {
                for channel in channels(message) {
                    problems.extend(problem(&templates, root, language, message, *channel));
                }
            }
        }
    }
    problems
}

fn misplaced_or_missing(files: Files, templates: &Templates) -> Vec<String> {
    let mut wanted = BTreeSet::from(["layout.html".to_owned()]);
    for language in templates.languages() {
        wanted.insert(format!("{language}/greeting.html"));
        wanted.insert(format!("{language}/footer.html"));
        for message in MESSAGES {
            let channels = channels(message).iter();
            wanted.extend(channels.map(|channel| path(language, message, *channel)));
        }
    }
    let there: BTreeSet<&str> = files.iter().map(|(path, _)| *path).collect();
    let missing = wanted.iter().filter(|path| !there.contains(path.as_str()));
    let misplaced = there
        .iter()
        .filter(|path| !wanted.contains(split_root(path).1));
    let missing = missing.map(|path| format!("{path}: there is no such file"));
    let misplaced = misplaced.map(|path| format!("{path}: no template has this name"));
    missing.chain(misplaced).collect()
}

/// The app clients that have templates of their own, and none of them.
fn clients(files: Files) -> BTreeSet<Option<&'static str>> {
    let client = |path: &'static str| split_root(path).0.split('/').nth(1);
    let of_files = files.iter().map(|(path, _)| client(path));
    std::iter::once(None).chain(of_files).collect()
}

/// The first thing that is wrong with a text, whoever gets it and however the function is configured.
fn problem(
    templates: &Templates,
    root: &str,
    language: &'static str,
    message: Message,
    channel: Channel,
) -> Option<String> {
    let path = root.to_owned() + &path(language, message, channel);
    samples(language, message).into_iter().find_map(|facts| {
        let facts = Arc::new(facts);
        let problem = match templates.render(root, message, channel, &facts) {
            Err(problem) => problem.to_string(),
            Ok(text) => match templates.rendered(&path, message, channel, &facts) {
                Ok(rendered) if rendered.trim() == text => return None,
                _ => NOT_ALIKE.to_owned(),
            },
        };
        Some(format!("{path}: {problem}"))
    })
}

/// Templates of Cognito's messages are rendered once, with gaps for these.
const NOT_ALIKE: &str =
    "of a name or a link, a template may only ask whether it is there, and show it";

/// Everybody and everything, with and without what is optional.
fn samples(language: &'static str, message: Message) -> Vec<Facts> {
    let mut samples = Vec::new();
    for contents in all_contents(message) {
        let full = full_sample(language, contents);
        let unlinked = Facts {
            link: String::new(),
            support_url: String::new(),
            ..full.clone()
        };
        samples.extend([
            full.without_names(),
            unlinked.without_names(),
            unlinked,
            full,
        ]);
    }
    samples
}

fn full_sample(language: &'static str, contents: Contents) -> Facts {
    Facts {
        language,
        // As long as `APP_NAME` can be.
        app_name: "An app whose name is rather long".to_owned(),
        support_url: "https://www.example.com/support".to_owned(),
        name: "Ines Falk".to_owned(),
        given_name: "Ines".to_owned(),
        family_name: "Falk".to_owned(),
        link: "https://app.example.com/confirm#username=ines&code={####}".to_owned(),
        contents,
    }
}

/// What the message can bring, whoever sends it.
fn all_contents(message: Message) -> Vec<Contents> {
    let text = |text: &str| Some(text.to_owned());
    let values = match message {
        Message::SignInLink => [text("42"), None]
            .map(|number| Values {
                sign_in_link: text("https://app.example.com/sign-in#token=k3"),
                number,
                minutes: Some(15),
                ..Values::default()
            })
            .into(),
        Message::AccountTakeOverNotification => [(text("Berlin, Germany"), true), (None, false)]
            .map(|(place, blocked)| Values {
                place,
                blocked,
                ..Values::default()
            })
            .into(),
        // As hostile as a temporary password can be.
        Message::AdminCreateUser => vec![Values {
            code: text("<{\"q7'&}>"),
            username: text("ines@example.org"),
            ..Values::default()
        }],
        _ => vec![Values {
            code: text("48291348"),
            minutes: (message == Message::SignInCode).then_some(10),
            ..Values::default()
        }],
    };
    let mut contents = Vec::new();
    if !is_ours(message) {
        contents.extend([false, true].map(|by_link| placeholders(message, by_link)));
    }
    contents.extend(values.into_iter().map(Contents::Values));
    contents
}

fn placeholders(message: Message, by_link: bool) -> Contents {
    let by_link = by_link && message.can_bear_cognitos_link();
    let invites = message == Message::AdminCreateUser;
    Contents::Placeholders(Placeholders {
        code: "{####}".to_owned(),
        link: by_link.then(|| "{##Click Here##}".to_owned()),
        username: invites.then(|| "{username}".to_owned()),
        // Longer ones may find no room in a text message, which is then left to the pool.
        longest_username: 32,
    })
}

/// Whether a function of ours always sends it, so that its templates get values and never placeholders.
fn is_ours(message: Message) -> bool {
    matches!(
        message,
        Message::AccountTakeOverNotification | Message::SignInCode | Message::SignInLink
    )
}

const MESSAGES: [Message; 10] = [
    Message::SignUp,
    Message::AdminCreateUser,
    Message::ResendCode,
    Message::ForgotPassword,
    Message::UpdateUserAttribute,
    Message::VerifyUserAttribute,
    Message::Authentication,
    Message::AccountTakeOverNotification,
    Message::SignInCode,
    Message::SignInLink,
];

fn channels(message: Message) -> &'static [Channel] {
    match message {
        Message::AccountTakeOverNotification => &[Channel::Subject, Channel::Email],
        _ => &[Channel::Subject, Channel::Email, Channel::Sms],
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::FILES;

    /// The problems of our own templates with one of them replaced, or added.
    fn with(path: &'static str, template: &'static str) -> Vec<String> {
        let mut files: Vec<_> = FILES
            .iter()
            .copied()
            .filter(|(name, _)| *name != path)
            .collect();
        if !template.is_empty() {
            files.push((path, template));
        }
        problems(files.leak())
    }

    #[track_caller]
    fn check(path: &'static str, template: &'static str, expected: &[&str]) {
        assert_eq!(with(path, template), expected, "{path}: {template:?}");
    }

    #[test]
    fn our_own_templates_are_right() {
        assert_eq!(problems(FILES), [""; 0]);
    }

    #[test]
    fn a_wrong_template_is_named_with_the_reason() {
        let sms = "en/sign-up.sms.txt";
        for (template, reason) in [
            ("Hello", "{####} must be in it"),
            ("{{ '{####}' }}", "{####} must be in it"),
            (" ", "nothing is in it"),
            (
                "{{ code",
                "syntax error: unexpected end of input, expected end of variable block (in en/sign-up.sms.txt:1)",
            ),
            (
                "{{ code }}{{ nmae }}",
                "undefined value (in en/sign-up.sms.txt:1)",
            ),
            (
                "{{ code }}{% if nmae %}{% endif %}",
                "undefined value (in en/sign-up.sms.txt:1)",
            ),
            (
                "{{ code }}{% if not name %}{{ nmae }}{% endif %}",
                "undefined value (in en/sign-up.sms.txt:1)",
            ),
            (
                "{{ code }}{% if given_name == 'Ines' %}!{% endif %}",
                "of a name or a link, a template may only ask whether it is there, and show it",
            ),
            (
                "{{ code }}\u{e000}",
                "of a name or a link, a template may only ask whether it is there, and show it",
            ),
            (
                "{{ code|safe }}",
                "unknown filter: filter safe is unknown (in en/sign-up.sms.txt:1)",
            ),
        ] {
            check(sms, template, &[&format!("{sms}: {reason}")]);
        }
    }

    #[test]
    fn a_text_that_can_become_too_long_is_wrong() {
        check(
            "de/authentication.sms.txt",
            "{{ code }} ist der Code, mit dem Sie sich bei {{ app_name }} anmelden können, und zwar nur Sie, weshalb Sie ihn bitte niemandem weitersagen",
            &[
                "de/authentication.sms.txt: with what is inserted it has 155 characters, and may have 140",
            ],
        );
    }

    #[test]
    fn an_invitation_names_the_user_and_a_link_message_bears_the_link() {
        check(
            "en/admin-create-user.email.html",
            "<p>{{ code }}</p>",
            &["en/admin-create-user.email.html: {username} must be in it"],
        );
        check(
            "en/sign-up.email.html",
            "<p>{{ code }}</p>",
            &["en/sign-up.email.html: {##Click Here##} must be in it"],
        );
        check(
            "en/sign-up.email.html",
            "<p>{{ code }} {{ cognito_link }}</p>",
            &[],
        );
    }

    #[test]
    fn a_subject_is_one_line_without_the_code() {
        check(
            "en/sign-up.subject.txt",
            "One\ntwo",
            &["en/sign-up.subject.txt: a subject has one line"],
        );
        check(
            "en/sign-up.subject.txt",
            "Your code {{ code }}",
            &["en/sign-up.subject.txt: undefined value (in en/sign-up.subject.txt:1)"],
        );
    }

    #[test]
    fn what_is_missing_or_misnamed_is_wrong() {
        check(
            "en/signup.sms.txt",
            "{{ code }}",
            &["en/signup.sms.txt: no template has this name"],
        );
        check(
            "clients/7web/fr/sign-up.sms.txt",
            "{{ code }}",
            &["clients/7web/fr/sign-up.sms.txt: no template has this name"],
        );
        let [missing, unrendered] = &with("en/sign-up.sms.txt", "")[..] else {
            panic!("two problems");
        };
        assert_eq!(missing, "en/sign-up.sms.txt: there is no such file");
        assert!(unrendered.contains("template not found"), "{unrendered}");
    }

    #[test]
    fn an_app_client_is_held_to_the_same() {
        check("clients/7web/en/sign-up.sms.txt", "7web: {{ code }}", &[]);
        check(
            "clients/7web/en/sign-up.sms.txt",
            "7web",
            &["clients/7web/en/sign-up.sms.txt: {####} must be in it"],
        );
        let broken_layout = with(
            "clients/7web/layout.html",
            "<p>{% block x %}{% endblock %}</p>",
        );
        assert_eq!(broken_layout.len(), 18, "every e-mail with a code or link");
    }
}
