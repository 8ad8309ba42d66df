//! TOTP is enrolled in two steps: a secret waits until a first right code shows that an app has it.

use aws_sdk_dynamodb::types::AttributeValue;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use time::{Duration, OffsetDateTime};

use crate::encryption::Purpose;
use crate::error::AuthenticatorsError;
use crate::items::{Active, Pending, Totp};
use crate::owner::Owner;
use crate::table::{Authenticators, TOTP, Written, key, number, text, write};
use crate::totp;
use crate::totp_secret::TotpSecret;

/// How long a secret waits for its first code: enough to find the telephone and install an app.
const PENDING: Duration = Duration::minutes(10);

/// How many codes can be tried for one pending secret. Whoever has the secret needs one or two.
const MOST_GUESSES: usize = 10;

/// A secret waits in the way of no other but one of the same session, so that a page can be loaded again.
///
/// Of another session it is replaced: else somebody who holds a stolen token could plant a secret that they know, and wait for the user
/// to confirm it.
const REPLACEABLE: &str = "attribute_not_exists(pendingSecret) OR pendingSession <> :session \
    OR pendingUntil <= :now OR (attribute_exists(pendingGuesses) AND size(pendingGuesses) >= :most)";

/// Whoever repeats a guess uses up none, so that an answer that was lost can be asked for again.
const GUESSABLE: &str = "pendingSecret = :secret AND (attribute_not_exists(pendingGuesses) \
    OR contains(pendingGuesses, :guess) OR size(pendingGuesses) < :most)";

const ACTIVATE: &str = "SET activeSecret = :secret, activeSince = :now, confirmedBy = :session, lastStep = :step, lastAttempt = :session \
    REMOVE pendingSecret, pendingSession, pendingUntil, pendingGuesses";

/// What came of a first code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The authenticator is active; the one before it is gone.
    Confirmed,
    /// The code is not of now, or of another secret.
    WrongCode,
    /// Too many codes were wrong: only a new secret helps.
    TooManyGuesses,
    /// This session has started nothing, or too long ago.
    NotStarted,
}

impl Authenticators {
    /// Makes the secret of an authenticator app, which is to be confirmed within ten minutes; an active one stays until then. Asked again
    /// by the same session, it is the same secret.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError`]
    pub async fn start_totp(
        &self,
        owner: &Owner,
        session: &str,
        now: OffsetDateTime,
    ) -> Result<TotpSecret, AuthenticatorsError> {
        let pending = self.totp(owner).await?.pending;
        if let Some(pending) = pending.filter(|pending| pending.is_usable(session, now)) {
            return self.secret_of(owner, &pending).await;
        }
        let secret = TotpSecret::generate()?;
        let encrypted = self
            .encryption
            .encrypt(owner, Purpose::Totp, secret.bytes())
            .await?;
        let update = self
            .update(owner, TOTP)
            .update_expression(
                "SET pendingSecret = :secret, pendingSession = :session, pendingUntil = :until REMOVE pendingGuesses",
            )
            .condition_expression(REPLACEABLE)
            .expression_attribute_values(":secret", AttributeValue::B(encrypted))
            .expression_attribute_values(":session", text(session))
            .expression_attribute_values(":until", number((now + PENDING).unix_timestamp()))
            .expression_attribute_values(":now", number(now.unix_timestamp()))
            .expression_attribute_values(":most", most_guesses());
        match write(update).await? {
            Written::Done => Ok(secret),
            // Another request of the session was faster.
            Written::Not(item) => match Totp::read(item.as_ref())?.pending {
                Some(pending) => self.secret_of(owner, &pending).await,
                None => Err(AuthenticatorsError::Malformed {
                    attribute: "pendingSecret",
                    expected: "there",
                }),
            },
        }
    }

