//! Identity pools as an app and a developer's own server call them.

use aws_sdk_cognitoidentity as identity;
use aws_sdk_cognitoidentity::error::ProvideErrorMetadata;
use aws_sdk_sts as sts;
use identity::config::{Credentials, SharedCredentialsProvider};
use serde_json::{Value, json};
use tests::jwt;
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

fn session(role: &str) -> Result<String, String> {
    Ok(format!(
        "arn:aws:sts::123456789012:assumed-role/{role}/CognitoIdentityCredentials"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_the_user_pool_gets_credentials_for_an_hour() {
    let pools = Pools::start();
    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    let id = pools.get_id("IdentityPool", login).await.unwrap();
    assert!(id.starts_with("us-east-1:") && id.len() == 46, "{id}");
    assert_eq!(pools.get_id("IdentityPool", login).await, Ok(id.clone()));
    let (given_id, credentials) = pools.credentials(&id, login).await.unwrap();
    assert_eq!(given_id, id);
    assert!(credentials.access_key_id().starts_with("ASIA"));
    assert_eq!(
        pools.who(credentials.clone()).await,
        session("authenticated")
    );
    pools.stand_in.advance_clock(3_599);
    assert_eq!(
        pools.who(credentials.clone()).await,
        session("authenticated")
    );
    pools.stand_in.advance_clock(1);
    assert_eq!(pools.who(credentials).await, Err("ExpiredToken".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_pool_can_be_named_as_its_tokens_name_it() {
    let pools = Pools::start();
    let token = pools.id_token("ines");
    let issuer = jwt::claims(&token)["iss"].as_str().unwrap().to_owned();
    let local = issuer.strip_prefix("http://").unwrap();
    let id = pools.get_id("IdentityPool", Some((local, &token))).await;
    let provider = pools.provider();
    let same = pools
        .get_id("IdentityPool", Some((&provider, &token)))
        .await;
    assert!(id.is_ok());
    assert_eq!(id, same);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_gets_what_guests_get_until_they_sign_in() {
    let pools = Pools::start();
    let guest = pools.get_id("IdentityPool", None).await.unwrap();
    let (_, credentials) = pools.credentials(&guest, None).await.unwrap();
    assert_eq!(pools.who(credentials).await, session("guest"));
    assert_ne!(pools.get_id("IdentityPool", None).await, Ok(guest.clone()));

    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    let (id, credentials) = pools.credentials(&guest, login).await.unwrap();
    assert_eq!(id, guest);
    assert_eq!(pools.who(credentials).await, session("authenticated"));
    assert_eq!(
        pools.credentials(&guest, None).await.map(|_| ()),
        refused(
            "NotAuthorized",
            &format!("Access to Identity '{guest}' is forbidden.")
        )
    );

    let other = pools.get_id("IdentityPool", None).await.unwrap();
    let (id, _) = pools.credentials(&other, login).await.unwrap();
    assert_eq!(id, guest, "the second guest is who has signed in before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_s_user_gets_credentials_by_a_token() {
    let pools = Pools::start();
    let pool = pools.pool("IdentityPool");
    let call = pools.identity.get_open_id_token_for_developer_identity();
    let call = call
        .identity_pool_id(&pool)
        .logins(DEVELOPER, "u-0194f0")
        .principal_tags("tenant", "nordwind")
        .token_duration(60);
    let answer = call.send().await.unwrap();
    let (id, token) = (answer.identity_id.unwrap(), answer.token.unwrap());

    let header = jwt::header(&token);
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("RS512"), &json!("JWS"))
    );
    let discovered = pools
        .stand_in
        .get("cognito-identity/.well-known/openid-configuration");
    let keys = pools.stand_in.get("cognito-identity/.well-known/jwks_uri");
    assert_eq!(keys["keys"][0]["kid"], header["kid"]);
    let jwks_uri = discovered["jwks_uri"].as_str().unwrap();
    assert!(jwks_uri.ends_with("/cognito-identity/.well-known/jwks_uri"));
    let claims = jwt::claims(&token);
    assert_eq!(claims["iss"], discovered["issuer"]);
    assert_eq!(claims["sub"], id);
    assert_eq!(claims["aud"], pool);
    assert_eq!(
        claims["amr"],
        json!([
            "authenticated",
            DEVELOPER,
            format!("{DEVELOPER}:{pool}:u-0194f0")
        ])
    );
    assert_eq!(
        claims["https://aws.amazon.com/tags"],
        json!({"principal_tags": {"tenant": ["nordwind"]}})
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        60
    );

    let login = Some((COGNITO, token.as_str()));
    let (given_id, credentials) = pools.credentials(&id, login).await.unwrap();
    assert_eq!(given_id, id);
    assert_eq!(pools.who(credentials).await, session("authenticated"));
    pools.stand_in.advance_clock(60);
    let (name, text) = pools.credentials(&id, login).await.unwrap_err();
    assert_eq!(name, "NotAuthorizedException");
    assert!(
        text.starts_with("Invalid login token. Token expired: "),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_another_provider_gets_credentials() {
    let elsewhere = Pools::start();
    let issuer = elsewhere.stand_in.get("stack")["userPools"][0]["issuer"].clone();
    let issuer = issuer.as_str().unwrap();
    let url = format!("ProviderUrl={issuer}");
    let client = format!("ProviderClientId={}", elsewhere.stand_in.web_client);
    let pools = Pools::start_with(&["--parameter", &url, "--parameter", &client]);
    let name = issuer.strip_prefix("http://").unwrap();
    let token = elsewhere.id_token("odo");
    let login = Some((name, token.as_str()));
    let id = pools.get_id("IdentityPool", login).await.unwrap();
    let (_, credentials) = pools.credentials(&id, login).await.unwrap();
    assert_eq!(pools.who(credentials).await, session("authenticated"));

    let other = elsewhere.signed_in("ute", "OtherClient");
    let other = other["IdToken"].as_str().unwrap();
    assert_eq!(
        pools.get_id("IdentityPool", Some((name, other))).await,
        refused(
            "NotAuthorized",
            "Token is not from a supported provider of this identity pool."
        )
    );
    let forged = forged(&token);
    assert_eq!(
        pools.get_id("IdentityPool", Some((name, &forged))).await,
        refused(
            "NotAuthorized",
            "Invalid login token. Couldn't verify signed token."
        )
    );
    drop(elsewhere);
    let (error, _) = pools.get_id("IdentityPool", login).await.unwrap_err();
    assert_eq!(error, "ExternalServiceException");
}

/// The token, by somebody else.
pub(crate) fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{first}{}", &signature[1..])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_directory_keeps_identities_and_the_key() {
    let directory = tempfile::tempdir().unwrap();
    // Else the issuer is the address, which is another one after a restart on a free port.
    let directory = directory.path().to_str().unwrap();
    let options = ["--data-dir", directory, "--issuer", "aws"];
    let pools = Pools::start_with(&options);
    let (id, token) = pools.developer_token("u-1").await;
    pools.stand_in.stop();
    let pools = Pools::start_with(&options);
    let (same, _) = pools.developer_token("u-1").await;
    assert_eq!(same, id);
    let claims = jwt::claims(&token);
    assert_eq!(claims["iss"], "https://cognito-identity.amazonaws.com");
    let (_, credentials) = pools
        .credentials(&id, Some((COGNITO, &token)))
        .await
        .unwrap();
    assert_eq!(pools.who(credentials).await, session("authenticated"));
}
