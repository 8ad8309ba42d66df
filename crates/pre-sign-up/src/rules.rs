mod domains;
mod invitation;

use cognito_events::pre_sign_up::{Event, Response, TriggerSource};
use time::OffsetDateTime;

use crate::config::{Config, FederatedSignUp};
use email_address::EmailAddress;
use invitations::{Invitation, InvitationCode, Redemption};

/// Decides on one event. `invitation` is what the table holds under the [`wanted_code`].
pub(crate) fn decide(
    config: &Config,
    event: &Event,
    invitation: Option<&Invitation>,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    match Origin::of(event) {
        Origin::Administrator => Ok(Decision::accept("Administrator")),
        Origin::ExistingUser => Ok(Decision::accept("ExistingUser")),
        Origin::Federation => {
            federation_open(config)?;
            domains::allowed(config, &Email::of(event))?;
            Ok(Decision::accept("DomainRules"))
        }
        Origin::Stranger => {
            let email = Email::of(event);
            domains::allowed(config, &email)?;
            match &config.invitations {
                Some(rules) => invitation::honoured(rules, event, &email, invitation, now),
                None => Ok(Decision::accept("DomainRules")),
            }
        }
    }
}

/// The code of the invitation that the decision depends on: none where no invitation can help or is asked for.
pub(crate) fn wanted_code(config: &Config, event: &Event) -> Option<InvitationCode> {
    config.invitations.as_ref()?;
    match Origin::of(event) {
        Origin::Administrator | Origin::ExistingUser | Origin::Federation => None,
        Origin::Stranger => {
            domains::allowed(config, &Email::of(event)).ok()?;
            InvitationCode::new(invitation::presented(event)?)
        }
    }
}

/// What Cognito is answered, and what must be noted before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The rule that let the user in.
    pub(crate) reason: &'static str,
    pub(crate) response: Response,
    pub(crate) redemption: Option<Redemption>,
}

impl Decision {
    /// The user may be created, and nothing more.
    fn accept(reason: &'static str) -> Self {
        Self {
            reason,
            response: Response::default(),
            redemption: None,
        }
    }
}

/// Why a sign-up is refused. The texts are for the person who signs up; all that an invitation can lack has one, so that nobody learns
/// about invitations by trying codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Only some domains may sign up, and there is no address.
    #[error("An e-mail address is needed to sign up")]
    EmailMissing,
    /// There is a rule on domains, and the address has none that can be read.
    #[error("This e-mail address is not valid")]
    EmailUnreadable,
    /// `DENIED_DOMAINS` covers the domain.
    #[error("This e-mail address cannot be used to sign up, please use another one")]
    DomainDenied,
    /// `ALLOWED_DOMAINS` does not cover the domain.
    #[error("This e-mail address cannot be used to sign up, please use another one")]
    DomainNotAllowed,
    /// The domain gives out addresses to be thrown away.
    #[error("Disposable e-mail addresses cannot be used to sign up, please use another one")]
    DomainDisposable,
    /// `FEDERATED_SIGN_UP` is `refuse`.
    #[error("Signing up through another provider is not possible here")]
    FederationClosed,
    /// Nobody signs up without an invitation.
    #[error("An invitation is needed to sign up")]
    InvitationMissing,
    /// The table does not have it.
    #[error("This invitation cannot be used")]
    InvitationUnknown,
    /// Its time is over.
    #[error("This invitation cannot be used")]
    InvitationExpired,
    /// It is bound to another address or domain.
    #[error("This invitation cannot be used")]
    InvitationForSomeoneElse,
    /// Others have used it as often as it may be.
    #[error("This invitation cannot be used")]
    InvitationUsedUp,
}

/// Who stands behind an event.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    /// An administrator creates a user, and has decided already.
    Administrator,
    /// The user record was there before: one that is being migrated, for instance.
    ExistingUser,
    /// Another identity provider knows the person; we do not yet.
    Federation,
    /// Somebody whom nobody vouches for. A trigger source that this version does not know counts as that.
    Stranger,
}

impl Origin {
    fn of(event: &Event) -> Self {
        if has_record(event) {
            return Self::ExistingUser;
        }
        match &event.trigger_source {
            TriggerSource::AdminCreateUser => Self::Administrator,
            TriggerSource::ExternalProvider => Self::Federation,
            // No such source is documented; a stranger could not come by one that is named so.
            TriggerSource::Unknown(source) if source.contains("Migration") => Self::ExistingUser,
            TriggerSource::SignUp | TriggerSource::Unknown(_) => Self::Stranger,
        }
    }
}

/// Whether Cognito names the status of a user record that a migration or an administrator made.
///
/// A client cannot set attributes under `cognito:`. The statuses of somebody's own sign-up, `UNCONFIRMED` and `EXTERNAL_PROVIDER`, do not
/// count: should Cognito ever send them along with one, its rules hold all the same.
fn has_record(event: &Event) -> bool {
    let status = event.request.user_attributes.get("cognito:user_status");
    matches!(
        status,
        Some("CONFIRMED" | "RESET_REQUIRED" | "FORCE_CHANGE_PASSWORD")
    )
}

fn federation_open(config: &Config) -> Result<(), Refusal> {
    match config.federated_sign_up {
        FederatedSignUp::DomainRules => Ok(()),
        FederatedSignUp::Refuse => Err(Refusal::FederationClosed),
    }
}

/// The e-mail address that the new user would have.
#[derive(Debug)]
enum Email {
    Missing,
    Unreadable,
    Address(EmailAddress),
}

