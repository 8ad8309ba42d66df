//! hCaptcha. A proof counts once, within 120 s, and the provider does not tell a repeated check from a stolen proof. An event that
//! comes again is answered alike by the process that answered it before; another one refuses, and the person solves another puzzle.
//!
//! Its score, which not every customer has, rises with the risk, the reverse of reCAPTCHA's; it is not looked at.
//!
//! Source: <https://docs.hcaptcha.com/#verify-the-user-response-server-side>

pub(super) const ADDRESS: &str = "https://api.hcaptcha.com/siteverify";

pub(super) const DOMAINS: &[&str] = &["hcaptcha.com"];
