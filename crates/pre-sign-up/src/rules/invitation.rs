use cognito_events::pre_sign_up::{Event, Response};
use time::OffsetDateTime;

use super::{Decision, Email, Refusal};
use crate::config::InvitationRules;
use crate::invitations::{Invitation, Redeemer, Redemption};

/// Under which name an app sends the code: in the validation data, which Cognito gives to this trigger alone, or in the client metadata,
/// which managed login and some SDKs support instead.
const CODE: &str = "inviteCode";

/// The rules on invitations.
pub(super) fn honoured(
    rules: &InvitationRules,
    event: &Event,
    email: &Email,
    invitation: Option<&Invitation>,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    if presented(event).is_none() {
        return if rules.required {
            Err(Refusal::InvitationMissing)
        } else {
            Ok(Decision::accept())
        };
    }
    let invitation = invitation.ok_or(Refusal::InvitationUnknown)?;
    not_expired(invitation, now)?;
    meant_for(invitation, email)?;
    let redeemer = redeemer(event, email)?;
    not_used_up(invitation, &redeemer)?;

    // Whoever holds a code that was sent to one address reads that address's mail; no other invitation proves that.
    let confirm = rules.confirm && invitation.email.is_some();
    Ok(Decision {
        response: Response {
            auto_confirm_user: confirm,
            auto_verify_email: confirm,
            auto_verify_phone: false,
        },
        redemption: Some(Redemption {
            code: invitation.code.clone(),
            redeemer,
            max_uses: invitation.max_uses,
        }),
    })
}

/// The code as it was sent, without blanks around it; a form field that was left empty is none.
pub(super) fn presented(event: &Event) -> Option<&str> {
    [
        &event.request.validation_data,
        &event.request.client_metadata,
    ]
    .into_iter()
    .filter_map(|sent| sent.get(CODE))
    .map(str::trim)
    .find(|code| !code.is_empty())
}

/// DynamoDB deletes expired items some days late, so their time is looked at here.
fn not_expired(invitation: &Invitation, now: OffsetDateTime) -> Result<(), Refusal> {
    match invitation.expires_at {
        Some(expires_at) if expires_at <= now.unix_timestamp() => Err(Refusal::InvitationExpired),
        Some(_) | None => Ok(()),
    }
}

fn meant_for(invitation: &Invitation, email: &Email) -> Result<(), Refusal> {
    let address = email.address();
    let address_fits = match &invitation.email {
        Some(bound) => address == Some(bound),
        None => true,
    };
    let domain_fits = match &invitation.domain {
        Some(bound) => address.is_some_and(|address| bound.covers(address.domain())),
        None => true,
    };
    if address_fits && domain_fits {
        Ok(())
    } else {
        Err(Refusal::InvitationForSomeoneElse)
    }
}

/// Whose use is noted: the address's, else the user name's, since where the address is the user name Cognito makes a new name for each
/// attempt. So in a pool where users may share an address, they share a use. A user without either could not be told from the next one.
fn redeemer(event: &Event, email: &Email) -> Result<Redeemer, Refusal> {
    let name = match email.address() {
        Some(address) => address.normalised(),
        None => event.user_name.as_str().to_lowercase(),
    };
    if name.is_empty() {
        return Err(Refusal::InvitationForSomeoneElse);
    }
    Ok(Redeemer::new(&event.user_pool_id, &name))
}

/// Who has used it already may come again: Cognito repeats events, and people their sign-ups.
fn not_used_up(invitation: &Invitation, redeemer: &Redeemer) -> Result<(), Refusal> {
    let uses_left = invitation.redeemed_by.len() < invitation.max_uses;
    if uses_left || invitation.redeemed_by.contains(redeemer) {
        Ok(())
    } else {
        Err(Refusal::InvitationUsedUp)
    }
}

#[cfg(test)]
mod tests {
    use cognito_events::pre_sign_up::Event;
    use serde_json::json;
    use time::OffsetDateTime;

    use super::{Decision, Refusal, honoured};
    use crate::config::InvitationRules;
    use crate::email_address::EmailAddress;
    use crate::invitations::{Invitation, InvitationCode, Redeemer, Redemption};
    use crate::rules::Email;

