use aws_connection::CallError;
use aws_sdk_sts::Client;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::identity_pool::Token;
use crate::rules::Grant;

/// Credentials of a role, for a while.
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: SecretString,
    pub(crate) session_token: SecretString,
    pub(crate) expiration: OffsetDateTime,
}

/// The credentials that the pool's token is good for, in the role and within the limits of the rule.
///
/// The call is not signed: it is the token that has the right to it, and no permission of this function.
pub(crate) async fn assume(
    client: &Client,
    token: &Token,
    grant: &Grant<'_>,
) -> Result<Credentials, NoCredentials> {
    let policy = grant.session_policy.map(ToString::to_string);
    let request = client
        .assume_role_with_web_identity()
        .role_arn(grant.role)
        .role_session_name(session_name(&token.identity_id))
        .web_identity_token(token.token.expose_secret())
        .duration_seconds(grant.seconds)
        .set_policy(policy);
    // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
    let answer = Box::pin(request.send()).await.map_err(CallError::from)?;
    let credentials = answer.credentials.ok_or(NoCredentials::NotThere)?;
    let expiration = OffsetDateTime::from_unix_timestamp(credentials.expiration.secs());
    Ok(Credentials {
        access_key_id: credentials.access_key_id,
        secret_access_key: credentials.secret_access_key.into(),
        session_token: credentials.session_token.into(),
        expiration: expiration.map_err(|_| NoCredentials::NotThere)?,
    })
}

/// The identity's id, as far as the name of a session takes it: `[\w+=,.@-]{2,64}`.
fn session_name(identity_id: &str) -> String {
    identity_id.replace(':', ".").chars().take(64).collect()
}

/// Why there are no credentials: the role does not trust the pool's token, or STS does not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoCredentials {
    #[error("failed to assume the role of a rule")]
    Call(#[from] CallError),
    #[error("STS answers without credentials")]
    NotThere,
}

#[cfg(test)]
mod tests {
    use super::session_name;

    #[test]
    fn a_session_is_named_after_the_identity() {
        let id = "us-east-1:5b0c3f6e-0c7a-4f5e-8a39-2b8f6f7a4c55";
        let expected = "us-east-1.5b0c3f6e-0c7a-4f5e-8a39-2b8f6f7a4c55";
        assert_eq!(session_name(id), expected);
        assert_eq!(session_name(&"a".repeat(65)).len(), 64);
    }
}
