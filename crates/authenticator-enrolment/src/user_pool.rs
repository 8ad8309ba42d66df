use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::operation::get_user::{GetUserError, GetUserOutput};
use secrecy::ExposeSecret;

use crate::caller::Caller;
use crate::problem::{NoAnswer, Problem};

/// The user pool that made the tokens.
pub(crate) struct UserPool {
    client: OnFirstUse<Client>,
}

impl UserPool {
    pub(crate) fn new(client: impl Into<OnFirstUse<Client>>) -> Self {
        Self {
            client: client.into(),
        }
    }

    /// What an authenticator app is to call the account of the caller, who is still signed in: Cognito says so of the token itself, which an
    /// authorizer takes until it expires.
    pub(crate) async fn account_of(&self, caller: &Caller) -> Result<String, NoAnswer> {
        let request = self
            .client
            .get_user()
            .access_token(caller.token.expose_secret());
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let user = match Box::pin(request.send()).await {
            Ok(user) => user,
            Err(error) if error.as_service_error().is_some_and(is_about_the_user) => {
                return Err(Problem::NotSignedIn.into());
            }
            Err(error) => return Err(NotAsked(error.into()).into()),
        };
        if attribute(&user, "sub") != Some(&*caller.sub) {
            return Err(Problem::NotSignedIn.into());
        }
        let known_as = attribute(&user, "email").or(attribute(&user, "preferred_username"));
        Ok(known_as.unwrap_or(user.username()).to_owned())
    }
}

/// Whether Cognito refuses the token or its user, and does not only fail to answer.
fn is_about_the_user(error: &GetUserError) -> bool {
    error.is_not_authorized_exception()
        || error.is_user_not_found_exception()
        || error.is_user_not_confirmed_exception()
        || error.is_password_reset_required_exception()
        || error.is_forbidden_exception()
}

fn attribute<'a>(user: &'a GetUserOutput, name: &str) -> Option<&'a str> {
    let mut attributes = user.user_attributes().iter();
    attributes
        .find(|attribute| attribute.name() == name)?
        .value()
}

/// The user pool did not answer, or refused for a reason that is not the user's.
#[derive(Debug, thiserror::Error)]
#[error("failed to ask the user pool whether the caller is signed in")]
struct NotAsked(#[source] CallError);
