//! The groups of a user, asked of the user pool: pre authentication looks whether one of them is let through a block, and custom challenges
//! which policy is for the user.
//!
//! Of the pool's API it calls `AdminListGroupsForUser` alone, and it writes nothing. What it says of a failed call names the exception and
//! never the user.
//!
//! Source: <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html>

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentityprovider::Client;

/// The most that the API gives in one page.
const PAGE: i32 = 60;

/// A user is in 100 groups at most (Cognito's quotas, "Groups per user"): two pages, and some to spare.
const MAX_PAGES: usize = 4;

/// The user pools' API, as far as the groups of users.
#[derive(Debug, Clone)]
pub struct UserGroups {
    client: OnFirstUse<Client>,
}

impl UserGroups {
    /// The API through this client, which connects at the first call.
    pub fn new(client: impl Into<OnFirstUse<Client>>) -> Self {
        let client = client.into();
        Self { client }
    }

    /// The groups that the user is in; `None` for a user who does not exist, by the same call.
    ///
    /// # Errors
    ///
    /// [`GroupsError`], when there is no telling.
    pub async fn of(
        &self,
        pool_id: &str,
        user_name: &str,
    ) -> Result<Option<Vec<String>>, GroupsError> {
        let mut groups = Vec::new();
        let mut next = None;
        for _ in 0..MAX_PAGES {
            let listing = self
                .client
                .admin_list_groups_for_user()
                .user_pool_id(pool_id)
                .username(user_name)
                .limit(PAGE)
                .set_next_token(next)
                .send();
            // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
            let page = match Box::pin(listing).await {
                Ok(page) => page,
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(|refused| refused.is_user_not_found_exception()) =>
                {
                    return Ok(None);
                }
                Err(error) => return Err(GroupsError::Call(error.into())),
            };
            let names = page.groups.into_iter().flatten();
            groups.extend(names.filter_map(|group| group.group_name));
            next = page.next_token;
            if next.is_none() {
                return Ok(Some(groups));
            }
        }
        Err(GroupsError::TooMany)
    }
}

/// Why there is no telling which groups the user is in.
#[derive(Debug, thiserror::Error)]
pub enum GroupsError {
    /// The user pool did not answer, or answered with an error.
    #[error("failed to list the user's groups")]
    Call(#[source] CallError),
    /// More pages than a user can have groups.
    #[error("failed to list the user's groups: there is no end of them")]
    TooMany,
}
