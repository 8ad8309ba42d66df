//! Which groups a confirmed user gets, and by which rule.

use cognito_events::is_group_name;
use cognito_events::post_confirmation::Event;
use email_address::EmailAddress;

/// The rules that an event can fall under, by their keys in the table of default groups.
pub(crate) fn keys(event: &Event) -> Vec<String> {
    let mut keys = vec!["everyone".to_owned()];
    // An administrator confirms through no app client.
    if let Some(client_id) = &event.caller_context.client_id {
        keys.push(format!("client#{client_id}"));
    }
    if let Some(address) = verified_address(event) {
        let domains = address.domain().self_and_parents().take(MAX_DOMAINS);
        keys.extend(domains.map(|domain| format!("domain#{domain}")));
    }
    keys
}

/// A domain of more labels has only the rules of the longest of its parents: a request to DynamoDB names at most 100 keys.
const MAX_DOMAINS: usize = 32;

/// The address that Cognito has verified. One that a user states proves no domain; nor does one that another identity provider states,
/// whose `email_verified` is the provider's word.
fn verified_address(event: &Event) -> Option<EmailAddress> {
    let attributes = &event.request.user_attributes;
    let is_federated = attributes.get("identities").is_some()
        || attributes.get("cognito:user_status") == Some("EXTERNAL_PROVIDER");
    if is_federated || attributes.get("email_verified") != Some("true") {
        return None;
    }
    EmailAddress::parse(attributes.get("email")?)
}

/// A group that a user gets, and the rule that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) group: String,
    pub(crate) rule: String,
}

/// The groups that are given, each once and by the first rule that names it; and those that are left out, since no group can be named so.
pub(crate) fn decide(given: Vec<Grant>) -> (Vec<Grant>, Vec<Grant>) {
    let (mut grants, mut left_out) = (Vec::<Grant>::new(), Vec::new());
    for grant in given {
        if !is_group_name(&grant.group) {
            left_out.push(grant);
        } else if !grants.iter().any(|other| other.group == grant.group) {
            grants.push(grant);
        }
    }
    (grants, left_out)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check_keys(case: &str, client_id: Value, attributes: Value, expected: &[&str]) {
        let event: Event = serde_json::from_value(json!({
            "callerContext": {"clientId": client_id},
            "request": {"userAttributes": attributes},
        }))
        .unwrap();
        assert_eq!(keys(&event), expected, "{case}");
    }

    #[test]
    fn only_what_is_certain_chooses_a_rule() {
        let deep = format!("ines@{}example.org", "a.".repeat(60));
        let verified = |email: &str| json!({"email": email, "email_verified": "true"});
        check_keys(
            "a verified address",
            json!("web"),
            verified("Ines@Mail.Example.ORG"),
            &[
                "everyone",
                "client#web",
                "domain#mail.example.org",
                "domain#example.org",
                "domain#org",
            ],
        );
        let by_nobody_but_the_client = &["everyone", "client#web"];
        for (case, attributes) in [
            (
                "an address that is not verified",
                json!({"email": "ines@example.org", "email_verified": "false"}),
            ),
            (
                "an address that nothing is said about",
                json!({"email": "ines@example.org"}),
            ),
            ("a verified nothing", json!({"email_verified": "true"})),
            (
                "what is no address",
                verified("ines@evil.example@example.org"),
            ),
            (
                "what a provider calls verified",
                json!({"email": "ines@example.org", "email_verified": "true", "cognito:user_status": "EXTERNAL_PROVIDER"}),
            ),
            (
                "the same, of a linked user",
                json!({"email": "ines@example.org", "email_verified": "true", "identities": "[]"}),
            ),
            ("no attributes", json!({})),
        ] {
            check_keys(case, json!("web"), attributes, by_nobody_but_the_client);
        }
        check_keys(
            "an administrator",
            Value::Null,
            json!({"email": "ines@example.org"}),
            &["everyone"],
        );

        let event: Event = serde_json::from_value(json!({
            "request": {"userAttributes": verified(&deep)},
        }))
        .unwrap();
        assert_eq!(keys(&event).len(), 1 + MAX_DOMAINS);
    }

    #[test]
    fn each_group_is_given_once_and_only_if_it_can_be_one() {
        let grant = |group: &str, rule: &str| Grant {
            group: group.to_owned(),
            rule: rule.to_owned(),
        };
        let long = "x".repeat(129);
        let (grants, left_out) = decide(vec![
            grant("members", "everyone"),
            grant("editors", "client#web"),
            grant("members", "client#web"),
            grant("two words", "everyone"),
            grant("", "everyone"),
            grant(&long, "invitation"),
            grant("Gäste", "invitation"),
        ]);
        assert_eq!(
            grants,
            [
                grant("members", "everyone"),
                grant("editors", "client#web"),
                grant("Gäste", "invitation"),
            ]
        );
        assert_eq!(
            left_out,
            [
                grant("two words", "everyone"),
                grant("", "everyone"),
                grant(&long, "invitation"),
            ]
        );
    }
}
