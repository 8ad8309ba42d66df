//! A token that a backend of the operator's has signed for one of its users, for us, just now.
//!
//! Its public keys are in the configuration, each with its algorithm. A token counts once, by its `jti`, and for five minutes at most.

use broker_identities::Login;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::oidc_id_token::{SKEW, check_subject, check_times};
use crate::jwk::Algorithm;
use crate::jws::{Claims, Unverified};
use crate::problem::NoAnswer;
use crate::proof::{Unproven, Verified, Verifier};
use crate::replays::Once;

/// A token is made when it is needed.
const MOST: Duration = Duration::minutes(5);

/// Longer than any UUID or random text that serves as one.
const MAX_ID_BYTES: usize = 128;

/// The key's own is what counts; these are what keys here can have.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256];

/// Not yet verified.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackendJwt {
    token: SecretString,
}

impl BackendJwt {
    pub(crate) fn verify(&self, verifier: &Verifier<'_>) -> Result<Verified, NoAnswer> {
        let token = self.token.expose_secret();
        let unverified = Unverified::parse(token).ok_or(Unproven::Unreadable)?;
        let named = unverified.issuer().ok_or(Unproven::Unreadable)?;
        let mut backends = verifier.config.backends.iter();
        let backend = backends.find(|backend| backend.issuer == named);
        let backend = backend.ok_or(Unproven::UnknownIssuer)?;
        let claims = unverified.verify(&backend.keys, &ALGORITHMS);
        let claims = claims.ok_or(Unproven::Signature)?;
        check_subject(&claims.sub)?;
        if claims.aud.0 != [backend.audience.as_str()] {
            return Err(Unproven::Audience.into());
        }
        check_times(&claims, verifier.request.now, MOST)?;
        let once = once(&claims)?;
        let login = Login {
            source: &backend.name,
            issuer: &backend.issuer,
            subject: &claims.sub,
            is_opaque: backend.is_opaque,
        };
        Ok(Verified {
            proof: "backend-jwt",
            source: backend.name.clone(),
            identifier: verifier.identifier(login),
            claims: claims.more,
            once: Some(once),
            needs_an_account: false,
        })
    }
}

fn once(claims: &Claims) -> Result<Once, Unproven> {
    let id = claims.jti.as_deref().unwrap_or_default();
    if !(1..=MAX_ID_BYTES).contains(&id.len()) {
        return Err(Unproven::WithoutId);
    }
    if claims.exp.0 - claims.iat.0 > MOST.whole_seconds() {
        return Err(Unproven::TooLong);
    }
    let until = OffsetDateTime::from_unix_timestamp(claims.exp.0);
    Ok(Once {
        kind: "jti",
        by: claims.iss.clone(),
        id: id.to_owned(),
        until: until.map_err(|_| Unproven::TooLong)? + SKEW,
    })
}
