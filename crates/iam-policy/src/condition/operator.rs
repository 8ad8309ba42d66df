//! The names of condition operators.

use super::operand::{Comparison, Relation};
use crate::document::Unsupported;

/// `ForAnyValue:StringLikeIfExists` and the like.
pub(super) struct Operator {
    pub(super) quantifier: Option<Quantifier>,
    pub(super) if_exists: bool,
    pub(super) test: Test,
}

/// How many of a key's values have to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// `ForAllValues`: all, which is also true of none at all.
    All,
    /// `ForAnyValue`: at least one.
    Any,
}

pub(super) enum Test {
    Null,
    /// How a value is compared, and whether it is to differ.
    Compare(Comparison, bool),
}

impl Operator {
    pub(super) fn parse(name: &str, place: &str) -> Result<Self, Unsupported> {
        let unknown = || Unsupported::at(place, "the operator is not known");
        let (quantifier, rest) = match name.split_once(':') {
            None => (None, name),
            Some(("ForAllValues", rest)) => (Some(Quantifier::All), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::Any), rest),
            Some(_) => return Err(unknown()),
        };
        let (if_exists, rest) = match rest.strip_suffix("IfExists") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let test = match rest {
            "Null" if if_exists || quantifier.is_some() => return Err(unknown()),
            "Null" => Test::Null,
            other => {
                let (comparison, negated) = comparison(other).ok_or_else(unknown)?;
                Test::Compare(comparison, negated)
            }
        };
        Ok(Self {
            quantifier,
            if_exists,
            test,
        })
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    let text = |wildcards, ignores_case| Comparison::Text {
        wildcards,
        ignores_case,
    };
    Some(match name {
        "StringEquals" => (text(false, false), false),
        "StringNotEquals" => (text(false, false), true),
        "StringEqualsIgnoreCase" => (text(false, true), false),
        "StringNotEqualsIgnoreCase" => (text(false, true), true),
        "StringLike" => (text(true, false), false),
        "StringNotLike" => (text(true, false), true),
        // The two behave alike. Source: IAM User Guide, "ARN condition operators".
        "ArnEquals" | "ArnLike" => (Comparison::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Comparison::Arn, true),
        "Bool" => (Comparison::Bool, false),
        "IpAddress" => (Comparison::Address, false),
        "NotIpAddress" => (Comparison::Address, true),
        _ => {
            if let Some(relation) = name.strip_prefix("Numeric") {
                let (relation, negated) = self::relation(relation)?;
                (Comparison::Number(relation), negated)
            } else {
                let (relation, negated) = self::relation(name.strip_prefix("Date")?)?;
                (Comparison::Date(relation), negated)
            }
        }
    })
}

fn relation(name: &str) -> Option<(Relation, bool)> {
    Some(match name {
        "Equals" => (Relation::Equal, false),
        "NotEquals" => (Relation::Equal, true),
        "LessThan" => (Relation::Less, false),
        "LessThanEquals" => (Relation::LessOrEqual, false),
        "GreaterThan" => (Relation::Greater, false),
        "GreaterThanEquals" => (Relation::GreaterOrEqual, false),
        _ => return None,
    })
}
