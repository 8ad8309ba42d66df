//! The values that a condition compares with.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::address::Block;
use crate::context::Context;
use crate::document::Unsupported;
use crate::pattern::{Allows, Pattern, Token, lower_case, matches};

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Text { wildcards: bool, ignores_case: bool },
    Arn,
    Number(Relation),
    Date(Relation),
    Bool,
    Address,
}

/// What the value of a request has to be to the value of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    fn holds<T: PartialOrd>(self, found: &T, wanted: &T) -> bool {
        match self {
            Self::Equal => found == wanted,
            Self::Less => found < wanted,
            Self::LessOrEqual => found <= wanted,
            Self::Greater => found > wanted,
            Self::GreaterOrEqual => found >= wanted,
        }
    }
}

/// The values of a condition; one that compares is enough.
#[derive(Debug, Clone)]
pub(super) enum Operands {
    Texts {
        ignores_case: bool,
        patterns: Vec<Pattern>,
    },
    Arns(Vec<Pattern>),
    Numbers(Relation, Vec<f64>),
    /// Seconds since the Unix epoch.
    Dates(Relation, Vec<i64>),
    Bools(Vec<bool>),
    Addresses(Vec<Block>),
}

/// [`Operands`] in which variables have their values.
pub(super) enum Resolved<'o> {
    Texts {
        ignores_case: bool,
        patterns: Vec<Vec<Token>>,
    },
    Arns(Vec<Vec<Token>>),
    Others(&'o Operands),
}

impl Operands {
    pub(super) fn parse(
        comparison: Comparison,
        values: &[String],
        place: &str,
    ) -> Result<Self, Unsupported> {
        let wrong = |expected: &str, value: &str| {
            Unsupported::at(place, format!("{value}: expected {expected}"))
        };
        let patterns = |wildcards| {
            let allows = Allows {
                wildcards,
                variables: true,
            };
            let patterns = values
                .iter()
                .map(|value| Pattern::parse(value, allows, place));
            patterns.collect::<Result<Vec<_>, _>>()
        };
        Ok(match comparison {
            Comparison::Text {
                wildcards,
                ignores_case,
            } => Self::Texts {
                ignores_case,
                patterns: patterns(wildcards)?,
            },
            Comparison::Arn => {
                let patterns = patterns(true)?;
                if let Some(at) = patterns.iter().position(|pattern| !pattern.is_arn()) {
                    let expected = "an ARN with variables behind its fifth colon alone";
                    return Err(wrong(expected, &values[at]));
                }
                Self::Arns(patterns)
            }
            Comparison::Number(relation) => {
                let numbers = each(values, number, |value| wrong("a number", value));
                Self::Numbers(relation, numbers?)
            }
            Comparison::Date(relation) => {
                let expected = "a date such as 2026-11-21T12:00:00Z, or seconds since 1970";
                let dates = each(values, date, |value| wrong(expected, value));
                Self::Dates(relation, dates?)
            }
            Comparison::Bool => {
                let bools = each(values, boolean, |value| wrong("true or false", value));
                Self::Bools(bools?)
            }
            Comparison::Address => {
                let expected = "an address, with or without a prefix length";
                let blocks = each(values, Block::parse, |value| wrong(expected, value));
                Self::Addresses(blocks?)
            }
        })
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let patterns = match self {
            Self::Texts { patterns, .. } | Self::Arns(patterns) => patterns.as_slice(),
            Self::Numbers(..) | Self::Dates(..) | Self::Bools(_) | Self::Addresses(_) => &[],
        };
        patterns.iter().flat_map(Pattern::keys)
    }

    /// `None` where a variable has no value.
    pub(super) fn resolve(&self, context: &Context) -> Option<Resolved<'_>> {
        let resolve = |patterns: &[Pattern]| {
            let patterns = patterns.iter().map(|pattern| pattern.resolve(context));
            patterns.collect::<Option<Vec<_>>>()
        };
        Some(match self {
            Self::Texts {
                ignores_case,
                patterns,
            } => Resolved::Texts {
                ignores_case: *ignores_case,
                patterns: resolve(patterns)?,
            },
            Self::Arns(patterns) => Resolved::Arns(resolve(patterns)?),
            Self::Numbers(..) | Self::Dates(..) | Self::Bools(_) | Self::Addresses(_) => {
                Resolved::Others(self)
            }
        })
    }
}

impl Resolved<'_> {
    /// Whether one of them compares with a value of the request; `None` where the value is of another type.
    pub(super) fn contain(&self, value: &str) -> Option<bool> {
        Some(match self {
            Self::Texts {
                ignores_case: true,
                patterns,
            } => {
                let value = value.to_lowercase();
                patterns
                    .iter()
                    .any(|pattern| matches(&lower_case(pattern), &value))
            }
            Self::Texts { patterns, .. } => patterns.iter().any(|pattern| matches(pattern, value)),
            Self::Arns(patterns) => patterns.iter().any(|pattern| arn_matches(pattern, value)),
            Self::Others(Operands::Numbers(relation, numbers)) => {
                let found = number(value)?;
                numbers.iter().any(|wanted| relation.holds(&found, wanted))
            }
            Self::Others(Operands::Dates(relation, dates)) => {
                let found = date(value)?;
                dates.iter().any(|wanted| relation.holds(&found, wanted))
            }
            Self::Others(Operands::Bools(bools)) => bools.contains(&boolean(value)?),
            Self::Others(Operands::Addresses(blocks)) => {
                let found = value.parse().ok()?;
                blocks.iter().any(|block| block.contains(found))
            }
            Self::Others(Operands::Texts { .. } | Operands::Arns(_)) => return None,
        })
    }
}

/// Each of the six parts is compared by itself. Source: IAM User Guide, "ARN condition operators".
fn arn_matches(pattern: &[Token], arn: &str) -> bool {
    let patterns: Vec<&[Token]> = pattern
        .splitn(6, |token| *token == Token::Char(':'))
        .collect();
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    patterns.len() == parts.len()
        && patterns
            .iter()
            .zip(parts)
            .all(|(pattern, part)| matches(pattern, part))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// As ISO 8601 in the form that AWS's examples have, or in seconds.
fn date(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let is_day = text.len() == 10;
    let midnight = is_day.then(|| format!("{text}T00:00:00Z"));
    let parsed = OffsetDateTime::parse(midnight.as_deref().unwrap_or(text), &Rfc3339);
    parsed.ok().map(OffsetDateTime::unix_timestamp)
}

fn boolean(text: &str) -> Option<bool> {
    text.to_ascii_lowercase().parse().ok()
}

fn each<T>(
    values: &[String],
    read: fn(&str) -> Option<T>,
    wrong: impl Fn(&str) -> Unsupported,
) -> Result<Vec<T>, Unsupported> {
    let values = values.iter();
    values
        .map(|value| read(value).ok_or_else(|| wrong(value)))
        .collect()
}

/// One value or a list of them. Numbers and booleans may stand for the texts that they are written as.
pub(super) fn texts(value: &Value, place: &str) -> Result<Vec<String>, Unsupported> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(Unsupported::at(place, "expected a value, or a list"))
        }
    };
    match value {
        Value::Array(items) if items.is_empty() => {
            Err(Unsupported::at(place, "expected at least one value"))
        }
        Value::Array(items) => items.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}