    /// Makes the secret that waits the active one, if this is a code of it. The code cannot sign in any more.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError`]
    pub async fn confirm_totp(
        &self,
        owner: &Owner,
        session: &str,
        code: &SecretString,
        now: OffsetDateTime,
    ) -> Result<Confirmation, AuthenticatorsError> {
        let Totp { active, pending } = self.totp(owner).await?;
        let of_session = |pending: &Pending| pending.session == session && pending.is_alive(now);
        let Some(pending) = pending.filter(of_session) else {
            return self.confirmed_before(owner, session, code, active).await;
        };
        let secret = self.secret_of(owner, &pending).await?;
        let update = self
            .update(owner, TOTP)
            .update_expression("ADD pendingGuesses :guesses")
            .condition_expression(GUESSABLE)
            .expression_attribute_values(":secret", AttributeValue::B(pending.secret.clone()))
            .expression_attribute_values(":guess", text(guess(&secret, code)))
            .expression_attribute_values(":guesses", AttributeValue::Ss(vec![guess(&secret, code)]))
            .expression_attribute_values(":most", most_guesses());
        // Counted before it is compared, so that guesses at the same time count as well.
        if let Written::Not(item) = write(update).await? {
            let found = Totp::read(item.as_ref())?;
            if found
                .pending
                .is_some_and(|found| found.secret == pending.secret)
            {
                return Ok(Confirmation::TooManyGuesses);
            }
            return self
                .confirmed_before(owner, session, code, found.active)
                .await;
        }
        let Some(step) = totp::matching_step(secret.bytes(), code.expose_secret(), now) else {
            return Ok(Confirmation::WrongCode);
        };
        let update = self
            .update(owner, TOTP)
            .update_expression(ACTIVATE)
            .condition_expression("pendingSecret = :secret")
            .expression_attribute_values(":secret", AttributeValue::B(pending.secret))
            .expression_attribute_values(":now", number(now.unix_timestamp()))
            .expression_attribute_values(":session", text(session))
            .expression_attribute_values(":step", number(step));
        match write(update).await? {
            Written::Done => Ok(Confirmation::Confirmed),
            Written::Not(item) => {
                let active = Totp::read(item.as_ref())?.active;
                self.confirmed_before(owner, session, code, active).await
            }
        }
    }

    /// Removes the authenticator app, and one that was not confirmed yet. Nothing happens where there is none.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError::Write`]
    pub async fn remove_totp(&self, owner: &Owner) -> Result<(), AuthenticatorsError> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(owner, TOTP)));
        let removed = Box::pin(request.send()).await;
        removed.map_err(|error| AuthenticatorsError::Write(error.into()))?;
        Ok(())
    }

    /// Whether this very session has confirmed the active secret with this code: the answer was lost, or two requests came at once.
    async fn confirmed_before(
        &self,
        owner: &Owner,
        session: &str,
        code: &SecretString,
        active: Option<Active>,
    ) -> Result<Confirmation, AuthenticatorsError> {
        let Some((active, step)) = active.and_then(|active| {
            let step = active.last_step?;
            (active.confirmed_by.as_deref() == Some(session)).then_some((active, step))
        }) else {
            return Ok(Confirmation::NotStarted);
        };
        let secret = self
            .encryption
            .decrypt(owner, Purpose::Totp, &active.secret)
            .await?;
        if totp::is_code_of(secret.expose_secret(), code.expose_secret(), step) {
            Ok(Confirmation::Confirmed)
        } else {
            Ok(Confirmation::NotStarted)
        }
    }

    async fn secret_of(
        &self,
        owner: &Owner,
        pending: &Pending,
    ) -> Result<TotpSecret, AuthenticatorsError> {
        let secret = self
            .encryption
            .decrypt(owner, Purpose::Totp, &pending.secret)
            .await?;
        Ok(TotpSecret::new(secret))
    }
}

impl Pending {
    fn is_alive(&self, now: OffsetDateTime) -> bool {
        self.until > now.unix_timestamp()
    }

    fn is_usable(&self, session: &str, now: OffsetDateTime) -> bool {
        self.session == session && self.is_alive(now) && self.guesses < MOST_GUESSES
    }
}

/// What is remembered of a code that was tried.
fn guess(secret: &TotpSecret, code: &SecretString) -> String {
    let mac =
        Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("HMAC takes keys of any length");
    let digest = mac
        .chain_update("guess")
        .chain_update(code.expose_secret())
        .finalize()
        .into_bytes();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn most_guesses() -> AttributeValue {
    AttributeValue::N(MOST_GUESSES.to_string())
}
