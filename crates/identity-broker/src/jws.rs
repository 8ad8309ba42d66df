//! Signed tokens in the compact form of RFC 7515: what one says, and whether a key signed it.
//!
//! [`Unverified`] is what anybody can have written. What is read of it before the signature is checked is `kid` and `iss`, which choose the
//! keys; [`Unverified::verify`] gives the claims.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::jwk::{Algorithm, KeySet};

/// More than what any issuer sends, with all of a user's groups in it.
pub(crate) const MAX_BYTES: usize = 16 * 1_024;

/// More than a header takes that only says which key.
const MAX_HEADER_BYTES: usize = 1_024;

/// A token whose signature nobody has checked.
pub(crate) struct Unverified<'a> {
    header: Header,
    payload: Vec<u8>,
    signed: &'a [u8],
    signature: Vec<u8>,
}

/// RFC 7515, section 4.1.
#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    kid: String,
    typ: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// What would bring a key along, or change what is signed. A token with any of it is refused, whatever it says there.
const REFUSED: [&str; 8] = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"];

impl Header {
    fn is_plain(&self) -> bool {
        // Tokens that are for something else say so: access tokens (`at+jwt`), logouts, proofs of possession (RFC 8725, section 3.11).
        let typ = self.typ.as_deref();
        typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case("JWS"))
            && !REFUSED.iter().any(|name| self.more.contains_key(*name))
    }
}

impl<'a> Unverified<'a> {
    /// The token's parts; `None` for what is none, or too long.
    pub(crate) fn parse(token: &'a str) -> Option<Self> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        if header.len() > MAX_HEADER_BYTES {
            return None;
        }
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        header.is_plain().then_some(())?;
        Some(Self {
            header,
            payload: decode(payload)?,
            signed: signed.as_bytes(),
            signature: decode(signature)?,
        })
    }

    /// Which of the issuer's keys is to have signed it.
    pub(crate) fn key_id(&self) -> &str {
        &self.header.kid
    }

    /// Who says so; only to find the issuer's keys.
    pub(crate) fn issuer(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Issued {
            iss: String,
        }
        let issued: Issued = serde_json::from_slice(&self.payload).ok()?;
        Some(issued.iss)
    }

    /// What it says, whoever wrote it: for a token that has just come from where it was made, over a connection that was verified.
    pub(crate) fn trusted_claims(&self) -> Option<Claims> {
        serde_json::from_slice(&self.payload).ok()
    }

    /// What it says, if a key of the set signed it, by an algorithm that is allowed and the key's own.
    pub(crate) fn verify(&self, keys: &KeySet, allowed: &[Algorithm]) -> Option<Claims> {
        let algorithm = self.header.alg;
        if !allowed.contains(&algorithm) {
            return None;
        }
        let key = keys.find(&self.header.kid, algorithm)?;
        key.verify(algorithm, self.signed, &self.signature)
            .then_some(())?;
        serde_json::from_slice(&self.payload).ok()
    }
}

/// What a token says, by whoever signed it. Whether it may be taken is another question.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: OneOrMore,
    pub(crate) exp: Seconds,
    pub(crate) iat: Seconds,
    pub(crate) nbf: Option<Seconds>,
    pub(crate) jti: Option<String>,
    pub(crate) azp: Option<String>,
    pub(crate) nonce: Option<String>,
    /// All others.
    #[serde(flatten)]
    pub(crate) more: Map<String, Value>,
}

/// A text, or a list of some.
#[derive(Debug)]
pub(crate) struct OneOrMore(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(one) => Ok(Self(vec![one])),
            more => serde_json::from_value(more)
                .map(Self)
                .map_err(serde::de::Error::custom),
        }
    }
}

/// Seconds since the epoch; some issuers write fractions (RFC 7519, section 2, NumericDate).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds(pub(crate) i64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        // Until the year 9999; beyond that it is no time.
        if !(0.0..=253_402_300_799.0).contains(&seconds) {
            return Err(serde::de::Error::custom("not a time"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is within the bounds above"
        )]
        Ok(Self(seconds as i64))
    }
}

/// base64url without padding, in its one form: bits that mean nothing have to be zero.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests;
