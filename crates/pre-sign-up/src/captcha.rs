//! The provider of a CAPTCHA: it is asked whether a proof that came with a sign-up is good.
//!
//! One answer is the same for as long as the proof could count: what was answered for this user and this proof is remembered, since Cognito
//! may call again with the same event, and a provider takes a proof only once. What that covers beyond this process, each provider's file
//! says.

mod hcaptcha;
mod provider;
mod recaptcha;
mod recent;
mod secret;
mod siteverify;
mod turnstile;

use std::error::Error;

use aws_connection::OnFirstUse;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::SdkError;
use aws_sdk_ssm::operation::get_parameter::GetParameterError;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::config::CaptchaRules;

pub(crate) use provider::{Provider, scored};

use recent::Recent;
use secret::Secret;
use siteverify::Siteverify;

/// The provider, and the secret with which it is asked.
#[derive(Debug)]
pub struct Captcha {
    provider: Provider,
    secret: Secret,
    siteverify: Siteverify,
    recent: Recent,
}

impl Captcha {
    /// The provider of the rules; its secret is read with this client, at the first proof.
    pub fn new(client: impl Into<OnFirstUse<Client>>, rules: &CaptchaRules) -> Self {
        Self {
            provider: rules.provider,
            secret: Secret::new(client.into(), &rules.secret),
            siteverify: Siteverify::new(&rules.endpoint),
            recent: Recent::default(),
        }
    }

    /// What the provider says about the proof that this attempt brought.
    pub(crate) async fn check(
        &self,
        attempt: &Attempt<'_>,
        now: OffsetDateTime,
    ) -> Result<Answer, CaptchaError> {
        if let Some(answer) = self.recent.answer(attempt, now) {
            return Ok(answer);
        }
        let secret = self.secret.get(now).await?;
        let mut answer = self.ask(attempt, &secret).await?;
        if answer.speaks_against_the_secret() {
            // It may have been changed since it was read; a proof that was not looked at is not used up.
            let changed = self.secret.read_again(now).await?;
            if changed.expose_secret() != secret.expose_secret() {
                answer = self.ask(attempt, &changed).await?;
            }
        }
        if answer.speaks_against_the_secret() {
            return Err(CaptchaError::SecretRefused);
        }
        self.recent.remember(attempt, &answer, now);
        Ok(answer)
    }

    async fn ask(
        &self,
        attempt: &Attempt<'_>,
        secret: &SecretString,
    ) -> Result<Answer, CaptchaError> {
        let mut fields = vec![
            ("secret", secret.expose_secret().to_owned()),
            ("response", attempt.token.to_owned()),
        ];
        fields.extend(self.provider.more_fields(attempt));
        let answer = self.siteverify.post(&fields).await?;
        if self
            .provider
            .out_of_order()
            .is_some_and(|code| answer.has_error(code))
        {
            return Err(CaptchaError::OutOfOrder);
        }
        Ok(answer)
    }
}

/// A proof, and whose sign-up it came with.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) user_name: &'a str,
    pub(crate) token: &'a str,
}

impl Attempt<'_> {
    /// The same for the same event, and for no other user or proof.
    fn digest(&self) -> [u8; 32] {
        let Self {
            user_pool_id,
            user_name,
            token,
        } = self;
        Sha256::digest(format!("{user_pool_id}|{token}|{user_name}")).into()
    }

    /// The digest's beginning as a UUID, in the form of a random one (RFC 9562, section 5.4).
    fn as_uuid(&self) -> String {
        let mut bytes = self.digest();
        bytes[6] = 0x40 | bytes[6] & 0x0f;
        bytes[8] = 0x80 | bytes[8] & 0x3f;
        let part = |range: std::ops::Range<usize>| -> String {
            let bytes = bytes[range].iter();
            bytes.map(|byte| format!("{byte:02x}")).collect()
        };
        [
            part(0..4),
            part(4..6),
            part(6..8),
            part(8..10),
            part(10..16),
        ]
        .join("-")
    }
}

/// What all providers answer, with what some add.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct Answer {
    /// Whether the proof is good.
    pub(crate) success: bool,
    /// Whose page showed the puzzle.
    #[serde(default)]
    pub(crate) hostname: Option<String>,
    /// What the page called the action.
    #[serde(default)]
    pub(crate) action: Option<String>,
    /// From 0, a robot, to 1, a person.
    #[serde(default)]
    pub(crate) score: Option<f64>,
    /// Why the proof is not good.
    #[serde(default, rename = "error-codes")]
    pub(crate) error_codes: Option<Vec<String>>,
}

impl Answer {
    fn has_error(&self, code: &str) -> bool {
        let mut codes = self.error_codes.iter().flatten();
        !self.success && codes.any(|error| error == code)
    }

    /// All providers have the same words for it.
    fn speaks_against_the_secret(&self) -> bool {
        self.has_error("invalid-input-secret") || self.has_error("missing-input-secret")
    }
}

/// Why nothing is known about a proof.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaptchaError {
    #[error("failed to read the secret of the CAPTCHA provider")]
    SecretUnread(#[source] Box<SdkError<GetParameterError>>),
    #[error("failed to read the secret of the CAPTCHA provider: the parameter is empty")]
    SecretEmpty,
    #[error("the CAPTCHA provider does not take the secret")]
    SecretRefused,
    #[error("failed to reach the CAPTCHA provider")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    #[error("failed to reach the CAPTCHA provider within 1.5 s")]
    TooSlow,
    #[error("the CAPTCHA provider is out of order")]
    OutOfOrder,
    #[error("the CAPTCHA provider answers with status {0}")]
    Status(u16),
    #[error("the CAPTCHA provider's answer is longer than 16 KiB")]
    TooLong,
    #[error("the CAPTCHA provider's answer cannot be read")]
    Unreadable,
}

impl CaptchaError {
    /// Whether the provider could not be reached, or is at fault itself; nothing that a proof can bring about, and no fault of ours.
    pub(crate) fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::TooSlow | Self::OutOfOrder => true,
            Self::Status(status) => *status >= 500,
            Self::SecretUnread(_)
            | Self::SecretEmpty
            | Self::SecretRefused
            | Self::TooLong
            | Self::Unreadable => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Attempt};

    #[test]
    fn an_attempt_has_one_uuid_and_shares_it_with_no_other() {
        let attempt = |user_name, token| Attempt {
            user_pool_id: "eu-central-1_Kx7QmT2Zd",
            user_name,
            token,
        };
        let uuid = attempt("ines", "token").as_uuid();
        // Made by `printf 'eu-central-1_Kx7QmT2Zd|token|ines' | sha256sum`, with the bits of version and variant set.
        assert_eq!(uuid, "8c6e085a-8cf4-4eff-9e1e-7c71a8cf0a39");
        assert_eq!(attempt("ines", "token").as_uuid(), uuid);
        assert_ne!(attempt("kim", "token").as_uuid(), uuid);
        assert_ne!(attempt("ines", "another").as_uuid(), uuid);
    }

    #[test]
    fn nulls_and_unknown_fields_do_not_matter() {
        let answer: Answer = serde_json::from_str(
            r#"{"success": true, "hostname": "example.org", "action": null, "error-codes": null, "cdata": ""}"#,
        )
        .unwrap();
        let expected = Answer {
            success: true,
            hostname: Some("example.org".to_owned()),
            ..Answer::default()
        };
        assert_eq!(answer, expected);
    }
}
