use cognito_events::UserName;
use cognito_events::pre_sign_up::Event;
use email_address::EmailAddress;
use time::{Duration, OffsetDateTime};

use super::Refusal;
use crate::config::LinkRules;
use crate::user_pool::{FederatedIdentity, Status, User};

/// How long a user that this function began to make may be finished: long enough for a person who is told to try again. After that, one
/// with a temporary password is an administrator's.
const UNFINISHED: Duration = Duration::hours(1);

/// A federated identity, and the address that a trusted provider says is its own.
pub(crate) struct Claim {
    pub(crate) identity: FederatedIdentity,
    pub(crate) email: EmailAddress,
    /// As the provider wrote the address; Cognito may have it so.
    stated: String,
}

impl Claim {
    /// What to look for in the pool, whose filters compare letter by letter.
    pub(crate) fn spellings(&self) -> Vec<String> {
        let mut spellings = vec![self.email.normalised()];
        if self.stated != spellings[0] {
            spellings.push(self.stated.clone());
        }
        spellings
    }
}

/// How the identity becomes a native user's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// It is one already.
    Linked,
    /// To this user.
    To(UserName),
    /// To this user, whom an earlier run made and did not confirm.
    ToUnfinished(UserName),
    /// To a user who is to be made first.
    ToNew,
}

/// What the identity behind the event may claim; `None` unless its provider is trusted with the address that it states.
///
/// Whether the provider verified the address is in the event only if the provider's attribute mapping has `email_verified`; it is `false`
/// otherwise.
pub(super) fn claim(rules: &LinkRules, event: &Event) -> Option<Claim> {
    let (provider, user_id) = split(event.user_name.as_str())?;
    let attributes = &event.request.user_attributes;
    let stated = attributes.get("email")?;
    let email = EmailAddress::parse(stated)?;
    let verified = attributes.get("email_verified") == Some("true");
    let mut trusted = rules.trusted.iter();
    let trusted = trusted
        .find(|trusted| trusted.is_named(provider) && trusted.vouches_for(&email, verified))?;
    Some(Claim {
        identity: FederatedIdentity {
            provider: trusted.name.clone(),
            user_id: user_id.to_owned(),
        },
        stated: stated.to_owned(),
        email,
    })
}

/// A federated user is named `<provider>_<id>`. A provider's name can have an underscore as its second character alone, an id anywhere.
fn split(user_name: &str) -> Option<(&str, &str)> {
    let (end, _) = user_name
        .char_indices()
        .skip(2)
        .find(|(_, character)| *character == '_')?;
    let user_id = &user_name[end + 1..];
    (!user_id.is_empty()).then_some((&user_name[..end], user_id))
}

/// What becomes of the claim, given the pool's users of that address; `None` if none of them is native.
///
/// Whoever could have made the native user without owning the address must not get at the account of its owner, nor the owner at theirs:
/// so all but one user, confirmed, enabled and with the address verified, is refused, and gets no second account next to it.
pub(super) fn link(
    rules: &LinkRules,
    claim: &Claim,
    users: &[User],
    now: OffsetDateTime,
) -> Result<Option<Link>, Refusal> {
    let is_native = |user: &&User| user.status != Status::ExternalProvider;
    let of_the_address = |user: &&User| user.email.as_ref() == Some(&claim.email);
    let natives = users.iter().filter(is_native).filter(of_the_address);
    let natives: Vec<_> = natives.collect();
    let user = match natives[..] {
        [] => return Ok(None),
        [user] => user,
        [_, ..] => return Err(Refusal::LinkAmbiguous),
    };
    if !user.enabled {
        return Err(Refusal::LinkUserDisabled);
    }
    if user.status == Status::Unconfirmed {
        return Err(Refusal::LinkUserUnconfirmed);
    }
    if !user.email_verified {
        return Err(Refusal::LinkAddressUnverified);
    }
    if user.has(&claim.identity) {
        return Ok(Some(Link::Linked));
    }
    no_other_identity(user, claim)?;
    match user.status {
        Status::Confirmed => Ok(Some(Link::To(user.name.clone()))),
        Status::ForceChangePassword if is_unfinished(rules, user, now) => {
            Ok(Some(Link::ToUnfinished(user.name.clone())))
        }
        Status::ForceChangePassword => Err(Refusal::LinkUserNeverSignedIn),
        Status::Unconfirmed => Err(Refusal::LinkUserUnconfirmed),
        Status::ResetRequired | Status::ExternalProvider | Status::Unknown => {
            Err(Refusal::LinkUserUnusable)
        }
    }
}

/// Another identity of the same provider has the same address: the provider gave the address to somebody else since.
fn no_other_identity(user: &User, claim: &Claim) -> Result<(), Refusal> {
    let Some(identities) = &user.identities else {
        return Err(Refusal::LinkUserUnusable);
    };
    let mut identities = identities.iter();
    if identities.any(|linked| linked.is_of_the_provider_of(&claim.identity)) {
        return Err(Refusal::LinkOtherIdentity);
    }
    Ok(())
}

/// Whether an earlier run may have made the user and been cut before it gave a password; it links nobody before that. Should it have been
/// an administrator after all, no harm is done: the address's owner gets the user, and the temporary password ends.
fn is_unfinished(rules: &LinkRules, user: &User, now: OffsetDateTime) -> bool {
    let age = now.unix_timestamp() - user.created_at;
    let is_recent = age < UNFINISHED.whole_seconds();
    let is_linked = user
        .identities
        .as_ref()
        .is_none_or(|identities| !identities.is_empty());
    rules.create_native_first && is_recent && !is_linked
}

#[cfg(test)]
mod tests;
