//! Our own form, one JSON object a line, for whatever no other form here fits: a script writes it in a few lines.
//!
//! `user` is what people type; `hash`, `format` and `settings` are as `legacy-password` has them; `attributes` are texts; `verified` has
//! `email`, `phone_number` or both; `membership` is as an item of the memberships' table; `cohort` is a word for reports. All but `user`
//! may be absent. A name that is none of these is refused, since somebody must have meant something by it.

use std::collections::BTreeMap;

use legacy_users::Address;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json;
use crate::record::{Record, Reject, of_format, recognised};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    user: String,
    hash: Option<SecretString>,
    format: Option<String>,
    #[serde(default)]
    settings: Value,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    verified: Vec<VerifiedAddress>,
    #[serde(default)]
    membership: Map<String, Value>,
    cohort: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum VerifiedAddress {
    Email,
    PhoneNumber,
}

pub(super) fn record(line: &[u8]) -> Result<Option<Record>, Reject> {
    let user: User = json::parse(line, "a user with `user` and what belongs to one")?;
    let hash = user.hash.map(|text| match &user.format {
        Some(format) => of_format(format, text, user.settings),
        None => Ok(recognised(text)),
    });
    let verified = user.verified.into_iter().map(|address| match address {
        VerifiedAddress::Email => Address::Email,
        VerifiedAddress::PhoneNumber => Address::PhoneNumber,
    });
    Ok(Some(Record {
        user: Some(user.user),
        username: None,
        hash: hash.transpose()?,
        attributes: user.attributes,
        verified: verified.collect(),
        membership: user.membership,
        cohort: user.cohort,
    }))
}
