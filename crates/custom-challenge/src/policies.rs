//! The policy that a sign-in has to meet: the app client's own, from its table, or the one of the configuration.

use std::collections::HashMap;

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use user_groups::{GroupsError, UserGroups};

use crate::policy::{Rule, Steps, first_for};
use crate::redirect::Redirect;
use crate::user::User;

/// The table of challenge policies, with the policy for app clients that are not in it.
///
/// The partition key is `client`, an app client's id. `rules` (L of M, the first that is for the user counts): `groups` (SS or L of S; for
/// everybody if absent) and `steps` (L of S, such as `password` and `email-code|totp`). `redirects` (SS or L of S): the pages that links of
/// this app client may lead to, instead of those of the configuration. Either may be absent.
#[derive(Debug, Clone)]
pub(crate) struct Policies {
    client: Client,
    table: String,
    user_groups: UserGroups,
    general: Option<Steps>,
}

/// What holds for one sign-in.
pub(crate) struct Policy {
    /// None where no rule is for the user, who then cannot sign in this way.
    pub(crate) steps: Option<Steps>,
    /// The app client's own, if it has its own.
    pub(crate) redirects: Option<Vec<Redirect>>,
}

impl Policies {
    /// The table of that name, with the configuration's policy, and the user pool that events come from.
    pub(crate) fn new(
        client: Client,
        user_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        table: &str,
        general: Option<&Steps>,
    ) -> Self {
        Self {
            client,
            table: table.to_owned(),
            user_groups: UserGroups::new(user_pools),
            general: general.cloned(),
        }
    }

    /// The user's policy at this app client. The user's groups are asked for where a rule names groups, for whomever it is.
    pub(crate) async fn of(
        &self,
        client_id: &str,
        user: &User<'_>,
    ) -> Result<Policy, PoliciesError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("client", AttributeValue::S(client_id.to_owned()))
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await;
        let found = found.map_err(|error| PoliciesError::Read(error.into()))?;
        let mut item = found.item.unwrap_or_default();
        let redirects = match item.remove("redirects") {
            None => None,
            Some(redirects) => Some(pages(&redirects)?),
        };
        let steps = match item.remove("rules") {
            None => self.general.clone(),
            Some(rules) => {
                let rules = rules_of(&rules)?;
                let groups = if rules.iter().any(|rule| !rule.groups.is_empty()) {
                    let groups = self.user_groups.of(user.pool_id, user.name);
                    groups.await?.unwrap_or_default()
                } else {
                    Vec::new()
                };
                first_for(&rules, &groups).cloned()
            }
        };
        Ok(Policy { steps, redirects })
    }
}

fn pages(value: &AttributeValue) -> Result<Vec<Redirect>, PoliciesError> {
    let malformed = PoliciesError::Malformed("redirects");
    let pages = texts(value).and_then(|texts| {
        let pages = texts.iter().map(|text| text.parse().ok());
        pages.collect()
    });
    pages.ok_or(malformed)
}

fn rules_of(value: &AttributeValue) -> Result<Vec<Rule>, PoliciesError> {
    let rules = value.as_l().ok().and_then(|rules| {
        let rules = rules.iter().map(|rule| rule_of(rule.as_m().ok()?));
        rules.collect()
    });
    rules.ok_or(PoliciesError::Malformed("rules"))
}

fn rule_of(rule: &HashMap<String, AttributeValue>) -> Option<Rule> {
    let groups = match rule.get("groups") {
        None => Vec::new(),
        // A rule for no group would be one for everybody.
        Some(groups) => texts(groups).filter(|groups| !groups.is_empty())?,
    };
    let is_known = |name: &&String| matches!(&***name, "groups" | "steps");
    let steps = texts(rule.get("steps").filter(|steps| steps.is_l())?)?;
    if rule.keys().filter(is_known).count() < rule.len() {
        return None;
    }
    Some(Rule {
        groups,
        steps: steps.join(",").parse().ok()?,
    })
}

fn texts(value: &AttributeValue) -> Option<Vec<String>> {
    match value {
        AttributeValue::Ss(texts) => Some(texts.clone()),
        AttributeValue::L(values) => {
            let texts = values.iter().map(|value| value.as_s().ok().cloned());
            texts.collect()
        }
        _ => None,
    }
}

/// Why there is no telling what a sign-in has to meet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PoliciesError {
    /// The table did not answer, or answered with an error.
    #[error("failed to read the challenge policy")]
    Read(#[source] CallError),
    /// The item is not a policy; someone has to correct it.
    #[error("failed to understand the challenge policy: `{0}` is not in order")]
    Malformed(&'static str),
    /// The user's groups are not known.
    #[error(transparent)]
    Groups(#[from] GroupsError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> AttributeValue {
        let texts = texts
            .iter()
            .map(|text| AttributeValue::S((*text).to_owned()));
        AttributeValue::L(texts.collect())
    }

    fn rule(members: &[(&str, AttributeValue)]) -> AttributeValue {
        let members = members.iter().cloned();
        AttributeValue::M(
            members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    #[test]
    fn rules_are_read_in_their_order() {
        let staff = AttributeValue::Ss(vec!["staff".to_owned()]);
        let rules = AttributeValue::L(vec![
            rule(&[
                ("groups", staff),
                ("steps", list(&["password", "totp|recovery-code"])),
            ]),
            rule(&[("steps", list(&["email-code"]))]),
        ]);
        let expected = [
            Rule {
                groups: vec!["staff".to_owned()],
                steps: "password,totp|recovery-code".parse().unwrap(),
            },
            Rule {
                groups: Vec::new(),
                steps: "email-code".parse().unwrap(),
            },
        ];
        assert_eq!(rules_of(&rules).unwrap(), expected);
    }

    #[test]
    fn what_could_let_more_in_than_was_meant_is_an_error() {
        let steps = || ("steps", list(&["email-code"]));
        let text = AttributeValue::S("email-code".to_owned());
        for (case, rules) in [
            ("no list", rule(&[steps()])),
            ("no map", list(&["email-code"])),
            ("no steps", AttributeValue::L(vec![rule(&[])])),
            (
                "steps as a text",
                AttributeValue::L(vec![rule(&[("steps", text.clone())])]),
            ),
            (
                "steps as a set",
                AttributeValue::L(vec![rule(&[(
                    "steps",
                    AttributeValue::Ss(vec!["totp".to_owned()]),
                )])]),
            ),
            (
                "an empty step",
                AttributeValue::L(vec![rule(&[("steps", list(&[]))])]),
            ),
            (
                "an unknown kind",
                AttributeValue::L(vec![rule(&[("steps", list(&["passkey"]))])]),
            ),
            (
                "no groups",
                AttributeValue::L(vec![rule(&[("groups", list(&[])), steps()])]),
            ),
            (
                "groups as a text",
                AttributeValue::L(vec![rule(&[("groups", text), steps()])]),
            ),
            (
                "a misspelt name",
                AttributeValue::L(vec![rule(&[("group", list(&["staff"])), steps()])]),
            ),
        ] {
            assert!(rules_of(&rules).is_err(), "{case}");
        }
        assert!(pages(&list(&["https://app.example.com/sign-in"])).is_ok());
        assert!(pages(&list(&["http://app.example.com/"])).is_err());
    }
}
