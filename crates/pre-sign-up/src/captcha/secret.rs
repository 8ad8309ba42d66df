use std::fmt;
use std::sync::{Mutex, PoisonError};

use aws_connection::OnFirstUse;
use aws_sdk_ssm::Client;
use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use super::CaptchaError;

/// A changed secret is in use everywhere after this, also where the provider still takes the old one.
const MAX_AGE: Duration = Duration::minutes(10);

/// The secret, kept in memory for a while. Parameter Store also gives out the secrets of Secrets Manager, under a name of its own.
///
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html>
pub(super) struct Secret {
    client: OnFirstUse<Client>,
    parameter: String,
    kept: Mutex<Option<(SecretString, OffsetDateTime)>>,
}

impl Secret {
    pub(super) fn new(client: OnFirstUse<Client>, parameter: &str) -> Self {
        Self {
            client,
            parameter: parameter.to_owned(),
            kept: Mutex::new(None),
        }
    }

    /// The secret, at most ten minutes old.
    pub(super) async fn get(&self, now: OffsetDateTime) -> Result<SecretString, CaptchaError> {
        match self.kept(now) {
            Some(secret) => Ok(secret),
            None => self.read_again(now).await,
        }
    }

    /// The secret as it is now.
    pub(super) async fn read_again(
        &self,
        now: OffsetDateTime,
    ) -> Result<SecretString, CaptchaError> {
        let read = self
            .client
            .get_parameter()
            .name(&self.parameter)
            .with_decryption(true)
            .send()
            .await
            .map_err(|error| CaptchaError::SecretUnread(Box::new(error)))?;
        let value = read.parameter.and_then(|parameter| parameter.value);
        // A line break at the end is what a file or an editor leaves.
        let value = value.as_deref().map_or("", str::trim);
        if value.is_empty() {
            return Err(CaptchaError::SecretEmpty);
        }
        let secret = SecretString::from(value);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((secret.clone(), now));
        Ok(secret)
    }

    fn kept(&self, now: OffsetDateTime) -> Option<SecretString> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (secret, since) = kept.as_ref()?;
        (now - *since < MAX_AGE).then(|| secret.clone())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret([redacted])")
    }
}
