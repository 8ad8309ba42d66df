use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentityprovider::Client;
use profiles::User;

/// The sessions of the user pool that an event comes from.
#[derive(Debug, Clone)]
pub(crate) struct Sessions {
    client: OnFirstUse<Client>,
}

impl Sessions {
    pub(crate) fn new(client: OnFirstUse<Client>) -> Self {
        Self { client }
    }

    /// Ends all sessions of the user: no refresh token of theirs is good any more. Done again, it changes nothing.
    pub(crate) async fn end_all(&self, user: &User) -> Result<(), SessionsError> {
        let request = self
            .client
            .admin_user_global_sign_out()
            .user_pool_id(user.user_pool_id())
            .username(user.user_name());
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(SessionsError(error.into())),
        }
    }
}

/// The user pool did not answer, or refused.
#[derive(Debug, thiserror::Error)]
#[error("failed to end the user's sessions")]
pub(crate) struct SessionsError(#[source] CallError);
