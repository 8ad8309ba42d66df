//! The kinds of challenge. A new one is a file of `kinds`, an entry of [`Kind::ALL`] and `FACTS`, and an arm of each of the three matches.

use std::str::FromStr;

use secrecy::SecretString;
use sign_in_methods::Method;
use time::Duration;

use crate::attempt::{Attempt, Unverified};
use crate::challenge::Challenge;
use crate::config::Lifetimes;
use crate::kinds::{email_code, magic_link, recovery_code, sms_code, totp};
use crate::user_secret::UserSecret;

/// A kind of challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A code by e-mail.
    EmailCode,
    /// A code as a text message.
    SmsCode,
    /// A link by e-mail.
    MagicLink,
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
}

/// What a kind is called in a policy and by apps, and in the claim.
const FACTS: [(Kind, &str, Method); 5] = [
    (Kind::EmailCode, "email-code", Method::EmailCode),
    (Kind::SmsCode, "sms-code", Method::SmsCode),
    (Kind::MagicLink, "magic-link", Method::MagicLink),
    (Kind::Totp, "totp", Method::Totp),
    (Kind::RecoveryCode, "recovery-code", Method::RecoveryCode),
];

impl Kind {
    pub(crate) const ALL: [Self; 5] = [
        Self::EmailCode,
        Self::SmsCode,
        Self::MagicLink,
        Self::Totp,
        Self::RecoveryCode,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        FACTS[self as usize].1
    }

    pub(crate) fn method(self) -> Method {
        FACTS[self as usize].2
    }

    /// What is offered with a challenge of this kind, to whomever it is.
    pub(crate) fn offer(self, lifetimes: &Lifetimes) -> Offer {
        match self {
            Self::EmailCode => email_code::offer(lifetimes),
            Self::SmsCode => sms_code::offer(lifetimes),
            Self::MagicLink => magic_link::offer(lifetimes),
            Self::Totp => totp::offer(lifetimes),
            Self::RecoveryCode => recovery_code::offer(lifetimes),
        }
    }

    /// What a challenge says to the person who gets its message. The kind returns it and sends nothing.
    pub(crate) fn create(self, challenge: &Challenge, secret: &UserSecret) -> Content {
        match self {
            Self::EmailCode => email_code::create(challenge, secret),
            Self::SmsCode => sms_code::create(challenge, secret),
            Self::MagicLink => magic_link::create(challenge, secret),
            Self::Totp => totp::create(),
            Self::RecoveryCode => recovery_code::create(),
        }
    }

    /// Whether the answer is right. That it may be looked at, and only once, is the caller's to see to.
    pub(crate) async fn verify(self, attempt: &Attempt<'_>) -> Result<bool, Unverified> {
        match self {
            Self::EmailCode => Ok(email_code::verify(attempt)),
            Self::SmsCode => Ok(sms_code::verify(attempt)),
            Self::MagicLink => Ok(magic_link::verify(attempt)),
            Self::Totp => totp::verify(attempt).await,
            Self::RecoveryCode => recovery_code::verify(attempt).await,
        }
    }

    /// Whether an answer of this form could be guessed, so that it counts. What has 128 random bits or more need not be limited (NIST SP
    /// 800-63B-4, section 3.1.3.2), and nobody is locked out by those who try.
    pub(crate) fn is_guess(self, answer: &str) -> bool {
        self != Self::MagicLink || !magic_link::is_token(answer)
    }
}

impl FromStr for Kind {
    type Err = NoKind;

    fn from_str(text: &str) -> Result<Self, NoKind> {
        let mut known = Self::ALL.into_iter();
        known.find(|kind| kind.as_str() == text).ok_or(NoKind)
    }
}

/// A text is the name of no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoKind;

/// What is offered with a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    /// For how long the challenge can be answered.
    pub(crate) lifetime: Duration,
    /// How its message travels; none for a kind that sends nothing.
    pub(crate) channel: Option<Channel>,
    /// Whether a second sign-in of the user, begun before another message may leave, has the same challenge as the first, so that the code
    /// that came is good for both.
    pub(crate) is_shared: bool,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Email,
    Sms,
}

impl Channel {
    /// The user attribute with the address.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }
}

/// What a message brings.
#[derive(Default)]
pub(crate) struct Content {
    pub(crate) code: Option<SecretString>,
    pub(crate) link: Option<SecretString>,
    /// What the asking app and the message both show. No secret.
    pub(crate) number: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_facts() {
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!((kind as usize, FACTS[index].0), (index, kind));
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("passkey".parse::<Kind>(), Err(NoKind));
    }

    #[test]
    fn only_the_token_of_a_link_is_no_guess() {
        let token = "a".repeat(43);
        for kind in Kind::ALL {
            assert!(kind.is_guess("482913"), "{kind:?}");
            assert_eq!(kind.is_guess(&token), kind != Kind::MagicLink, "{kind:?}");
        }
    }
}
