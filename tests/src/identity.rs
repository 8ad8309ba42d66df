//! Somebody with an identity in the template's identity pool, and the credentials that come with it.

use aws_sdk_cognitoidentity as cognito_identity;
use aws_sdk_cognitoidentityprovider::config::Credentials;
use aws_sdk_dynamodb as dynamodb;
use aws_sdk_s3 as s3;
use aws_types::SdkConfig;
use serde_json::Value;

use crate::stand_in::{REGION, StandIn};

/// With these options the template's pool has credentials for users who are in no group.
pub const WITHOUT_GROUPS: [&str; 2] = ["--parameter", "AmbiguousRole=AuthenticatedRole"];

/// An identity with credentials.
pub struct Identity {
    /// Such as `us-east-1:5b0c…`.
    pub id: String,
    /// What it signs with.
    pub credentials: Credentials,
    sdk_config: SdkConfig,
}

impl Identity {
    /// The identity of whoever has this ID token.
    ///
    /// # Errors
    ///
    /// What Cognito answers.
    pub async fn of_user(
        stand_in: &StandIn,
        id_token: &str,
    ) -> Result<Self, cognito_identity::Error> {
        let provider = format!("cognito-idp.{REGION}.amazonaws.com/{}", stand_in.pool);
        Self::of(stand_in, Some((provider, id_token))).await
    }

    /// A new identity of nobody in particular.
    ///
    /// # Errors
    ///
    /// What Cognito answers.
    pub async fn of_guest(stand_in: &StandIn) -> Result<Self, cognito_identity::Error> {
        Self::of(stand_in, None).await
    }

    async fn of(
        stand_in: &StandIn,
        login: Option<(String, &str)>,
    ) -> Result<Self, cognito_identity::Error> {
        let client = cognito_identity::Client::new(&stand_in.sdk_config(REGION));
        let logins = login.map(|(provider, token)| [(provider, token.to_owned())].into());
        let found = client
            .get_id()
            .identity_pool_id(stand_in.output("IdentityPoolId"))
            .set_logins(logins.clone());
        let id = found.send().await?.identity_id.unwrap_or_default();
        let given = client
            .get_credentials_for_identity()
            .identity_id(&id)
            .set_logins(logins);
        let given = given.send().await?;
        let id = given.identity_id.unwrap_or_default();
        let given = given.credentials;
        let text = |text: Option<String>| text.unwrap_or_default();
        let (key, secret, token) = given.map_or_else(Default::default, |given| {
            (
                text(given.access_key_id),
                text(given.secret_key),
                given.session_token,
            )
        });
        let credentials = Credentials::new(key, secret, token, None, "identity pool");
        Ok(Self::with(stand_in, id, credentials))
    }

    /// Whoever got this answer from the broker's `/v1/credentials`.
    pub fn of_broker(stand_in: &StandIn, answer: &Value) -> Option<Self> {
        let text = |value: &Value| Some(value.as_str()?.to_owned());
        let given = &answer["credentials"];
        let token = text(&given["sessionToken"])?;
        let credentials = Credentials::new(
            text(&given["accessKeyId"])?,
            text(&given["secretAccessKey"])?,
            Some(token),
            None,
            "broker",
        );
        Some(Self::with(
            stand_in,
            text(&answer["identityId"])?,
            credentials,
        ))
    }

    /// Somebody who signs with these credentials.
    #[must_use]
    pub fn with(stand_in: &StandIn, id: String, credentials: Credentials) -> Self {
        let sdk_config = stand_in.sdk_config_of(credentials.clone(), REGION);
        Self {
            id,
            credentials,
            sdk_config,
        }
    }

    /// A client of S3.
    pub fn s3(&self) -> s3::Client {
        s3::Client::new(&self.sdk_config)
    }

    /// A client of DynamoDB.
    pub fn dynamodb(&self) -> dynamodb::Client {
        dynamodb::Client::new(&self.sdk_config)
    }
}
