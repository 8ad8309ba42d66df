//! Who gets which role, by what was proven: pure, and in the operator's order.

mod condition;
mod tags;

use serde::Deserialize;
use serde_json::{Map, Value};

pub(crate) use condition::Condition;
pub(crate) use tags::{Tag, tags};

/// What was proven of somebody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proven<'a> {
    /// The kind of the proof.
    pub(crate) proof: &'a str,
    /// The operator's name for who vouches.
    pub(crate) source: &'a str,
    /// What they say of the person.
    pub(crate) claims: &'a Map<String, Value>,
}

/// A rule of the configuration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// Sources that it is about; all, if none is named.
    #[serde(default)]
    pub(crate) from: Vec<String>,
    /// Kinds of proof that it is about; all, if none is named.
    #[serde(default)]
    pub(crate) proofs: Vec<String>,
    /// All of these have to hold.
    #[serde(default)]
    pub(crate) when: Vec<Condition>,
    /// Whether whom it is about gets nothing.
    #[serde(default)]
    pub(crate) deny: bool,
    /// The ARN of the role that they get otherwise.
    #[serde(default)]
    pub(crate) role: Option<String>,
    /// For so long.
    #[serde(default = "an_hour")]
    pub(crate) seconds: i32,
    /// What of the role's permissions they get at most.
    #[serde(default)]
    pub(crate) session_policy: Option<Value>,
}

/// What STS gives where nothing is asked for.
fn an_hour() -> i32 {
    3_600
}

/// What somebody gets.
#[derive(Debug, PartialEq)]
pub(crate) struct Grant<'a> {
    /// The name of the rule.
    pub(crate) rule: &'a str,
    /// The ARN of the role.
    pub(crate) role: &'a str,
    pub(crate) seconds: i32,
    pub(crate) session_policy: Option<&'a Value>,
}

/// Why somebody gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial<'a> {
    /// The rule of this name says so.
    Denied(&'a str),
    /// No rule is about them.
    NoRule,
}

/// What whoever has proven that gets: nothing where a rule that denies is about them, wherever it stands; otherwise what the first rule
/// says that is about them.
pub(crate) fn decide<'a>(rules: &'a [Rule], proven: Proven<'_>) -> Result<Grant<'a>, Denial<'a>> {
    let about = |rule: &&Rule| rule.is_about(proven);
    if let Some(rule) = rules.iter().filter(|rule| rule.deny).find(about) {
        return Err(Denial::Denied(&rule.name));
    }
    let grant = |rule: &'a Rule| {
        Some(Grant {
            rule: &rule.name,
            role: rule.role.as_deref()?,
            seconds: rule.seconds,
            session_policy: rule.session_policy.as_ref(),
        })
    };
    let first = rules.iter().find(about);
    first.and_then(grant).ok_or(Denial::NoRule)
}

impl Rule {
    fn is_about(&self, proven: Proven<'_>) -> bool {
        let names = |list: &[String], word: &str| {
            list.is_empty() || list.iter().any(|listed| listed == word)
        };
        names(&self.from, proven.source)
            && names(&self.proofs, proven.proof)
            && self
                .when
                .iter()
                .all(|condition| condition.holds(proven.claims))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules() -> Vec<Rule> {
        let rules = json!([
            {"name": "operators", "from": ["acme"], "when": [{"claim": "groups", "contains": "operators"}],
             "role": "arn:operators", "seconds": 900, "sessionPolicy": {"Version": "2012-10-17"}},
            {"name": "devices", "proofs": ["device-key"], "role": "arn:devices"},
            {"name": "customers", "when": [{"claim": "tenant", "equals": "t-1"}, {"claim": "plan", "notEquals": "free"}],
             "role": "arn:customers"},
            {"name": "closed", "when": [{"claim": "tenant", "equals": "closed"}], "deny": true},
        ]);
        serde_json::from_value(rules).unwrap()
    }

    #[track_caller]
    fn check(proof: &str, source: &str, claims: Value, expected: Result<&str, Denial<'_>>) {
        let rules = rules();
        let claims = claims.as_object().unwrap();
        let proven = Proven {
            proof,
            source,
            claims,
        };
        let decided = decide(&rules, proven).map(|grant| grant.rule);
        assert_eq!(decided, expected, "{proof} {source} {claims:?}");
    }

    #[test]
    fn the_first_rule_counts_unless_one_denies() {
        let operator = json!({"groups": ["staff", "operators"], "tenant": "t-1", "plan": "pro"});
        check("oidc-id-token", "acme", operator.clone(), Ok("operators"));
        check("oidc-id-token", "other", operator, Ok("customers"));
        check("device-key", "device", json!({}), Ok("devices"));
        // Behind the others, and first all the same.
        let closed = json!({"groups": ["operators"], "tenant": "closed"});
        check(
            "oidc-id-token",
            "acme",
            closed.clone(),
            Err(Denial::Denied("closed")),
        );
        check(
            "device-key",
            "device",
            closed,
            Err(Denial::Denied("closed")),
        );
        check("backend-jwt", "shop", json!({}), Err(Denial::NoRule));
        check(
            "backend-jwt",
            "shop",
            json!({"tenant": "t-1"}),
            Err(Denial::NoRule),
        );
        let free = json!({"tenant": "t-1", "plan": "free"});
        check("backend-jwt", "shop", free, Err(Denial::NoRule));
    }

    #[test]
    fn a_grant_is_what_its_rule_says() {
        let rules = rules();
        let claims = json!({"groups": ["operators"]});
        let proven = Proven {
            proof: "oidc-id-token",
            source: "acme",
            claims: claims.as_object().unwrap(),
        };
        let expected = Grant {
            rule: "operators",
            role: "arn:operators",
            seconds: 900,
            session_policy: Some(&json!({"Version": "2012-10-17"})),
        };
        assert_eq!(decide(&rules, proven), Ok(expected));
    }

    #[test]
    fn without_rules_nobody_gets_anything() {
        let claims = Map::new();
        let proven = Proven {
            proof: "oidc-id-token",
            source: "acme",
            claims: &claims,
        };
        assert_eq!(decide(&[], proven), Err(Denial::NoRule));
    }
}
