//! Keycloak: a realm's export, or one of its files of users; one realm a file.
//!
//! The groups become the membership's groups, by their paths without the first slash, and the realm's roles its roles, other than those that
//! Keycloak gives everybody. An attribute of several values counts by its first.
//!
//! Source: <https://www.keycloak.org/server/importExport>,
//! <https://www.keycloak.org/docs-api/latest/rest-api/index.html#UserRepresentation>

use std::collections::BTreeMap;

use legacy_users::{Address, StoredHash};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::json;
use crate::record::{Record, Reject, of_format};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    username: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    #[serde(default)]
    enabled: bool,
    first_name: Option<String>,
    last_name: Option<String>,
    service_account_client_id: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    credentials: Vec<Credential>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    realm_roles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    #[serde(rename = "type")]
    kind: Option<String>,
    secret_data: Option<Value>,
    credential_data: Option<Value>,
}

pub(super) fn record(document: &[u8]) -> Result<Option<Record>, Reject> {
    let user: User = json::parse(document, "a user as Keycloak exports them")?;
    if user.service_account_client_id.is_some() {
        return Err(Reject::NoPerson);
    }
    if !user.enabled {
        return Err(Reject::Blocked);
    }
    let password = user
        .credentials
        .iter()
        .find(|credential| credential.kind.as_deref() == Some("password"));
    let groups = user.groups.iter();
    let groups = groups.map(|path| path.trim_start_matches('/').to_owned());
    let roles = user.realm_roles.into_iter();
    let roles = roles.filter(|role| !is_everybodys(role));
    let record = Record {
        username: Some(user.username),
        hash: password.map(hash).transpose()?,
        ..Record::default()
    };
    let record = user
        .attributes
        .into_iter()
        .fold(record, |record, (name, values)| {
            record.with(&name, values.into_iter().next())
        });
    Ok(Some(
        record
            .with("email", user.email)
            .verified(Address::Email, user.email_verified)
            .with("given_name", user.first_name)
            .with("family_name", user.last_name)
            .member_of("groups", groups.collect())
            .member_of("roles", roles.collect()),
    ))
}

fn hash(credential: &Credential) -> Result<StoredHash, Reject> {
    let text = json!({
        "secretData": credential.secret_data,
        "credentialData": credential.credential_data,
    });
    of_format("keycloak", text.to_string().into(), Value::Null)
}

fn is_everybodys(role: &str) -> bool {
    role.starts_with("default-roles-") || ["offline_access", "uma_authorization"].contains(&role)
}
