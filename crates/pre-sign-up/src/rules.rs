mod captcha;
mod domains;
mod invitation;
mod linking;
mod refusal;

use cognito_events::pre_sign_up::{Event, Response, TriggerSource};
use email_address::EmailAddress;
use invitations::{Invitation, InvitationCode, Redemption};
use time::OffsetDateTime;

use crate::captcha::Attempt;
use crate::config::{Config, FederatedSignUp};
use crate::user_pool::User;

pub(crate) use captcha::Proof;
pub(crate) use linking::{Claim, Link};
pub(crate) use refusal::Refusal;

/// What was looked up for a decision.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// What came of the [`wanted_proof`].
    pub(crate) proof: Option<Proof>,
    /// What the table holds under the [`wanted_code`].
    pub(crate) invitation: Option<Invitation>,
    /// The pool's users of the [`wanted_claim`]'s address.
    pub(crate) users: Vec<User>,
}

/// Decides on one event.
pub(crate) fn decide(
    config: &Config,
    event: &Event,
    facts: &Facts,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    match Origin::of(event) {
        Origin::Administrator => Ok(Acceptance::by("Administrator").into()),
        Origin::ExistingUser => Ok(Acceptance::by("ExistingUser").into()),
        Origin::Federation => federated(config, event, &facts.users, now),
        Origin::Stranger => {
            let email = Email::of(event);
            before_look_ups(config, event, &email)?;
            if let Some(rules) = &config.captcha {
                captcha::proven(rules, event, facts.proof.as_ref())?;
            }
            let acceptance = match &config.invitations {
                Some(rules) => {
                    let invitation = facts.invitation.as_ref();
                    invitation::honoured(rules, event, &email, invitation, now)?
                }
                None => Acceptance::by("DomainRules"),
            };
            Ok(acceptance.into())
        }
    }
}

/// An identity that can be a native user's does not become a user: that is no sign-up, so it may be done also where federated ones are
/// refused.
fn federated(
    config: &Config,
    event: &Event,
    users: &[User],
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    let linking = config.linking.as_ref();
    let claim = wanted_claim(config, event);
    if let (Some(rules), Some(claim)) = (linking, claim.as_ref())
        && let Some(link) = linking::link(rules, claim, users, now)?
    {
        return Ok(Decision::Link(link));
    }
    federation_open(config)?;
    domains::allowed(config, &Email::of(event))?;
    let create_native_first = linking.is_some_and(|rules| rules.create_native_first);
    if create_native_first && claim.is_some() {
        return Ok(Decision::Link(Link::ToNew));
    }
    Ok(Acceptance::by("DomainRules").into())
}

/// The rules of a stranger's sign-up that cost nothing, so that what they refuse costs nothing either.
fn before_look_ups(config: &Config, event: &Event, email: &Email) -> Result<(), Refusal> {
    domains::allowed(config, email)?;
    match &config.invitations {
        Some(rules) => invitation::brought(rules, event),
        None => Ok(()),
    }
}

/// The CAPTCHA's proof that the decision depends on.
pub(crate) fn wanted_proof<'a>(config: &Config, event: &'a Event) -> Option<Attempt<'a>> {
    config.captcha.as_ref()?;
    match Origin::of(event) {
        Origin::Administrator | Origin::ExistingUser | Origin::Federation => None,
        Origin::Stranger => {
            before_look_ups(config, event, &Email::of(event)).ok()?;
            captcha::attempt(event)
        }
    }
}

/// The code of the invitation that the decision depends on: none where no invitation can help or is asked for. Who would try codes has to
/// solve a puzzle for each, where there is one.
pub(crate) fn wanted_code(
    config: &Config,
    event: &Event,
    proof: Option<&Proof>,
) -> Option<InvitationCode> {
    config.invitations.as_ref()?;
    match Origin::of(event) {
        Origin::Administrator | Origin::ExistingUser | Origin::Federation => None,
        Origin::Stranger => {
            before_look_ups(config, event, &Email::of(event)).ok()?;
            if let Some(rules) = &config.captcha {
                captcha::proven(rules, event, proof).ok()?;
            }
            InvitationCode::new(invitation::presented(event)?)
        }
    }
}

/// Whose native user the decision depends on.
pub(crate) fn wanted_claim(config: &Config, event: &Event) -> Option<Claim> {
    let rules = config.linking.as_ref()?;
    match Origin::of(event) {
        Origin::Administrator | Origin::ExistingUser | Origin::Stranger => None,
        Origin::Federation => {
            domains::allowed(config, &Email::of(event)).ok()?;
            linking::claim(rules, event)
        }
    }
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The user may be created.
    Accept(Acceptance),
    /// No user is created: the identity becomes that of a native user.
    Link(Link),
}

/// What Cognito is answered, and what must be noted before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Acceptance {
    /// The rule that let the user in.
    pub(crate) reason: &'static str,
    pub(crate) response: Response,
    pub(crate) redemption: Option<Redemption>,
}

impl Acceptance {
    /// The user may be created, and nothing more.
    fn by(reason: &'static str) -> Self {
        Self {
            reason,
            response: Response::default(),
            redemption: None,
        }
    }
}

impl From<Acceptance> for Decision {
    fn from(acceptance: Acceptance) -> Self {
        Self::Accept(acceptance)
    }
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
mod tests;
