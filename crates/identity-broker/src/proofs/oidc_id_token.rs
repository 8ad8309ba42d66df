//! An ID token of an OpenID provider that the operator has listed.
//!
//! The checks follow OpenID Connect Core 1.0, section 3.1.3.7, in its order and with its numbers:
//! <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>. Steps 1 (encryption) and 8 (MACs) cannot arise, since neither is
//! taken.

use broker_identities::Login;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};

use crate::challenge;
use crate::config::{Issuer, NonceRule};
use crate::issuer_keys::Place;
use crate::jws::{Claims, Unverified};
use crate::problem::NoAnswer;
use crate::proof::{Unproven, Verified, Verifier};
use crate::replays::Once;

/// Clocks differ a little.
pub(crate) const SKEW: Duration = Duration::minutes(1);

/// Core, section 2: a subject has at most 255 characters of ASCII.
const MAX_SUBJECT_BYTES: usize = 255;

/// Not yet verified.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OidcIdToken {
    token: SecretString,
    /// What the client sent to the provider as the nonce.
    #[serde(default)]
    nonce: Option<SecretString>,
}

impl OidcIdToken {
    pub(crate) async fn verify(&self, verifier: &Verifier<'_>) -> Result<Verified, NoAnswer> {
        let token = self.token.expose_secret();
        let unverified = Unverified::parse(token).ok_or(Unproven::Unreadable)?;
        // 2. The issuer is one of the list, by its exact name.
        let named = unverified.issuer().ok_or(Unproven::Unreadable)?;
        let mut issuers = verifier.config.issuers.iter();
        let issuer = issuers.find(|issuer| issuer.issuer == named);
        let issuer = issuer.ok_or(Unproven::UnknownIssuer)?;
        // 6. and 7. The signature, by a key that this issuer publishes and an algorithm that the operator expects of it.
        let now = verifier.request.now;
        let keys = &verifier.outside.issuer_keys;
        let place = Place::of(issuer);
        let keys = keys.find(&place, unverified.key_id(), now).await?;
        let claims = unverified.verify(&keys, &issuer.algorithms);
        let claims = claims.ok_or(Unproven::Signature)?;
        check(&claims, issuer, now)?;
        let once = self.nonce(&claims, issuer, verifier)?;
        let login = Login {
            source: &issuer.name,
            issuer: &issuer.issuer,
            subject: &claims.sub,
            is_opaque: issuer.is_opaque,
        };
        Ok(Verified {
            proof: "oidc-id-token",
            source: issuer.name.clone(),
            identifier: verifier.identifier(login),
            claims: claims.more,
            once,
            needs_an_account: false,
        })
    }

    /// Step 11: the nonce is the one that was sent. A challenge of ours says so of itself; otherwise the client has to say what it sent, and a
    /// token that has one is not taken without.
    fn nonce(
        &self,
        claims: &Claims,
        issuer: &Issuer,
        verifier: &Verifier<'_>,
    ) -> Result<Option<Once>, Unproven> {
        let in_token = claims.nonce.as_deref();
        match (issuer.nonce, in_token, &self.nonce) {
            (NonceRule::Challenge, Some(nonce), _) => {
                let once = challenge::verify(nonce, verifier.key, verifier.request.now);
                once.map(Some).ok_or(Unproven::Nonce)
            }
            (NonceRule::Presented, None, None) => Ok(None),
            (NonceRule::Presented, Some(nonce), Some(sent)) => {
                let is_same = nonce.as_bytes().ct_eq(sent.expose_secret().as_bytes());
                bool::from(is_same).then_some(None).ok_or(Unproven::Nonce)
            }
            _ => Err(Unproven::Nonce),
        }
    }
}

/// What remains of the steps when the signature is verified.
fn check(claims: &Claims, issuer: &Issuer, now: OffsetDateTime) -> Result<(), Unproven> {
    check_subject(&claims.sub)?;
    // The payload was read before the signature was checked; it is the same all the same.
    if claims.iss != issuer.issuer {
        return Err(Unproven::UnknownIssuer);
    }
    // 3. We are the audience, and whoever else is one is trusted, too.
    let is_ours = |audience: &String| issuer.audiences.contains(audience);
    let audiences = &claims.aud.0;
    if audiences.is_empty() || !audiences.iter().all(is_ours) {
        return Err(Unproven::Audience);
    }
    // 4. and 5. With several audiences the authorised party is named; it is one of ours wherever it is.
    match &claims.azp {
        Some(party) if !is_ours(party) => return Err(Unproven::AuthorizedParty),
        None if audiences.len() > 1 => return Err(Unproven::AuthorizedParty),
        _ => {}
    }
    // User pools sign access tokens with the same keys, and say so.
    let token_use = claims.more.get("token_use");
    if token_use.is_some_and(|token_use| token_use != "id") {
        return Err(Unproven::TokenUse);
    }
    // 9. and 10. The times.
    check_times(claims, now, issuer.max_age)
}

/// The token is valid, and not older than it may be.
pub(crate) fn check_times(
    claims: &Claims,
    now: OffsetDateTime,
    max_age: Duration,
) -> Result<(), Unproven> {
    let (now, skew) = (now.unix_timestamp(), SKEW.whole_seconds());
    if claims.exp.0 <= now {
        return Err(Unproven::Expired);
    }
    if claims.nbf.is_some_and(|nbf| nbf.0 > now + skew) || claims.iat.0 > now + skew {
        return Err(Unproven::NotYetValid);
    }
    if now - claims.iat.0 > max_age.whole_seconds() {
        return Err(Unproven::TooOld);
    }
    Ok(())
}

pub(crate) fn check_subject(subject: &str) -> Result<(), Unproven> {
    let is_one = (1..=MAX_SUBJECT_BYTES).contains(&subject.len()) && subject.is_ascii();
    is_one.then_some(()).ok_or(Unproven::Subject)
}
