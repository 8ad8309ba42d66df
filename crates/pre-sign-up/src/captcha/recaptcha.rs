//! Google reCAPTCHA, versions 2 and 3; only the latter gives a score and names the action. A proof counts once, within 120 s. As with
//! hCaptcha, an event that comes again is answered alike only by the process that answered it before.
//!
//! Source: <https://developers.google.com/recaptcha/docs/verify>, <https://developers.google.com/recaptcha/docs/v3>

use super::Answer;

pub(super) const ADDRESS: &str = "https://www.google.com/recaptcha/api/siteverify";

/// The second is for where the first cannot be reached.
pub(super) const DOMAINS: &[&str] = &["google.com", "recaptcha.net"];

/// Whether the score is high enough. An answer without one is version 2's, whose site key was not meant.
pub(super) fn scored(answer: &Answer, least: f64) -> bool {
    answer.score.is_some_and(|score| score >= least)
}
