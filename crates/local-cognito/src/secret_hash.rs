//! The secret of a confidential app client, and the hash by which a client shows that it knows it.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::template::UserPoolClient;

/// Checks `SECRET_HASH` for the user name as the client wrote it.
///
/// # Errors
///
/// [`Error::NotAuthorized`], also when a client without a secret sends a hash.
pub(crate) fn check(
    client: &UserPoolClient,
    username: &str,
    secret_hash: Option<&str>,
) -> Result<(), Error> {
    match verdict(client.secret.as_ref(), &client.id, username, secret_hash) {
        Verdict::Right => Ok(()),
        Verdict::Missing => Err(missing(client)),
        Verdict::Wrong => Err(Error::not_authorized(format!(
            "Unable to verify secret hash for client {}",
            client.id
        ))), // W
    }
}

/// Refuses a request of a confidential client that brings no hash at all, before anything else is looked at.
///
/// # Errors
///
/// [`Error::NotAuthorized`].
pub(crate) fn check_present(
    client: &UserPoolClient,
    secret_hash: Option<&str>,
) -> Result<(), Error> {
    if client.secret.is_some() && secret_hash.is_none() {
        return Err(missing(client));
    }
    Ok(())
}

/// Checks `SECRET_HASH` at a refresh, where AWS has another text since 2022.
///
/// # Errors
///
/// [`Error::NotAuthorized`].
pub(crate) fn check_on_refresh(
    client: &UserPoolClient,
    username: &str,
    secret_hash: Option<&str>,
) -> Result<(), Error> {
    match verdict(client.secret.as_ref(), &client.id, username, secret_hash) {
        Verdict::Right => Ok(()),
        Verdict::Missing => Err(missing(client)),
        Verdict::Wrong => Err(Error::not_authorized(format!(
            "SecretHash does not match for the client: {}",
            client.id
        ))), // W
    }
}

/// Checks the secret itself, which the token operations take in place of a hash. AWS's text for this was not found.
///
/// # Errors
///
/// [`Error::NotAuthorized`], also when a client without a secret sends one.
pub(crate) fn check_secret(
    client: &UserPoolClient,
    secret: Option<&SecretString>,
) -> Result<(), Error> {
    let bytes = |secret: &SecretString| secret.expose_secret().as_bytes().to_vec();
    match (client.secret.as_ref().map(bytes), secret.map(bytes)) {
        (None, None) => Ok(()),
        (Some(expected), Some(sent)) if bool::from(expected.ct_eq(&sent)) => Ok(()),
        _ => Err(Error::not_authorized(format!(
            "Unable to verify secret for client {}",
            client.id
        ))),
    }
}

fn missing(client: &UserPoolClient) -> Error {
    Error::not_authorized(format!(
        "Client {} is configured with secret but SECRET_HASH was not received",
        client.id
    )) // W
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Missing,
    Wrong,
}

fn verdict(
    secret: Option<&SecretString>,
    client_id: &str,
    username: &str,
    sent: Option<&str>,
) -> Verdict {
    match (secret, sent) {
        (None, None) => Verdict::Right,
        (Some(_), None) => Verdict::Missing,
        (Some(secret), Some(sent)) if is_hash_of(sent, secret, username, client_id) => {
            Verdict::Right
        }
        (_, Some(_)) => Verdict::Wrong,
    }
}

/// `SECRET_HASH` is the base64 of the HMAC-SHA256 of user name and client id under the secret. Compares in constant time.
fn is_hash_of(sent: &str, secret: &SecretString, username: &str, client_id: &str) -> bool {
    STANDARD.decode(sent).is_ok_and(|sent| {
        Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
            .expect("HMAC takes keys of any length")
            .chain_update(username)
            .chain_update(client_id)
            .verify_slice(&sent)
            .is_ok()
    })
}

#[cfg(test)]
mod tests;
