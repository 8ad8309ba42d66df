//! What a client presents, and what is known once it is verified: two types, so that nobody takes one for the other.
//!
//! A new kind of proof is a file under `proofs/` and its three lines here.

use broker_identities::{Identifier, IdentifierKey, Login};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::config::Config;
use crate::http::Request;
use crate::outside::Outside;
use crate::problem::NoAnswer;
use crate::proofs::backend_jwt::BackendJwt;
use crate::proofs::device_key::{self, DeviceKey};
use crate::proofs::hmac_request::HmacRequest;
use crate::proofs::legacy_password::{self, LegacyPassword};
use crate::proofs::oidc_id_token::OidcIdToken;
use crate::replays::Once;
use crate::rules::Proven;

/// What a client presents. Nothing of it is true yet.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Proof {
    OidcIdToken(OidcIdToken),
    BackendJwt(BackendJwt),
    HmacRequest(HmacRequest),
    LegacyPassword(LegacyPassword),
    DeviceKey(DeviceKey),
}

/// What is true of whoever presented a proof.
#[derive(Debug)]
pub(crate) struct Verified {
    /// The kind of the proof.
    pub(crate) proof: &'static str,
    /// The operator's name for who vouches.
    pub(crate) source: String,
    /// What they are known by.
    pub(crate) identifier: Identifier,
    /// What they say of the person.
    pub(crate) claims: Map<String, Value>,
    /// What must not come again, if the proof counts only once.
    pub(crate) once: Option<Once>,
    /// Whether it has to be linked to an account before it is good for anything else.
    pub(crate) needs_an_account: bool,
}

/// Why a proof is none. The log has the name; the client is told nothing but that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unproven {
    Unreadable,
    UnknownIssuer,
    Signature,
    Subject,
    Audience,
    AuthorizedParty,
    TokenUse,
    Expired,
    NotYetValid,
    TooOld,
    TooLong,
    WithoutId,
    Nonce,
    UnknownKey,
    Challenge,
    Password,
    NotLinked,
    Blocked,
    Used,
    NoGuest,
}

/// What a proof is verified against.
pub(crate) struct Verifier<'a> {
    pub(crate) config: &'a Config,
    pub(crate) outside: &'a Outside,
    pub(crate) key: &'a IdentifierKey,
    pub(crate) request: &'a Request,
}

impl Verifier<'_> {
    /// What is true of whoever presents that.
    pub(crate) async fn verify(&self, proof: &Proof) -> Result<Verified, NoAnswer> {
        match proof {
            Proof::OidcIdToken(proof) => proof.verify(self).await,
            Proof::BackendJwt(proof) => proof.verify(self),
            Proof::HmacRequest(proof) => proof.verify(self).await,
            Proof::LegacyPassword(proof) => proof.verify(self).await,
            Proof::DeviceKey(proof) => proof.verify(self),
        }
    }

    pub(crate) fn identifier(&self, login: Login<'_>) -> Identifier {
        login.identifier(self.key)
    }
}

impl Verified {
    /// What rules are about.
    pub(crate) fn as_proven(&self) -> Proven<'_> {
        Proven {
            proof: self.proof,
            source: &self.source,
            claims: &self.claims,
        }
    }
}

/// What the operator cannot call a source, since proofs have these names themselves.
pub(crate) const OWN_SOURCES: [&str; 2] = [device_key::SOURCE, legacy_password::SOURCE];

/// A source's name is the beginning of identifiers.
pub(crate) fn is_source_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(is_allowed)
}
