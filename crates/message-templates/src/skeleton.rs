//! What a text is for everybody, with gaps for what one person brings.
//!
//! Cognito waits for three texts of each message, and nearly all of them is the same for each user: that part is rendered once.

use std::sync::Arc;

use crate::contents::Contents;
use crate::escape;
use crate::facts::Facts;
use crate::message::Channel;

/// Marks of the gaps. Of the characters for private use: none is in a template, or the build finds the text changed.
const NAME: char = '\u{e000}';
const GIVEN_NAME: char = '\u{e001}';
const FAMILY_NAME: char = '\u{e002}';
const LINK: char = '\u{e003}';

/// A template that was rendered for facts with marks in the place of the personal ones.
pub(crate) struct Skeleton {
    facts: Arc<Facts>,
    /// What stands before a gap, and its mark.
    pieces: Vec<(String, char)>,
    end: String,
}

impl Skeleton {
    /// Of what `render` makes of facts like these.
    pub(crate) fn of<E>(
        facts: &Facts,
        render: impl FnOnce(&Arc<Facts>) -> Result<String, E>,
    ) -> Result<Self, E> {
        let facts = Arc::new(marked(facts));
        let rendered = render(&facts)?;
        let mut pieces = Vec::new();
        let mut rest = rendered.as_str();
        while let Some(at) = rest.find([NAME, GIVEN_NAME, FAMILY_NAME, LINK]) {
            let (before, after) = rest.split_at(at);
            let mut after = after.chars();
            pieces.extend(after.next().map(|mark| (before.to_owned(), mark)));
            rest = after.as_str();
        }
        Ok(Self {
            end: rest.to_owned(),
            facts,
            pieces,
        })
    }

    /// Whether these facts differ in nothing but what the person brings, and a message of Cognito's is meant: those that our own
    /// functions send bring values, whose templates also count and compare.
    pub(crate) fn fits(&self, facts: &Facts) -> bool {
        let ours = &self.facts;
        let placeholders_are_alike = match (&ours.contents, &facts.contents) {
            (Contents::Placeholders(ours), Contents::Placeholders(theirs)) => ours == theirs,
            _ => false,
        };
        let alike = |ours: &str, theirs: &str| ours.is_empty() == theirs.is_empty();
        ours.language == facts.language
            && ours.app_name == facts.app_name
            && ours.support_url == facts.support_url
            && placeholders_are_alike
            && alike(&ours.name, &facts.name)
            && alike(&ours.given_name, &facts.given_name)
            && alike(&ours.family_name, &facts.family_name)
            && alike(&ours.link, &facts.link)
    }

    /// The text for these facts.
    pub(crate) fn filled(&self, facts: &Facts, channel: Channel) -> String {
        let mut text = String::with_capacity(self.end.len() * 2);
        for (before, mark) in &self.pieces {
            text.push_str(before);
            match *mark {
                NAME => escape::push(&mut text, &facts.name, channel),
                GIVEN_NAME => escape::push(&mut text, &facts.given_name, channel),
                FAMILY_NAME => escape::push(&mut text, &facts.family_name, channel),
                _ => text.push_str(&facts.link),
            }
        }
        text.push_str(&self.end);
        text
    }
}

/// A mark in the place of each fact about the person that is there.
fn marked(facts: &Facts) -> Facts {
    let mark = |fact: &str, mark: char| match fact {
        "" => String::new(),
        _ => mark.to_string(),
    };
    Facts {
        name: mark(&facts.name, NAME),
        given_name: mark(&facts.given_name, GIVEN_NAME),
        family_name: mark(&facts.family_name, FAMILY_NAME),
        link: mark(&facts.link, LINK),
        ..facts.clone()
    }
}
