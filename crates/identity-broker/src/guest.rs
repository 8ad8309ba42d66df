//! A guest whose identity becomes that of whoever signs in, with all that the guest has made.
//!
//! Anybody can name an identity. It counts only if it was proven, in one of two ways: the guest's own credentials signed the request, as API
//! Gateway has verified, or the guest's own token of the pool is shown (`GetOpenIdToken`, where the pool allows the classic flow).

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::Duration;

use crate::http::Route;
use crate::issuer_keys::Place;
use crate::jwk::Algorithm;
use crate::jws::Unverified;
use crate::problem::NoAnswer;
use crate::proof::{Unproven, Verifier};
use crate::proofs::oidc_id_token::check_times;

/// Not yet verified.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuestToken {
    token: SecretString,
}

/// What the amr of a guest is, and of nobody else.
const UNAUTHENTICATED: &str = "unauthenticated";

/// `GetOpenIdToken` gives ten minutes.
const MAX_AGE: Duration = Duration::minutes(10);

/// Who makes the tokens of identity pools in the `aws` partition.
const ISSUER: &str = "https://cognito-identity.amazonaws.com";

/// The identity of the guest who is to become somebody, if there is one.
pub(crate) async fn proven(
    token: Option<&GuestToken>,
    verifier: &Verifier<'_>,
) -> Result<Option<String>, NoAnswer> {
    let request = verifier.request;
    match (request.route, token) {
        (Route::GuestCredentials, None) => Ok(Some(signed(verifier)?)),
        (Route::GuestCredentials, Some(_)) => Err(Unproven::NoGuest.into()),
        (_, Some(token)) => Ok(Some(shown(token, verifier).await?)),
        (_, None) => Ok(None),
    }
}

/// Whose credentials signed the request.
fn signed(verifier: &Verifier<'_>) -> Result<String, Unproven> {
    let guest = verifier.request.guest.as_ref();
    let guest = guest.filter(|guest| {
        guest.identity_pool_id == verifier.config.identity_pool_id && guest.amr == [UNAUTHENTICATED]
    });
    let guest = guest.ok_or(Unproven::NoGuest)?;
    Ok(guest.identity_id.clone())
}

/// Whose token is shown.
async fn shown(token: &GuestToken, verifier: &Verifier<'_>) -> Result<String, NoAnswer> {
    let config = verifier.config;
    let now = verifier.request.now;
    let unverified = Unverified::parse(token.token.expose_secret()).ok_or(Unproven::NoGuest)?;
    let place = Place::known("the identity pool", &config.identity_keys);
    let keys = &verifier.outside.issuer_keys;
    let keys = keys.find(&place, unverified.key_id(), now).await?;
    let claims = unverified.verify(&keys, &[Algorithm::Rs512]);
    let claims = claims.ok_or(Unproven::NoGuest)?;
    check_times(&claims, now, MAX_AGE)?;
    let at = config.identity_keys.url();
    let regional = at.strip_suffix("/.well-known/jwks_uri");
    let amr = claims.more.get("amr");
    let is_ours = (claims.iss == ISSUER || Some(&*claims.iss) == regional)
        && claims.aud.0 == [config.identity_pool_id.as_str()]
        && amr.is_some_and(|amr| *amr == serde_json::json!([UNAUTHENTICATED]));
    is_ours.then_some(()).ok_or(Unproven::NoGuest)?;
    Ok(claims.sub)
}
