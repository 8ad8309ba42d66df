use super::{Answer, Attempt, hcaptcha, recaptcha, turnstile};
use crate::config::{CaptchaRules, Endpoint};

/// Who sets the puzzle. The only place that tells the providers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    Turnstile,
    HCaptcha,
    ReCaptcha,
}

impl Provider {
    /// Where it checks proofs.
    pub(crate) fn endpoint(self) -> Endpoint {
        let address = match self {
            Self::Turnstile => turnstile::ADDRESS,
            Self::HCaptcha => hcaptcha::ADDRESS,
            Self::ReCaptcha => recaptcha::ADDRESS,
        };
        address.parse().expect("a provider's address is one")
    }

    /// The domains that are its own.
    pub(crate) fn domains(self) -> &'static [&'static str] {
        match self {
            Self::Turnstile => turnstile::DOMAINS,
            Self::HCaptcha => hcaptcha::DOMAINS,
            Self::ReCaptcha => recaptcha::DOMAINS,
        }
    }

    /// Whether its answers can name the page's action.
    pub(crate) fn names_actions(self) -> bool {
        match self {
            Self::Turnstile | Self::ReCaptcha => true,
            Self::HCaptcha => false,
        }
    }

    /// Whether its answers can have a score.
    pub(crate) fn scores(self) -> bool {
        match self {
            Self::ReCaptcha => true,
            Self::Turnstile | Self::HCaptcha => false,
        }
    }

    /// What it is sent besides secret and proof.
    pub(super) fn more_fields(self, attempt: &Attempt) -> Vec<(&'static str, String)> {
        match self {
            Self::Turnstile => turnstile::more_fields(attempt),
            Self::HCaptcha | Self::ReCaptcha => vec![],
        }
    }

    /// The error code with which it owns to a fault, if it has one.
    pub(super) fn out_of_order(self) -> Option<&'static str> {
        match self {
            Self::Turnstile => Some(turnstile::OUT_OF_ORDER),
            Self::HCaptcha | Self::ReCaptcha => None,
        }
    }
}

/// Whether the answer's score is as high as the rules ask for.
pub(crate) fn scored(rules: &CaptchaRules, answer: &Answer) -> bool {
    rules
        .min_score
        .is_none_or(|least| recaptcha::scored(answer, least))
}