    const NOW: i64 = 1_800_000_000;
    const POOL: &str = "eu-central-1_Kx7QmT2Zd";

    fn rules(required: bool, confirm: bool) -> InvitationRules {
        InvitationRules {
            table: String::new(),
            required,
            confirm,
        }
    }

    fn invitation() -> Invitation {
        Invitation {
            code: InvitationCode::new("SPRING-7741").unwrap(),
            email: None,
            domain: None,
            max_uses: 1,
            expires_at: None,
            redeemed_by: vec![],
        }
    }

    fn bound_to(address: &str) -> Invitation {
        Invitation {
            email: EmailAddress::parse(address),
            ..invitation()
        }
    }

    fn sign_up(email: &str) -> Event {
        event(json!({
            "userAttributes": {"email": email},
            "validationData": {"inviteCode": "SPRING-7741"},
        }))
    }

    fn event(request: serde_json::Value) -> Event {
        serde_json::from_value(json!({
            "userPoolId": POOL,
            "userName": "Somebody",
            "request": request,
        }))
        .unwrap()
    }

    fn decide(
        rules: &InvitationRules,
        event: &Event,
        invitation: Option<&Invitation>,
    ) -> Result<Decision, Refusal> {
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        honoured(rules, event, &Email::of(event), invitation, now)
    }

    #[track_caller]
    fn check(case: &str, event: &Event, invitation: &Invitation, expected: Result<(), Refusal>) {
        let decision = decide(&rules(true, false), event, Some(invitation));
        assert_eq!(decision.map(|_| ()), expected, "{case}");
    }

    #[test]
    fn a_code_is_needed_or_not() {
        for (case, request, without_required, without_optional) in [
            (
                "no maps",
                json!({}),
                Err(Refusal::InvitationMissing),
                Ok(()),
            ),
            (
                "nulls",
                json!({"validationData": null, "clientMetadata": null}),
                Err(Refusal::InvitationMissing),
                Ok(()),
            ),
            (
                "blank",
                json!({"validationData": {"inviteCode": " \t"}, "clientMetadata": {"inviteCode": ""}}),
                Err(Refusal::InvitationMissing),
                Ok(()),
            ),
            (
                "in the validation data",
                json!({"validationData": {"inviteCode": "x"}}),
                Err(Refusal::InvitationUnknown),
                Err(Refusal::InvitationUnknown),
            ),
            (
                "in the client metadata",
                json!({"clientMetadata": {"inviteCode": "x"}}),
                Err(Refusal::InvitationUnknown),
                Err(Refusal::InvitationUnknown),
            ),
            (
                "blank in one, given in the other",
                json!({"validationData": {"inviteCode": ""}, "clientMetadata": {"inviteCode": "x"}}),
                Err(Refusal::InvitationUnknown),
                Err(Refusal::InvitationUnknown),
            ),
        ] {
            let event = event(request);
            for (required, expected) in [(true, without_required), (false, without_optional)] {
                let decision = decide(&rules(required, false), &event, None);
                assert_eq!(
                    decision.map(|_| ()),
                    expected,
                    "{case}, required: {required}"
                );
            }
        }
    }

    #[test]
    fn an_invitation_ends_when_its_time_has_come() {
        for (expires_at, expected) in [
            (None, Ok(())),
            (Some(NOW + 1), Ok(())),
            (Some(NOW), Err(Refusal::InvitationExpired)),
            (Some(NOW - 1), Err(Refusal::InvitationExpired)),
            (Some(0), Err(Refusal::InvitationExpired)),
        ] {
            let invitation = Invitation {
                expires_at,
                ..invitation()
            };
            let case = format!("expires at {expires_at:?}");
            check(&case, &sign_up("ines@example.org"), &invitation, expected);
        }
    }

    #[test]
    fn an_invitation_bound_to_an_address_is_for_that_address() {
        let invitation = bound_to("Ines@Example.org");
        let refused = Err(Refusal::InvitationForSomeoneElse);
        for (email, expected) in [
            ("ines@example.org", Ok(())),
            ("INES@EXAMPLE.ORG.", Ok(())),
            ("ines+1@example.org", refused),
            ("ines@mail.example.org", refused),
            ("\"ines@example.org\"@evil.example", refused),
            ("ıines@example.org", refused),
            ("not an address", refused),
            ("", refused),
        ] {
            check(email, &sign_up(email), &invitation, expected);
        }
        let kelvin = bound_to("kim@example.org");
        check(
            "the Kelvin sign",
            &sign_up("\u{212a}im@example.org"),
            &kelvin,
            refused,
        );
    }