impl Email {
    fn of(event: &Event) -> Self {
        match event.request.user_attributes.get("email") {
            None | Some("") => Self::Missing,
            Some(text) => EmailAddress::parse(text).map_or(Self::Unreadable, Self::Address),
        }
    }

    fn address(&self) -> Option<&EmailAddress> {
        match self {
            Self::Missing | Self::Unreadable => None,
            Self::Address(address) => Some(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use cognito_events::pre_sign_up::{Event, Response};
    use entrypoint::Env;
    use serde_json::json;
    use time::OffsetDateTime;

    use super::{Refusal, decide, wanted_code};
    use crate::config::Config;

    const STRICT: [(&str, &str); 3] = [
        ("ALLOWED_DOMAINS", "example.com"),
        ("INVITATIONS", "required"),
        ("INVITATIONS_TABLE", "invitations"),
    ];

    fn event(source: &str, attributes: &serde_json::Value) -> Event {
        serde_json::from_value(json!({
            "triggerSource": source,
            "userPoolId": "eu-central-1_Kx7QmT2Zd",
            "userName": "somebody",
            "request": {"userAttributes": attributes, "validationData": {"inviteCode": "SPRING-7741"}},
        }))
        .unwrap()
    }

    #[track_caller]
    fn check(case: &str, config: &Config, event: &Event, expected: Result<(), Refusal>) {
        let decision = decide(config, event, None, OffsetDateTime::UNIX_EPOCH);
        let response = decision.map(|decision| decision.response);
        assert_eq!(response, expected.map(|()| Response::default()), "{case}");
    }

    #[test]
    fn every_source_has_its_answer() {
        let config = Config::from_env(Env::of_pairs(STRICT)).unwrap();
        let outside = json!({"email": "ines@example.org"});
        let inside = json!({"email": "ines@example.com"});
        for (source, email, expected) in [
            ("PreSignUp_SignUp", &outside, Err(Refusal::DomainNotAllowed)),
            ("PreSignUp_SignUp", &inside, Err(Refusal::InvitationUnknown)),
            ("PreSignUp_AdminCreateUser", &outside, Ok(())),
            (
                "PreSignUp_ExternalProvider",
                &inside,
                Err(Refusal::FederationClosed),
            ),
            ("PreSignUp_UserMigration", &outside, Ok(())),
            (
                "PreSignUp_Somehow",
                &outside,
                Err(Refusal::DomainNotAllowed),
            ),
            (
                "PreSignUp_Somehow",
                &inside,
                Err(Refusal::InvitationUnknown),
            ),
            ("", &inside, Err(Refusal::InvitationUnknown)),
        ] {
            check(source, &config, &event(source, email), expected);
        }
    }

    #[test]
    fn a_user_with_a_record_is_not_stopped_and_a_new_one_is() {
        let config = Config::from_env(Env::of_pairs(STRICT)).unwrap();
        for (status, expected) in [
            ("CONFIRMED", Ok(())),
            ("RESET_REQUIRED", Ok(())),
            ("FORCE_CHANGE_PASSWORD", Ok(())),
            ("UNCONFIRMED", Err(Refusal::DomainNotAllowed)),
            ("EXTERNAL_PROVIDER", Err(Refusal::DomainNotAllowed)),
            ("", Err(Refusal::DomainNotAllowed)),
        ] {
            let attributes = json!({"email": "ines@example.org", "cognito:user_status": status});
            check(
                status,
                &config,
                &event("PreSignUp_SignUp", &attributes),
                expected,
            );
        }
    }

    #[test]
    fn a_federated_identity_is_under_the_domain_rules_or_refused() {
        for (federated, email, expected) in [
            ("domain-rules", "ines@example.com", Ok(())),
            (
                "domain-rules",
                "ines@example.org",
                Err(Refusal::DomainNotAllowed),
            ),
            ("refuse", "ines@example.com", Err(Refusal::FederationClosed)),
        ] {
            let [allowed, required, table] = STRICT;
            let config = Config::from_env(Env::of_pairs([
                allowed,
                required,
                table,
                ("FEDERATED_SIGN_UP", federated),
            ]))
            .unwrap();
            let event = event("PreSignUp_ExternalProvider", &json!({"email": email}));
            check(federated, &config, &event, expected);
        }
    }

    #[test]
    fn the_table_is_read_only_where_an_invitation_can_help() {
        let on = Config::from_env(Env::of_pairs(STRICT)).unwrap();
        let off = Config::from_env(Env::of_pairs([])).unwrap();
        for (case, config, source, email, wanted) in [
            (
                "a sign-up",
                &on,
                "PreSignUp_SignUp",
                "ines@example.com",
                true,
            ),
            (
                "an unknown source",
                &on,
                "PreSignUp_Somehow",
                "ines@example.com",
                true,
            ),
            (
                "a refused domain",
                &on,
                "PreSignUp_SignUp",
                "ines@example.org",
                false,
            ),
            (
                "an administrator",
                &on,
                "PreSignUp_AdminCreateUser",
                "ines@example.com",
                false,
            ),
            (
                "federation",
                &on,
                "PreSignUp_ExternalProvider",
                "ines@example.com",
                false,
            ),
            (
                "migration",
                &on,
                "PreSignUp_UserMigration",
                "ines@example.com",
                false,
            ),
            (
                "invitations are off",
                &off,
                "PreSignUp_SignUp",
                "ines@example.com",
                false,
            ),
        ] {
            let code = wanted_code(config, &event(source, &json!({"email": email})));
            assert_eq!(code.is_some(), wanted, "{case}");
        }
    }
}
