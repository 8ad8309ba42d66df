use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_ssm::Client;
use legacy_password::Pepper;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// A changed secret is in use everywhere after this.
const MAX_AGE: Duration = Duration::minutes(10);

/// What the broker has to know and nobody else.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Secrets {
    /// By their names: two of one source while one takes the other's place.
    #[serde(default)]
    pub(crate) hmac_keys: BTreeMap<String, HmacKey>,
    pepper: Option<Peppering>,
    /// The settings that all hashes of one project share, such as Firebase's signer key.
    #[serde(default)]
    pub(crate) projects: BTreeMap<String, Value>,
}

/// A key that a system of the operator's signs requests with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HmacKey {
    /// The operator's name for that system.
    pub(crate) source: String,
    /// base64 of 32 bytes at least.
    pub(crate) key: SecretString,
}

/// What went into every hash of the older system.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Peppering {
    how: How,
    value: SecretString,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    Append,
    Prepend,
    HmacSha256,
}

impl Secrets {
    pub(crate) fn pepper(&self) -> Option<Pepper> {
        let Peppering { how, value } = self.pepper.as_ref()?;
        let pepper = match how {
            How::Append => Pepper::Append,
            How::Prepend => Pepper::Prepend,
            How::HmacSha256 => Pepper::HmacSha256,
        };
        Some(pepper(value.clone()))
    }
}

/// The parameter that holds them, kept in memory for a while.
pub(crate) struct SecretStore {
    /// `None` where no parameter is configured, and so no secret.
    parameter: Option<(OnFirstUse<Client>, String)>,
    kept: Mutex<Option<(Arc<Secrets>, OffsetDateTime)>>,
}

impl SecretStore {
    pub(crate) fn new(client: OnFirstUse<Client>, parameter: Option<&str>) -> Self {
        Self {
            parameter: parameter.map(|parameter| (client, parameter.to_owned())),
            kept: Mutex::default(),
        }
    }

    /// The secrets, at most ten minutes old.
    pub(crate) async fn get(&self, now: OffsetDateTime) -> Result<Arc<Secrets>, SecretsError> {
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
        let secrets: Arc<Secrets> = Arc::new(secrets.map_err(SecretsError::Malformed)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((Arc::clone(&secrets), now));
        Ok(secrets)
    }

    fn kept(&self, now: OffsetDateTime) -> Option<Arc<Secrets>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (secrets, since) = kept.as_ref()?;
        (now - *since < MAX_AGE).then(|| Arc::clone(secrets))
    }
}

impl fmt::Debug for SecretStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretStore([redacted])")
    }
}

/// Why the secrets are not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretsError {
    #[error("failed to read the secrets of the broker")]
    Read(#[from] CallError),
    /// Logged by its kind, since its own text could quote a secret.
    #[error("failed to understand the secrets of the broker")]
    Malformed(#[source] serde_json::Error),
}
