//! Whether what somebody shows is theirs. Each check makes the same calls for those who have the authenticator and those who have not.

use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::encryption::Purpose;
use crate::error::AuthenticatorsError;
use crate::items::binary;
use crate::owner::Owner;
use crate::recovery_code;
use crate::table::{Authenticators, RECOVERY_CODES, TOTP, Written, number, text, write};
use crate::totp;

/// Every code is taken once (RFC 6238, section 5.2), by one attempt, and so is every older one; a repetition of that attempt is answered
/// as it was. The secret must still be the one that was read.
const FRESH: &str = "activeSecret = :secret \
    AND (attribute_not_exists(lastStep) OR lastStep < :step OR (lastStep = :step AND lastAttempt = :attempt))";

/// A code is taken while it is among those that are left, by one attempt; a repetition of that attempt is answered as it was.
const REDEEMABLE: &str =
    "codeKey = :codeKey AND (contains(codes, :hash) OR redeemed.#hash = :attempt)";

impl Authenticators {
    /// Whether it is a code of the user's authenticator app, now, and not used before.
    ///
    /// The attempt is an id that the caller gives this answer to this challenge: a repetition of it is answered as it was, and the same code
    /// in another attempt is wrong. It is kept in the table, so it must be no secret.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError`]
    pub async fn verify_totp(
        &self,
        owner: &Owner,
        code: &SecretString,
        attempt: &str,
        now: OffsetDateTime,
    ) -> Result<bool, AuthenticatorsError> {
        let active = self.totp(owner).await?.active;
        let encrypted = active.as_ref().map(|active| &active.secret);
        let secret = self
            .encryption
            .decrypt_or_decoy(owner, Purpose::Totp, encrypted)
            .await?;
        let step = totp::matching_step(secret.expose_secret(), code.expose_secret(), now);
        // The decoy's codes are nobody's.
        let (Some(encrypted), Some(step)) = (encrypted, step) else {
            return Ok(false);
        };
        let update = self
            .update(owner, TOTP)
            .update_expression("SET lastStep = :step, lastAttempt = :attempt")
            .condition_expression(FRESH)
            .expression_attribute_values(":secret", AttributeValue::B(encrypted.clone()))
            .expression_attribute_values(":step", number(step))
            .expression_attribute_values(":attempt", text(attempt));
        Ok(matches!(write(update).await?, Written::Done))
    }

    /// Whether it is one of the user's recovery codes that are left, and takes it. What an attempt is: [`Authenticators::verify_totp`].
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError`]
    pub async fn redeem_recovery_code(
        &self,
        owner: &Owner,
        code: &SecretString,
        attempt: &str,
    ) -> Result<bool, AuthenticatorsError> {
        let item = self.item(owner, RECOVERY_CODES).await?;
        let encrypted = match &item {
            Some(item) => binary(item, "codeKey")?,
            None => None,
        };
        let key = self
            .encryption
            .decrypt_or_decoy(owner, Purpose::RecoveryCodes, encrypted.as_ref())
            .await?;
        let hash = recovery_code::keyed_hash(key.expose_secret(), code.expose_secret());
        // Written for those without codes as well: the condition fails there as it does for a wrong code.
        let code_key = encrypted.unwrap_or_default();
        let update = self
            .update(owner, RECOVERY_CODES)
            .update_expression("SET redeemed.#hash = :attempt DELETE codes :hashes")
            .condition_expression(REDEEMABLE)
            .expression_attribute_names("#hash", &hash)
            .expression_attribute_values(":codeKey", AttributeValue::B(code_key))
            .expression_attribute_values(":hashes", AttributeValue::Ss(vec![hash.clone()]))
            .expression_attribute_values(":hash", text(hash))
            .expression_attribute_values(":attempt", text(attempt));
        Ok(matches!(write(update).await?, Written::Done))
    }
}
