//! Name and password of a user of an older system, who has not moved to the user pool.
//!
//! Whoever is unknown, has a wrong password, has moved or was deleted gets the same answer, after the same calls and the same work. What such a
//! user may get is said by the membership in the table, which users cannot write; their attributes say nothing here.

use aws_sdk_dynamodb::types::AttributeValue;
use broker_identities::Login;
use legacy_users::{Item, LegacyName};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::problem::{NoAnswer, Problem};
use crate::proof::{Unproven, Verified, Verifier};

/// What rules and identifiers call it.
pub(crate) const SOURCE: &str = "password";

/// Not yet verified.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegacyPassword {
    name: SecretString,
    password: SecretString,
}

impl LegacyPassword {
    pub(crate) async fn verify(&self, verifier: &Verifier<'_>) -> Result<Verified, NoAnswer> {
        let outside = verifier.outside;
        let now = verifier.request.now;
        let passwords = outside.passwords.as_ref().ok_or(Unproven::Password)?;
        let name = LegacyName::normalised(self.name.expose_secret());
        let name = name.ok_or(Unproven::Password)?;
        // Before any work, and alike for names that nobody has.
        let digest = Sha256::digest(name.as_str());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let limit = verifier.config.per_user;
        let window = format!("password#{digest}");
        if !outside.tries.admit(&window, limit, now).await? {
            return Err(Problem::TooManyRequests.into());
        }
        let secrets = outside.secrets.get(now).await?;
        let user = passwords
            .check(&name, &self.password, secrets.of_hashes())
            .await?;
        let user = user.ok_or(Unproven::Password)?;
        let login = Login {
            source: SOURCE,
            issuer: "urn:lifeguard:legacy-users",
            subject: name.as_str(),
            is_opaque: false,
        };
        Ok(Verified {
            proof: "legacy-password",
            source: SOURCE.to_owned(),
            identifier: verifier.identifier(login),
            claims: user.membership.map(claims).unwrap_or_default(),
            once: None,
            needs_an_account: false,
        })
    }
}

fn claims(membership: Item) -> Map<String, Value> {
    let claim = |(name, value)| Some((name, json(value)?));
    membership.into_iter().filter_map(claim).collect()
}

/// The value in JSON; `None` for bytes, which no claim is made of.
fn json(value: AttributeValue) -> Option<Value> {
    let number = |number: String| serde_json::from_str(&number).ok();
    match value {
        AttributeValue::S(text) => Some(text.into()),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::Bool(boolean) => Some(boolean.into()),
        AttributeValue::Ss(texts) => Some(texts.into()),
        AttributeValue::L(values) => values.into_iter().map(json).collect(),
        AttributeValue::M(members) => Some(Value::Object(claims(members))),
        _ => None,
    }
}
