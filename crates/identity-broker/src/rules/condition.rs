use serde::Deserialize;
use serde_json::{Map, Value};

/// What a rule wants of one claim.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Condition {
    claim: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    /// The claim is that value.
    Equals(Value),
    /// The claim is there, and is not that value.
    NotEquals(Value),
    /// The claim is a list with that text in it.
    Contains(String),
    /// The claim is a text that begins so.
    StartsWith(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    claim: String,
    equals: Option<Value>,
    not_equals: Option<Value>,
    contains: Option<String>,
    starts_with: Option<String>,
}

impl TryFrom<Written> for Condition {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let tests = [
            written.equals.map(Test::Equals),
            written.not_equals.map(Test::NotEquals),
            written.contains.map(Test::Contains),
            written.starts_with.map(Test::StartsWith),
        ];
        let mut tests = tests.into_iter().flatten();
        match (tests.next(), tests.next()) {
            (Some(test), None) => Ok(Self {
                claim: written.claim,
                test,
            }),
            _ => Err("expected one of `equals`, `notEquals`, `contains`, `startsWith` for a claim"),
        }
    }
}

impl Condition {
    /// Whether it holds. Nothing holds of a claim that is not there: what nobody says is nothing to build a right on.
    pub(super) fn holds(&self, claims: &Map<String, Value>) -> bool {
        let Some(claim) = claims.get(&self.claim) else {
            return false;
        };
        match &self.test {
            Test::Equals(value) => claim == value,
            Test::NotEquals(value) => claim != value,
            Test::Contains(text) => {
                let list = claim.as_array();
                list.is_some_and(|list| list.iter().any(|part| part.as_str() == Some(text)))
            }
            Test::StartsWith(text) => claim.as_str().is_some_and(|claim| claim.starts_with(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(condition: Value, expected: bool) {
        let claims = json!({
            "tenant": "t-1", "groups": ["ops", "staff"], "level": 3, "verified": true, "list": "ops",
        });
        let read: Condition = serde_json::from_value(condition.clone()).unwrap();
        assert_eq!(
            read.holds(claims.as_object().unwrap()),
            expected,
            "{condition}"
        );
    }

    #[test]
    fn a_condition_is_about_one_claim_as_it_is() {
        for (condition, expected) in [
            (json!({"claim": "tenant", "equals": "t-1"}), true),
            (json!({"claim": "tenant", "equals": "T-1"}), false),
            (json!({"claim": "level", "equals": 3}), true),
            (json!({"claim": "level", "equals": "3"}), false),
            (json!({"claim": "verified", "equals": true}), true),
            (json!({"claim": "tenant", "notEquals": "t-2"}), true),
            (json!({"claim": "tenant", "notEquals": "t-1"}), false),
            (json!({"claim": "groups", "contains": "ops"}), true),
            (json!({"claim": "groups", "contains": "op"}), false),
            (json!({"claim": "list", "contains": "ops"}), false),
            (json!({"claim": "tenant", "startsWith": "t-"}), true),
            (json!({"claim": "groups", "startsWith": "o"}), false),
            // Of what is not there nothing holds, not even that it is not something.
            (json!({"claim": "plan", "notEquals": "free"}), false),
            (json!({"claim": "plan", "startsWith": ""}), false),
        ] {
            check(condition, expected);
        }
    }

    #[test]
    fn what_could_mean_two_things_is_no_condition() {
        for condition in [
            json!({"claim": "a"}),
            json!({"claim": "a", "equals": "b", "startsWith": "c"}),
            json!({"claim": "a", "Equals": "b"}),
            json!({"equals": "b"}),
        ] {
            let read: Result<Condition, _> = serde_json::from_value(condition.clone());
            assert!(read.is_err(), "{condition}");
        }
    }
}
