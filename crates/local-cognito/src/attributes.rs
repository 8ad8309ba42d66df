//! Changes of a user's attributes, and the proof of the addresses and numbers among them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::delivery::{new_code, send};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{Letter, MessageReason, Metadata};
use crate::user_pool::{Purpose, Status, User, UserPool};

/// The attributes that a message can reach.
const CONTACTS: [&str; 2] = ["email", "phone_number"];

/// An address or number that the pool has its user verify.
pub(crate) struct ToVerify {
    attribute: &'static str,
    /// The user with the new value, which may not be theirs yet.
    user: User,
}

/// Changes attributes that have been checked. A blank value removes one.
///
/// Where the pool asks for a proof before a new address or number counts, the old one stays until then. An administrator can vouch for
/// the new one instead (D); `force` lets it move to this user as an alias.
pub(crate) fn change(
    pool: &UserPool,
    sub: &str,
    mut changes: BTreeMap<String, String>,
    force: bool,
    now: i64,
) -> Result<Vec<ToVerify>, Error> {
    let config = &pool.config;
    let mut state = pool.state();
    let mut user = state.users.find_for_administrator(config, sub)?.clone();
    let aliases = &config.alias_attributes;
    if user.status == Status::Unconfirmed
        && changes.contains_key("preferred_username")
        && aliases.iter().any(|alias| alias == "preferred_username")
    {
        return Err(Error::invalid(
            "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.",
        )); // W, at sign-up
    }
    let before = user.clone();
    let mut to_verify = BTreeMap::new();
    for attribute in CONTACTS {
        let flag = format!("{attribute}_verified");
        let vouched_for = changes.get(&flag).is_some_and(|flag| flag == "true");
        let value = changes.get(attribute).filter(|value| !value.is_empty());
        let new = value.filter(|value| before.attributes.get(attribute) != Some(value));
        let listed = |list: &[String]| list.iter().any(|name| name == attribute);
        let Some(new) = new.cloned().filter(|_| !vouched_for) else {
            continue;
        };
        if listed(&config.verified_before_update) {
            changes.remove(attribute);
            changes.remove(&flag);
            user.pending.insert(attribute.to_owned(), new.clone());
        }
        if listed(&config.auto_verified_attributes) {
            to_verify.insert(attribute, new);
        }
    }
    user.change_attributes(changes);
    let mut shown = Vec::new();
    for (attribute, new) in to_verify {
        let mut with_new = user.clone();
        with_new.change_attributes(BTreeMap::from([(attribute.to_owned(), new)]));
        // An address that is another's name can never become this user's, so they need not prove it.
        state.take_names(config, &with_new, false, now)?;
        shown.push(ToVerify {
            attribute,
            user: with_new,
        });
    }
    state.take_names(config, &user, force, now)?;
    for attribute in CONTACTS {
        if !user.attributes.contains_key(attribute) && !user.pending.contains_key(attribute) {
            let purpose = Purpose::to_verify(attribute);
            state.codes.used(&user.username, purpose);
        }
    }
    let username = user.username.clone();
    state
        .users
        .change(config, &username, now, |stored| *stored = user);
    Ok(shown)
}

impl ToVerify {
    /// The user's `email` or `phone_number` as it is, or as it is to be.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] for any other attribute, and for one that the user lacks (texts: V).
    pub(crate) fn of(user: &User, attribute: &str) -> Result<Self, Error> {
        let attribute = contact(attribute)?;
        let mut user = user.clone();
        if let Some(pending) = user.pending.get(attribute).cloned() {
            user.change_attributes(BTreeMap::from([(attribute.to_owned(), pending)]));
        }
        if !user.attributes.contains_key(attribute) {
            return Err(Error::invalid(match attribute {
                "email" => "User does not have a valid registered email address",
                _ => "User does not have a valid registered phone number",
            }));
        }
        Ok(Self { attribute, user })
    }

    /// Sends a code to the new address or number; tells where it went.
    pub(crate) async fn send_code(
        &self,
        stand_in: &StandIn,
        pool: &UserPool,
        reason: MessageReason,
        client_id: Option<&str>,
        client_metadata: Option<&Metadata>,
    ) -> Result<Value, Error> {
        let Self { attribute, user } = self;
        let purpose = Purpose::to_verify(attribute);
        let code = new_code(stand_in, pool, user, attribute, purpose);
        let letter = Letter {
            reason,
            client_id,
            client_metadata,
            attribute,
            code: &code,
        };
        send(stand_in, pool, user, letter).await
    }
}

/// Verifies the address or number to which the code was sent, and makes it the user's if it was waiting for that.
pub(crate) fn verify(
    pool: &UserPool,
    sub: &str,
    attribute: &str,
    code: &str,
    now: i64,
) -> Result<(), Error> {
    let attribute = contact(attribute)?;
    let purpose = Purpose::to_verify(attribute);
    let mut state = pool.state();
    let mut user = state
        .users
        .find_for_administrator(&pool.config, sub)?
        .clone();
    let proven = state.codes.check(&user.username, purpose, code, now)?;
    let is = |values: &BTreeMap<String, String>| values.get(attribute) == Some(&proven.value);
    if !is(&user.pending) && !is(&user.attributes) {
        return Err(Error::ExpiredCode); // ours: the code went to an address that is no longer the user's
    }
    user.change_attributes(BTreeMap::from([
        (attribute.to_owned(), proven.value),
        (format!("{attribute}_verified"), "true".to_owned()),
    ]));
    state.take_names(&pool.config, &user, false, now)?;
    state.codes.used(&user.username, purpose);
    let username = user.username.clone();
    state
        .users
        .change(&pool.config, &username, now, |stored| *stored = user);
    Ok(())
}

fn contact(attribute: &str) -> Result<&'static str, Error> {
    let mut contacts = CONTACTS.into_iter();
    contacts
        .find(|contact| *contact == attribute)
        .ok_or_else(|| {
            Error::invalid("Invalid attribute name. Only phone_number and email can be verified.") // V
        })
}
