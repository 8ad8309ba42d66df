//! Firebase Authentication: the JSON of `firebase auth:export`.
//!
//! The hashes need the project's parameters, which its console shows as "password hash parameters": `signerKey`, `saltSeparator`, `rounds`
//! and `memCost`, by `--settings`. Nothing in the file says whether a telephone number was verified.
//!
//! Source: <https://firebase.google.com/docs/cli/auth>

use legacy_users::Address;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use crate::json;
use crate::record::{Record, Reject, of_format};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    local_id: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    password_hash: Option<SecretString>,
    salt: Option<String>,
    display_name: Option<String>,
    photo_url: Option<String>,
    phone_number: Option<String>,
    #[serde(default)]
    disabled: bool,
}

pub(super) fn record(document: &[u8]) -> Result<Option<Record>, Reject> {
    let user: User = json::parse(document, "a user as Firebase exports them")?;
    if user.disabled {
        return Err(Reject::Blocked);
    }
    let salt = user.salt.unwrap_or_default();
    let hash = user
        .password_hash
        .map(|text| of_format("firebase-scrypt", text, json!({ "salt": salt })));
    let record = Record {
        username: Some(user.local_id),
        hash: hash.transpose()?,
        ..Record::default()
    };
    Ok(Some(
        record
            .with("email", user.email)
            .verified(Address::Email, user.email_verified)
            .with("phone_number", user.phone_number)
            .with("name", user.display_name)
            .with("picture", user.photo_url),
    ))
}