    #[test]
    fn an_invitation_bound_to_a_domain_is_for_that_domain() {
        let invitation = Invitation {
            domain: Some("example.org".parse().unwrap()),
            ..invitation()
        };
        let refused = Err(Refusal::InvitationForSomeoneElse);
        for (email, expected) in [
            ("ines@example.org", Ok(())),
            ("ines@mail.example.org", Ok(())),
            ("ines@badexample.org", refused),
            ("", refused),
        ] {
            check(email, &sign_up(email), &invitation, expected);
        }
    }

    #[test]
    fn an_invitation_has_as_many_uses_as_it_says() {
        let redeemed_by = |names: &[&str]| {
            let names = names.iter();
            names.map(|name| Redeemer::new(POOL, name)).collect()
        };
        for (case, max_uses, redeemed_by, expected) in [
            ("fresh", 1, redeemed_by(&[]), Ok(())),
            (
                "used by another",
                1,
                redeemed_by(&["kim@example.org"]),
                Err(Refusal::InvitationUsedUp),
            ),
            (
                "used by the same",
                1,
                redeemed_by(&["ines@example.org"]),
                Ok(()),
            ),
            ("one use left", 2, redeemed_by(&["kim@example.org"]), Ok(())),
            (
                "none left, and used by the same",
                2,
                redeemed_by(&["kim@example.org", "ines@example.org"]),
                Ok(()),
            ),
            (
                "none at all",
                0,
                redeemed_by(&[]),
                Err(Refusal::InvitationUsedUp),
            ),
        ] {
            let invitation = Invitation {
                max_uses,
                redeemed_by,
                ..invitation()
            };
            check(case, &sign_up("Ines@example.org"), &invitation, expected);
        }
    }

    #[test]
    fn a_use_is_noted_for_the_address_or_else_the_user_name() {
        let code = json!({"inviteCode": "SPRING-7741"});
        for (event, name) in [
            (sign_up("Ines@Example.org."), "ines@example.org"),
            (event(json!({"validationData": code})), "somebody"),
        ] {
            let expected = Redemption {
                code: InvitationCode::new("SPRING-7741").unwrap(),
                redeemer: Redeemer::new(POOL, name),
                max_uses: 1,
            };
            let decision = decide(&rules(true, false), &event, Some(&invitation())).unwrap();
            assert_eq!(decision.redemption, Some(expected), "{name}");
        }
    }

    #[test]
    fn somebody_without_address_and_name_uses_no_invitation() {
        let nobody: Event = serde_json::from_value(json!({
            "request": {"validationData": {"inviteCode": "SPRING-7741"}},
        }))
        .unwrap();
        let refused = Err(Refusal::InvitationForSomeoneElse);
        check("nobody", &nobody, &invitation(), refused);
    }

    #[test]
    fn only_an_invitation_to_that_address_confirms_and_only_if_configured() {
        let to_address = bound_to("ines@example.org");
        let to_domain = Invitation {
            domain: Some("example.org".parse().unwrap()),
            ..invitation()
        };
        let event = event(json!({
            "userAttributes": {"email": "ines@example.org", "email_verified": "true", "phone_number": "+491700000000"},
            "validationData": {"inviteCode": "SPRING-7741", "autoConfirmUser": "true"},
        }));
        for (case, confirm, invitation, expected) in [
            ("to the address", true, &to_address, true),
            ("not configured", false, &to_address, false),
            ("to the domain", true, &to_domain, false),
            ("to nobody", true, &invitation(), false),
        ] {
            let decision = decide(&rules(true, confirm), &event, Some(invitation)).unwrap();
            let response = decision.response;
            assert_eq!(response.auto_confirm_user, expected, "{case}");
            assert_eq!(response.auto_verify_email, expected, "{case}");
            assert!(!response.auto_verify_phone, "{case}");
        }
    }
}
