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

/// What a source has to know and nobody else.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Secrets {
    pepper: Option<Peppering>,
    /// The settings that all hashes of one project share, such as Firebase's signer key.
    #[serde(default)]
    pub(crate) projects: BTreeMap<String, Value>,
    /// Of the app client of the other user pool, if that has one.
    pub(crate) old_client_secret: Option<SecretString>,
    /// What requests to the HTTP endpoint are signed with.
    pub(crate) endpoint_key: Option<SecretString>,
    /// Of the account that searches the directory.
    #[cfg(feature = "ldap")]
    pub(crate) ldap_password: Option<SecretString>,
    /// Of the user as whom the database is asked.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) sql_password: Option<SecretString>,
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
    #[error("failed to read the secrets of the migration")]
    Read(#[from] CallError),
    /// Logged by its kind, since its own text could quote a secret.
    #[error("failed to understand the secrets of the migration")]
    Malformed(#[source] serde_json::Error),
}
