use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::operation::admin_add_user_to_group::AdminAddUserToGroupError;

use crate::user::User;

/// The groups of the user pool that an event comes from.
#[derive(Debug, Clone)]
pub struct Groups {
    client: OnFirstUse<Client>,
}

impl Groups {
    /// The groups that this client can reach.
    pub fn new(client: impl Into<OnFirstUse<Client>>) -> Self {
        let client = client.into();
        Self { client }
    }

    /// Puts the user into the group; `false` if there is no such group. Nothing happens to a user who is in it.
    ///
    /// # Errors
    ///
    /// [`GroupsError`]
    pub async fn give(&self, user: &User, group: &str) -> Result<bool, GroupsError> {
        let request = self
            .client
            .admin_add_user_to_group()
            .user_pool_id(user.user_pool_id())
            .username(user.user_name())
            .group_name(group);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(AdminAddUserToGroupError::is_resource_not_found_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(GroupsError(error.into())),
        }
    }
}

/// The user pool did not answer, or refused.
#[derive(Debug, thiserror::Error)]
#[error("failed to put the user into a group")]
pub struct GroupsError(#[source] CallError);
