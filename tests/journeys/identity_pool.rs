//! Identity pools as an app and a developer's own server call them: what their journeys share.

use aws_sdk_cognitoidentity as identity;
use aws_sdk_cognitoidentity::error::ProvideErrorMetadata;
use aws_sdk_sts as sts;
use identity::config::{Credentials, SharedCredentialsProvider};
use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, template};

/// What the template calls the developer provider.
pub(crate) const DEVELOPER: &str = "login.example.org";
/// The key of the token that a developer's server gets.
pub(crate) const COGNITO: &str = "cognito-identity.amazonaws.com";

/// The stand-in with identity pools of every kind.
pub(crate) struct Pools {
    pub(crate) stand_in: StandIn,
    pub(crate) identity: identity::Client,
}

impl Pools {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(options: &[&str]) -> Self {
        let template = template("identity-pool.yaml");
        let stand_in = StandIn::start(&[&["--template", &template], options].concat());
        let administrator = Credentials::new("local", "local", None, None, "journey");
        let config = stand_in.sdk_config("us-east-1").into_builder();
        let config = config.credentials_provider(SharedCredentialsProvider::new(administrator));
        let identity = identity::Client::new(&config.build());
        Self { stand_in, identity }
    }

    /// The id of an identity pool, by its logical id.
    pub(crate) fn pool(&self, logical_id: &str) -> String {
        let stack = self.stand_in.get("stack");
        let pools = stack["identityPools"].as_array().unwrap();
        let pool = pools.iter().find(|pool| pool["logicalId"] == logical_id);
        pool.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// What logins call the user pool.
    pub(crate) fn provider(&self) -> String {
        format!("cognito-idp.us-east-1.amazonaws.com/{}", self.stand_in.pool)
    }

    /// The tokens of a new user with a password.
    pub(crate) fn signed_in(&self, username: &str, client: &str) -> Value {
        self.add_user(username, &[]);
        self.sign_in(username, client)
    }

    pub(crate) fn add_user(&self, username: &str, attributes: &[(&str, &str)]) {
        let attributes = attributes.iter();
        let attributes: Vec<Value> = attributes
            .map(|(name, value)| json!({"Name": name, "Value": value}))
            .collect();
        let more = json!({"MessageAction": "SUPPRESS", "UserAttributes": attributes});
        idp::admin(&self.stand_in, "AdminCreateUser", username, more).unwrap();
        let password = json!({"Password": PASSWORD, "Permanent": true});
        idp::admin(&self.stand_in, "AdminSetUserPassword", username, password).unwrap();
    }

    /// The tokens of a user who is there.
    pub(crate) fn sign_in(&self, username: &str, client: &str) -> Value {
        let client = self.stand_in.client_id(client);
        let answer = idp::sign_in(&self.stand_in, &client, username, PASSWORD).unwrap();
        idp::tokens(&answer).clone()
    }

    /// The ID token of a new user of the usual app client.
    pub(crate) fn id_token(&self, username: &str) -> String {
        let tokens = self.signed_in(username, "WebClient");
        tokens["IdToken"].as_str().unwrap().to_owned()
    }

    /// The identity that a login leads to.
    pub(crate) async fn get_id(&self, pool: &str, login: Option<(&str, &str)>) -> Answered {
        let mut call = self.identity.get_id().identity_pool_id(self.pool(pool));
        if let Some((provider, token)) = login {
            call = call.logins(provider, token);
        }
        match call.send().await {
            Ok(answer) => Ok(answer.identity_id.unwrap()),
            Err(error) => Err(refusal(error.as_service_error().unwrap())),
        }
    }

    /// The credentials of an identity.
    pub(crate) async fn credentials(
        &self,
        identity_id: &str,
        login: Option<(&str, &str)>,
    ) -> Result<(String, Credentials), (String, String)> {
        self.credentials_of_role(identity_id, login, None).await
    }

    pub(crate) async fn credentials_of_role(
        &self,
        identity_id: &str,
        login: Option<(&str, &str)>,
        role: Option<&str>,
    ) -> Result<(String, Credentials), (String, String)> {
        let call = self.identity.get_credentials_for_identity();
        let mut call = call
            .identity_id(identity_id)
            .set_custom_role_arn(role.map(str::to_owned));
        if let Some((provider, token)) = login {
            call = call.logins(provider, token);
        }
        match call.send().await {
            Ok(answer) => {
                let given = answer.credentials.unwrap();
                let credentials = Credentials::new(
                    given.access_key_id.unwrap(),
                    given.secret_key.unwrap(),
                    given.session_token,
                    None,
                    "identity pool",
                );
                Ok((answer.identity_id.unwrap(), credentials))
            }
            Err(error) => Err(refusal(error.as_service_error().unwrap())),
        }
    }

    /// A developer's token for one of their users.
    pub(crate) async fn developer_token(&self, user: &str) -> (String, String) {
        let call = self.identity.get_open_id_token_for_developer_identity();
        let call = call
            .identity_pool_id(self.pool("IdentityPool"))
            .logins(DEVELOPER, user);
        let answer = call.send().await.unwrap();
        (answer.identity_id.unwrap(), answer.token.unwrap())
    }

    /// A client of the identity pools with these credentials.
    pub(crate) fn identity_as(&self, credentials: Credentials) -> identity::Client {
        let config = self.stand_in.sdk_config("us-east-1").into_builder();
        let config = config.credentials_provider(SharedCredentialsProvider::new(credentials));
        identity::Client::new(&config.build())
    }

    /// A client of STS with these credentials.
    pub(crate) fn sts(&self, credentials: Credentials) -> sts::Client {
        let config = self.stand_in.sdk_config("us-east-1").into_builder();
        let config = config.credentials_provider(SharedCredentialsProvider::new(credentials));
        sts::Client::new(&config.build())
    }

    /// Who has these credentials, as STS says it.
    pub(crate) async fn who(&self, credentials: Credentials) -> Result<String, String> {
        let asked = self.sts(credentials).get_caller_identity().send().await;
        match asked {
            Ok(answer) => Ok(answer.arn.unwrap()),
            Err(error) => Err(error.as_service_error().unwrap().code().unwrap().to_owned()),
        }
    }
}

/// An id, or the name and the text of a refusal.
pub(crate) type Answered = Result<String, (String, String)>;

pub(crate) fn refusal(error: &impl ProvideErrorMetadata) -> (String, String) {
    let text = error.message().unwrap_or_default();
    (error.code().unwrap().to_owned(), text.to_owned())
}

/// What a refusal should be.
pub(crate) fn refused<T>(name: &str, text: &str) -> Result<T, (String, String)> {
    Err((format!("{name}Exception"), text.to_owned()))
}

/// The token, by somebody else.
pub(crate) fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{first}{}", &signature[1..])
}
