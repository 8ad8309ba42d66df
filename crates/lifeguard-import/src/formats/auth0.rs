//! Auth0: the JSON of its bulk import, an array of users, and the lines in which its support hands hashes out (`passwordHash`).
//!
//! Source: <https://auth0.com/docs/manage-users/user-migration/bulk-user-import-database-schema-and-examples>

use legacy_users::Address;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::json;
use crate::record::{Record, Reject, of_format, recognised};

#[derive(Deserialize)]
struct User {
    username: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    phone_number: Option<String>,
    #[serde(default)]
    phone_verified: bool,
    given_name: Option<String>,
    family_name: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
    picture: Option<String>,
    #[serde(default)]
    blocked: bool,
    #[serde(alias = "passwordHash")]
    password_hash: Option<SecretString>,
    custom_password_hash: Option<Value>,
}

pub(super) fn record(document: &[u8]) -> Result<Option<Record>, Reject> {
    let user: User = json::parse(document, "a user as Auth0 imports them")?;
    if user.blocked {
        return Err(Reject::Blocked);
    }
    let hash = match (user.password_hash, user.custom_password_hash) {
        (Some(hash), _) => Some(recognised(hash)),
        (None, Some(custom)) => {
            let custom = custom.to_string().into();
            Some(of_format("auth0", custom, Value::Null)?)
        }
        (None, None) => None,
    };
    let record = Record {
        username: user.username,
        hash,
        ..Record::default()
    };
    Ok(Some(
        record
            .with("email", user.email)
            .verified(Address::Email, user.email_verified)
            .with("phone_number", user.phone_number)
            .verified(Address::PhoneNumber, user.phone_verified)
            .with("given_name", user.given_name)
            .with("family_name", user.family_name)
            .with("name", user.name)
            .with("nickname", user.nickname)
            .with("picture", user.picture),
    ))
}
