use std::collections::BTreeSet;

use admission::{Block, Policy, Refusal, Subject, not_blocked};
use cognito_events::pre_token_generation::Event;

use super::is_machine_client;

/// Whether anybody may have these tokens: the rules of pre authentication, which runs for few of the ways to a token.
///
/// Groups that a block lets through are the pool's own, before a membership or a provider adds any.
pub(crate) fn admitted(policy: &Policy, event: &Event, blocks: &[Block]) -> Result<(), Refusal> {
    not_blocked(
        blocks,
        &event.request.group_configuration.groups_to_override,
    )?;
    if is_machine_client(event) {
        return Ok(());
    }
    let attributes = &event.request.user_attributes;
    policy.domain_welcome(attributes.get("email"))?;
    policy.address_verified(attributes)
}

/// Whose blocks count for these tokens; `None` when the event does not say which user they are for.
pub(crate) fn subjects(event: &Event) -> Option<BTreeSet<Subject>> {
    let client = event.caller_context.client_id.as_deref();
    let client = client.and_then(Subject::client);
    let mut subjects: BTreeSet<_> = [Subject::Pool].into_iter().chain(client).collect();
    if is_machine_client(event) {
        return Some(subjects);
    }
    let attributes = &event.request.user_attributes;
    subjects.insert(attributes.get("sub").and_then(Subject::user)?);
    let addresses = ["email", "phone_number"].map(|name| attributes.get(name));
    let addresses = addresses.into_iter().flatten();
    let named = addresses.chain([event.user_name.as_str()]);
    subjects.extend(named.flat_map(Subject::of_address));
    Some(subjects)
}

#[cfg(test)]
mod tests {
    use admission::VerifiedAddress;
    use cognito_events::pre_token_generation::TriggerSource;

    use super::*;
    use crate::rules::tests::{texts, user_event};

    fn block(subject: Subject, groups: &[&str]) -> Block {
        Block {
            subject,
            except_groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    fn strict() -> Policy {
        Policy {
            allowed_domains: vec!["example.org".parse().unwrap()],
            verified_address: VerifiedAddress::Email,
            ..Policy::default()
        }
    }

    fn user(email: &str, verified: &str) -> Event {
        let mut event = user_event("3");
        event.request.user_attributes = [
            ("sub", "u-1"),
            ("email", email),
            ("email_verified", verified),
        ]
        .into();
        event.request.group_configuration.groups_to_override = texts(&["staff"]);
        event.caller_context.client_id = Some("c-1".to_owned());
        event
    }

    #[test]
    fn every_way_to_a_token_passes_the_same_rules() {
        use TriggerSource::*;
        for source in [
            Authentication,
            HostedAuth,
            NewPasswordChallenge,
            AuthenticateDevice,
            RefreshTokens,
            Unknown("TokenGeneration_Later".to_owned()),
        ] {
            for (email, verified, groups, expected) in [
                ("ines@example.org", "true", None, Ok(())),
                ("ines@example.org", "true", Some(&["staff"][..]), Ok(())),
                (
                    "ines@example.org",
                    "true",
                    Some(&["admins"]),
                    Err(Refusal::UserBlocked),
                ),
                (
                    "ines@example.org",
                    "false",
                    None,
                    Err(Refusal::AddressUnverified),
                ),
                (
                    "ines@example.com",
                    "true",
                    None,
                    Err(Refusal::DomainNotAllowed),
                ),
                ("", "true", None, Err(Refusal::EmailMissing)),
            ] {
                let mut event = user(email, verified);
                event.trigger_source = source.clone();
                let user = Subject::user("u-1").unwrap();
                let blocks: Vec<_> = groups
                    .iter()
                    .map(|groups| block(user.clone(), groups))
                    .collect();
                assert_eq!(
                    admitted(&strict(), &event, &blocks),
                    expected,
                    "{source:?} {email}"
                );
            }
        }
    }

    #[test]
    fn a_machine_client_has_no_address_and_no_groups() {
        let mut event = user_event("3");
        event.trigger_source = TriggerSource::ClientCredentials;
        event.request.user_attributes = Default::default();
        assert_eq!(admitted(&strict(), &event, &[]), Ok(()));
        let closed = [block(Subject::Pool, &["admins"])];
        assert_eq!(
            admitted(&strict(), &event, &closed),
            Err(Refusal::PoolBlocked)
        );
    }

    #[test]
    fn everything_that_names_the_user_is_looked_up() {
        let mut event = user("ines@example.org", "true");
        event.user_name = "Ines@Example.com".into();
        let mut expected: BTreeSet<_> = [
            Some(Subject::Pool),
            Subject::client("c-1"),
            Subject::user("u-1"),
        ]
        .into_iter()
        .flatten()
        .collect();
        expected.extend(Subject::of_address("ines@example.org"));
        expected.extend(Subject::of_address("ines@example.com"));
        assert_eq!(subjects(&event), Some(expected));

        event.request.user_attributes = [("email", "ines@example.org")].into();
        assert_eq!(subjects(&event), None, "nobody");

        event.trigger_source = TriggerSource::ClientCredentials;
        let machine = [Subject::Pool, Subject::client("c-1").unwrap()];
        assert_eq!(subjects(&event), Some(machine.into()));
    }
}
