use std::time::SystemTime;

use aws_connection::{CallError, OnFirstUse};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, future};
use aws_sdk_sts::Client;

/// A role of the other pool's account, as which that pool's users are looked at. It is assumed when it is first needed, and again when
/// its hour is over, which the SDK knows.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) client: OnFirstUse<Client>,
    pub(crate) arn: String,
}

impl ProvideCredentials for Role {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(Box::pin(self.assume()))
    }
}

impl Role {
    async fn assume(&self) -> Result {
        let request = self
            .client
            .assume_role()
            .role_arn(&self.arn)
            .role_session_name("user-migration");
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let answer = Box::pin(request.send()).await.map_err(|error| {
            let error = CallError::from(error);
            // The call that needed it says only that its request could not be made.
            tracing::error!(
                cause = entrypoint::with_causes(&error),
                "the role of the other user pool cannot be assumed"
            );
            CredentialsError::provider_error(error)
        })?;
        let given = answer.credentials;
        let given = given.ok_or_else(CredentialsError::not_loaded_no_source)?;
        let until = SystemTime::try_from(given.expiration);
        Ok(Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            Some(until.map_err(CredentialsError::unhandled)?),
            "AssumeRole",
        ))
    }
}

#[cfg(test)]
mod tests;
