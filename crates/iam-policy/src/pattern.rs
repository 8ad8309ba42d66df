//! Texts of a policy with wildcards and variables in them.

use crate::context::Context;
use crate::document::Unsupported;
use crate::keys;

/// A text of a policy that others are compared with.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

/// What may stand in a text besides itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allows {
    pub(crate) wildcards: bool,
    pub(crate) variables: bool,
}

#[derive(Debug, Clone)]
enum Part {
    Token(Token),
    Variable {
        key: String,
        default: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Char(char),
    /// `?`: one character, whatever it is.
    One,
    /// `*`: any characters, also none.
    Any,
}

impl Pattern {
    pub(crate) fn parse(text: &str, allows: Allows, place: &str) -> Result<Self, Unsupported> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("${").filter(|_| allows.variables) {
                let Some((variable, after)) = split_variable(after) else {
                    return Err(Unsupported::at(place, "a variable without an end"));
                };
                parts.push(self::variable(variable, place)?);
                rest = after;
                continue;
            }
            if rest.starts_with("${") {
                return Err(Unsupported::at(place, "no variable can stand here"));
            }
            parts.push(Part::Token(match first {
                '*' if allows.wildcards => Token::Any,
                '?' if allows.wildcards => Token::One,
                other => Token::Char(other),
            }));
            rest = &rest[first.len_utf8()..];
        }
        Ok(Self { parts })
    }

    /// What it stands for in a request; `None` where one of its variables has no value, or several.
    ///
    /// A variable's value is a text: a wildcard in it stands for itself.
    pub(crate) fn resolve(&self, context: &Context) -> Option<Vec<Token>> {
        let mut tokens = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            match part {
                Part::Token(token) => tokens.push(*token),
                Part::Variable { key, default } => {
                    let value = match context.values(key) {
                        None => default.as_deref(),
                        Some(_) => context.value(key),
                    };
                    tokens.extend(value?.chars().map(Token::Char));
                }
            }
        }
        Some(tokens)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable { key, .. } => Some(key.as_str()),
            Part::Token(_) => None,
        })
    }

    /// Whether it has this many parts with colons between them, and no variable in any but the last. So have ARNs.
    pub(crate) fn is_arn(&self) -> bool {
        let mut colons = 0;
        for part in &self.parts {
            match part {
                Part::Token(Token::Char(':')) => colons += 1,
                Part::Variable { .. } if colons < 5 => return false,
                Part::Token(_) | Part::Variable { .. } => {}
            }
        }
        let starts = self.parts.iter().zip("arn:".chars());
        let starts = starts.filter(
            |(part, expected)| matches!(part, Part::Token(Token::Char(found)) if found == expected),
        );
        colons >= 5 && starts.count() == 4
    }

    /// Whether it is `*` and so everything.
    pub(crate) fn is_any(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Token(Token::Any)])
    }
}

/// `key}` or `key, 'default'}`, and what follows. A default may hold what would end the variable.
fn split_variable(text: &str) -> Option<(&str, &str)> {
    let quoted = text.find('\'').filter(|at| text.find('}') > Some(*at));
    let from = match quoted {
        Some(at) => at + 1 + text[at + 1..].find('\'')? + 1,
        None => 0,
    };
    let end = from + text[from..].find('}')?;
    Some((&text[..end], &text[end + 1..]))
}

fn variable(text: &str, place: &str) -> Result<Part, Unsupported> {
    // Source: IAM User Guide, "Policy variables", "Special characters".
    if let "*" | "?" | "$" = text {
        return Ok(Part::Token(Token::Char(char::from(text.as_bytes()[0]))));
    }
    let (key, default) = match text.split_once(',') {
        None => (text, None),
        Some((key, default)) => {
            let quoted = default.trim().strip_prefix('\'');
            let Some(default) = quoted.and_then(|default| default.strip_suffix('\'')) else {
                let what = format!("expected a default in single quotes in ${{{text}}}");
                return Err(Unsupported::at(place, what));
            };
            (key, Some(default.to_owned()))
        }
    };
    let key = keys::parse(key.trim(), place)?;
    Ok(Part::Variable { key, default })
}

/// Whether the text is one of those that the tokens stand for.
pub(crate) fn matches(tokens: &[Token], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut token, mut at) = (0, 0);
    // Where the last `*` stood, and what it has taken so far: the only place to come back to.
    let mut last_any = None;
    while at < text.len() {
        match tokens.get(token) {
            Some(Token::Any) => {
                last_any = Some((token, at));
                token += 1;
            }
            Some(Token::One) => (token, at) = (token + 1, at + 1),
            Some(Token::Char(expected)) if *expected == text[at] => {
                (token, at) = (token + 1, at + 1);
            }
            _ => {
                let Some((any, taken)) = last_any else {
                    return false;
                };
                last_any = Some((any, taken + 1));
                (token, at) = (any + 1, taken + 1);
            }
        }
    }
    tokens[token..].iter().all(|token| *token == Token::Any)
}

/// The tokens in lower case, to be compared with a text in lower case.
pub(crate) fn lower_case(tokens: &[Token]) -> Vec<Token> {
    let lower = tokens.iter().flat_map(|token| match token {
        Token::Char(one) => one.to_lowercase().map(Token::Char).collect(),
        other => vec![*other],
    });
    lower.collect()
}
