//! Recovery codes are made ten at a time, and whatever was left before is gone.

use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::encryption::Purpose;
use crate::error::AuthenticatorsError;
use crate::items::text as text_of;
use crate::owner::Owner;
use crate::recovery_code;
use crate::table::{Authenticators, RECOVERY_CODES, Written, number, text, write};

/// How many codes a user gets.
const CODES: usize = 10;

/// As long as what the hash makes.
const KEY_BYTES: usize = 32;

impl Authenticators {
    /// Ten new recovery codes, which nobody can show again; the old ones are gone. `None` if another request made some at the same time: those count.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError`]
    pub async fn make_recovery_codes(
        &self,
        owner: &Owner,
        now: OffsetDateTime,
    ) -> Result<Option<Vec<SecretString>>, AuthenticatorsError> {
        let before = match &self.item(owner, RECOVERY_CODES).await? {
            Some(item) => text_of(item, "batchId")?,
            None => None,
        };
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key)?;
        let code_key = self
            .encryption
            .encrypt(owner, Purpose::RecoveryCodes, &key)
            .await?;
        let codes: Vec<SecretString> = (0..CODES)
            .map(|_| recovery_code::generate())
            .collect::<Result<_, _>>()?;
        let hashes = codes
            .iter()
            .map(|code| recovery_code::keyed_hash(&key, code.expose_secret()))
            .collect();
        let batch_id = batch_id()?;
        let condition = match before {
            Some(_) => "batchId = :before",
            None => "attribute_not_exists(batchId)",
        };
        let update = self
            .update(owner, RECOVERY_CODES)
            .update_expression(
                "SET batchId = :batchId, codeKey = :codeKey, codes = :codes, redeemed = :redeemed, madeAt = :now",
            )
            .condition_expression(condition)
            .set_expression_attribute_values(Some(
                [
                    (":batchId", text(&batch_id)),
                    (":codeKey", AttributeValue::B(code_key)),
                    (":codes", AttributeValue::Ss(hashes)),
                    (":redeemed", AttributeValue::M([].into())),
                    (":now", number(now.unix_timestamp())),
                ]
                .into_iter()
                .chain(before.map(|before| (":before", text(before))))
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            ));
        let ours = match write(update).await? {
            Written::Done => true,
            // The SDK writes again when an answer is lost; the batch that is in the way is then this one.
            Written::Not(Some(item)) => text_of(&item, "batchId")?.as_deref() == Some(&batch_id),
            Written::Not(None) => false,
        };
        Ok(ours.then_some(codes))
    }
}

/// What tells one batch of codes from the next.
fn batch_id() -> Result<String, AuthenticatorsError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
