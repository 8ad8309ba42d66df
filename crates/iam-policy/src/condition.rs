//! One line of a statement's `Condition`: an operator, a key, and the values to compare with.

mod address;
mod operand;
mod operator;

use serde_json::Value;

use self::operand::Operands;
use self::operator::{Operator, Quantifier, Test};
use crate::context::Context;
use crate::document::Unsupported;
use crate::keys;

#[derive(Debug, Clone)]
pub(crate) struct Condition {
    key: String,
    quantifier: Option<Quantifier>,
    if_exists: bool,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// Whether the key is to be absent.
    Null(bool),
    Compare {
        negated: bool,
        operands: Operands,
    },
}

impl Condition {
    /// Every condition of a block; all of them have to hold.
    pub(crate) fn parse_all(block: &Value, place: &str) -> Result<Vec<Self>, Unsupported> {
        let Value::Object(operators) = block else {
            return Err(Unsupported::at(place, "expected an object"));
        };
        let mut conditions = Vec::new();
        for (name, keys) in operators {
            let place = format!("{place}.{name}");
            let operator = Operator::parse(name, &place)?;
            let Value::Object(keys) = keys else {
                return Err(Unsupported::at(&place, "expected an object"));
            };
            for (key, values) in keys {
                conditions.push(Self::parse(&operator, key, values, &place)?);
            }
        }
        Ok(conditions)
    }

    fn parse(
        operator: &Operator,
        key: &str,
        values: &Value,
        place: &str,
    ) -> Result<Self, Unsupported> {
        let place = format!("{place}.{key}");
        let key = keys::parse(key, &place)?;
        let values = operand::texts(values, &place)?;
        let is_null = matches!(operator.test, Test::Null);
        if keys::is_multi_valued(&key) && operator.quantifier.is_none() && !is_null {
            // AWS leaves open what such a condition means. Source: IAM User Guide, "Set operators for multivalued context keys".
            let what = "a key with several values needs ForAnyValue: or ForAllValues:";
            return Err(Unsupported::at(&place, what));
        }
        let kind = match &operator.test {
            Test::Null => match values.as_slice() {
                [one] if one == "true" => Kind::Null(true),
                [one] if one == "false" => Kind::Null(false),
                _ => return Err(Unsupported::at(&place, "expected true or false")),
            },
            Test::Compare(comparison, negated) => Kind::Compare {
                negated: *negated,
                operands: Operands::parse(*comparison, &values, &place)?,
            },
        };
        Ok(Self {
            key,
            quantifier: operator.quantifier,
            if_exists: operator.if_exists,
            kind,
        })
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let of_values = match &self.kind {
            Kind::Null(_) => None,
            Kind::Compare { operands, .. } => Some(operands.keys()),
        };
        std::iter::once(self.key.as_str()).chain(of_values.into_iter().flatten())
    }

    /// Whether it holds for a request; `None` where a variable in it has no value.
    ///
    /// Source: IAM User Guide, "Condition operators" and "Set operators for multivalued context keys".
    pub(crate) fn holds(&self, context: &Context) -> Option<bool> {
        let found = context.values(&self.key);
        let (negated, operands) = match &self.kind {
            Kind::Null(absent) => {
                return Some(found.is_none_or(<[String]>::is_empty) == *absent);
            }
            Kind::Compare { negated, operands } => (*negated, operands.resolve(context)?),
        };
        let Some(values) = found else {
            // Without the key, nothing is equal to it, and everything differs from it.
            let all = self.quantifier == Some(Quantifier::All);
            let any = self.quantifier == Some(Quantifier::Any);
            return Some(self.if_exists || all || (negated && !any));
        };
        // A value that is not of the operator's type is neither equal nor different.
        let passes = |value: &String| operands.contain(value).is_some_and(|is| is != negated);
        Some(match self.quantifier {
            Some(Quantifier::All) => values.iter().all(passes),
            Some(Quantifier::Any) => values.iter().any(passes),
            None => matches!(values, [value] if passes(value)),
        })
    }
}
