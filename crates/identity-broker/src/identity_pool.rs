use std::collections::BTreeMap;

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentity::Client;
use aws_sdk_cognitoidentity::error::SdkError;
use aws_sdk_cognitoidentity::operation::get_open_id_token_for_developer_identity::{
    GetOpenIdTokenForDeveloperIdentityError as Refused,
    GetOpenIdTokenForDeveloperIdentityOutput as Output,
};
use broker_identities::Identifier;
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};

use crate::jws::Unverified;
use crate::problem::{NoAnswer, Problem};

/// The identity pool, as far as the broker may use it.
#[derive(Debug)]
pub(crate) struct IdentityPool {
    client: OnFirstUse<Client>,
    id: String,
    provider_name: String,
}

/// A token of the pool for one developer user.
pub(crate) struct Token {
    pub(crate) identity_id: String,
    pub(crate) token: SecretString,
    pub(crate) expires_at: OffsetDateTime,
}

/// For whom, and with what, a token is asked for. All of it is the broker's own: nothing is passed on that a client named.
pub(crate) struct Asked<'a> {
    pub(crate) account: &'a Identifier,
    /// The identity of a guest who has proven it, to become the account's.
    pub(crate) guest: Option<&'a str>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) valid_for: Duration,
}

impl IdentityPool {
    pub(crate) fn new(client: OnFirstUse<Client>, id: &str, provider_name: &str) -> Self {
        Self {
            client,
            id: id.to_owned(),
            provider_name: provider_name.to_owned(),
        }
    }

    /// A token for the account.
    pub(crate) async fn token(
        &self,
        asked: &Asked<'_>,
        now: OffsetDateTime,
    ) -> Result<Token, NoAnswer> {
        let output = match self.call(asked).await {
            // Two first sign-ins at once: by now the other one has made the identity.
            Err(error) if asked.guest.is_none() && is_conflict(&error) => self.call(asked).await,
            answered => answered,
        };
        let output = match output {
            Ok(output) => output,
            Err(error) if asked.guest.is_some() && is_about_the_guest(&error) => {
                return Err(Problem::HasAnIdentity.into());
            }
            Err(error) => return Err(NoToken::Call(error.into()).into()),
        };
        Ok(self.checked(output, asked, now)?)
    }

    async fn call(&self, asked: &Asked<'_>) -> Result<Output, SdkError<Refused>> {
        let tags = asked.tags.clone().into_iter().collect();
        let request = self
            .client
            .get_open_id_token_for_developer_identity()
            .identity_pool_id(&self.id)
            .logins(&self.provider_name, asked.account.as_str())
            .set_identity_id(asked.guest.map(str::to_owned))
            .set_principal_tags(
                Some(tags).filter(|tags: &std::collections::HashMap<_, _>| !tags.is_empty()),
            )
            .token_duration(asked.valid_for.whole_seconds());
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        Box::pin(request.send()).await
    }

    /// The token, if it is what was asked for: of this pool, for this developer user, and for the identity that the answer names. Its signature
    /// is not looked at, since it has come from where it was made.
    fn checked(
        &self,
        output: Output,
        asked: &Asked<'_>,
        now: OffsetDateTime,
    ) -> Result<Token, NoToken> {
        let (Some(identity_id), Some(token)) = (output.identity_id, output.token) else {
            return Err(NoToken::NotAsAsked);
        };
        let token = SecretString::from(token);
        let unverified = Unverified::parse(token.expose_secret()).ok_or(NoToken::NotAsAsked)?;
        let claims = unverified.trusted_claims().ok_or(NoToken::NotAsAsked)?;
        let login = format!("{}:{}:{}", self.provider_name, self.id, asked.account);
        let amr = claims.more.get("amr").and_then(|amr| amr.as_array());
        let names = |text: &str| {
            amr.is_some_and(|amr| amr.iter().any(|method| method.as_str() == Some(text)))
        };
        let is_as_asked = claims.sub == identity_id
            && claims.aud.0 == [self.id.as_str()]
            && names("authenticated")
            && names(&login)
            && claims.exp.0 > now.unix_timestamp()
            && asked.guest.is_none_or(|guest| guest == identity_id);
        let expires_at = OffsetDateTime::from_unix_timestamp(claims.exp.0);
        match expires_at {
            Ok(expires_at) if is_as_asked => Ok(Token {
                identity_id,
                token,
                expires_at,
            }),
            _ => Err(NoToken::NotAsAsked),
        }
    }
}

fn is_conflict(error: &SdkError<Refused>) -> bool {
    error
        .as_service_error()
        .is_some_and(Refused::is_resource_conflict_exception)
}

/// Whether the pool refuses because the account has another identity, or the guest's is nobody's to take any more.
fn is_about_the_guest(error: &SdkError<Refused>) -> bool {
    error.as_service_error().is_some_and(|error| {
        error.is_developer_user_already_registered_exception()
            || error.is_resource_conflict_exception()
            || error.is_not_authorized_exception()
            || error.is_resource_not_found_exception()
    })
}

/// Why the pool gave no token.
#[derive(Debug, thiserror::Error)]
enum NoToken {
    #[error("failed to ask the identity pool for a token")]
    Call(#[source] CallError),
    #[error("the identity pool's token is not what was asked for")]
    NotAsAsked,
}
