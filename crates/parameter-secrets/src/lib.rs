//! What a function has to know and nobody else: JSON in a SecureString parameter of SSM, read when it is needed and kept for a while.
//!
//! Which secrets there are is each function's own. No value of theirs is printed, nor an error's text that could quote one.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-securestring.html>

mod name;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_ssm::Client;
use serde::de::DeserializeOwned;
use time::{Duration, OffsetDateTime};

pub use name::{NoName, ParameterName};

/// A changed secret is in use everywhere after this.
const MAX_AGE: Duration = Duration::minutes(10);

/// The parameter that holds the secrets `S`, which are kept in memory once they were read.
pub struct SecretStore<S> {
    /// `None` where no parameter is configured, and so no secret.
    parameter: Option<(OnFirstUse<Client>, String)>,
    kept: Mutex<Option<(Arc<S>, OffsetDateTime)>>,
}

impl<S: Default + DeserializeOwned> SecretStore<S> {
    /// The parameter of that name; without one there are the secrets that `S` has by default.
    pub fn new(client: OnFirstUse<Client>, parameter: Option<&str>) -> Self {
        Self {
            parameter: parameter.map(|parameter| (client, parameter.to_owned())),
            kept: Mutex::default(),
        }
    }

    /// The secrets, at most ten minutes old.
    ///
    /// # Errors
    ///
    /// [`SecretsError`], when SSM does not give the parameter, or it is not what was expected.
    pub async fn get(&self, now: OffsetDateTime) -> Result<Arc<S>, SecretsError> {
        let Some((client, parameter)) = &self.parameter else {
            return Ok(Arc::default());
        };
        if let Some(secrets) = self.kept(now) {
            return Ok(secrets);
        }
        let request = client.get_parameter().name(parameter).with_decryption(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let read = Box::pin(request.send()).await.map_err(CallError::from)?;
        let value = read.parameter.and_then(|parameter| parameter.value);
        let secrets = serde_json::from_str(value.as_deref().unwrap_or_default());
        let secrets: Arc<S> = Arc::new(secrets.map_err(SecretsError::Malformed)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((Arc::clone(&secrets), now));
        Ok(secrets)
    }

    fn kept(&self, now: OffsetDateTime) -> Option<Arc<S>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (secrets, since) = kept.as_ref()?;
        (now - *since < MAX_AGE).then(|| Arc::clone(secrets))
    }
}

impl<S> fmt::Debug for SecretStore<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretStore([redacted])")
    }
}

/// Why the secrets are not there.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// SSM did not give the parameter.
    #[error("failed to read the parameter with this function's secrets")]
    Read(#[from] CallError),
    /// The parameter is not the JSON that was expected. Logged by its kind, since its own text could quote a secret.
    #[error("failed to understand the parameter with this function's secrets")]
    Malformed(#[source] serde_json::Error),
}
