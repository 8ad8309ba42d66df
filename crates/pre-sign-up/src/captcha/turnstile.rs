//! Cloudflare Turnstile. A proof counts once, within 300 s, but a check that is repeated with the same idempotency key has the same
//! answer; so an event that comes again is answered alike, wherever it is handled.
//!
//! Source: <https://developers.cloudflare.com/turnstile/get-started/server-side-validation/>

use super::Attempt;

pub(super) const ADDRESS: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

pub(super) const DOMAINS: &[&str] = &["cloudflare.com"];

/// What the provider says when it is at fault itself.
pub(super) const OUT_OF_ORDER: &str = "internal-error";

/// What it is sent besides secret and proof.
pub(super) fn more_fields(attempt: &Attempt) -> Vec<(&'static str, String)> {
    vec![("idempotency_key", attempt.as_uuid())]
}
