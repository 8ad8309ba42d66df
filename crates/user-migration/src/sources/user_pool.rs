mod role;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::operation::admin_get_user::AdminGetUserError;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::{
    InitiateAuthError, InitiateAuthOutput,
};
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, AuthFlowType, ChallengeNameType, UserStatusType,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use legacy_users::{Address, LegacyName};
use parameter_secrets::SecretStore;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

pub(crate) use role::Role;

use crate::config::OldUserPool;
use crate::secrets::Secrets;
use crate::source::{Asking, Found, Proof, Question, Source, SourceError};

/// Another user pool: the sign-in is tried there, by a plain password.
///
/// Signing in and reading one's own attributes need no rights, so the pool can be of another account. Where they do not tell who the user
/// is (a second factor is asked for, the password was forgotten) the attributes are read as the administrator, by a role if the pool is of
/// another account.
#[derive(Debug)]
pub(crate) struct UserPool {
    pub(crate) client: OnFirstUse<Client>,
    pub(crate) pool: OldUserPool,
    pub(crate) secrets: Arc<SecretStore<Secrets>>,
}

impl Source for UserPool {
    fn name(&self) -> &'static str {
        "user-pool"
    }

    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a> {
        Box::pin(async move {
            match question.password {
                Some(password) => self.sign_in(question, password).await,
                None => self.known(question, Proof::Known).await,
            }
        })
    }
}

/// What a try to sign in has shown.
enum Shown {
    /// The password is right, and this token reads the attributes.
    Token(String),
    /// The password is right.
    Right(Proof),
    /// Nothing about the password.
    Nothing,
}

impl UserPool {
    async fn sign_in(
        &self,
        question: &Question<'_>,
        password: &SecretString,
    ) -> Result<Option<Found>, SourceError> {
        let mut request = self
            .client
            .initiate_auth()
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .client_id(&self.pool.client_id)
            .auth_parameters("USERNAME", question.typed)
            .auth_parameters("PASSWORD", password.expose_secret());
        let secrets = self.secrets.get(question.now).await?;
        if let Some(secret) = &secrets.old_client_secret {
            let hash = self.secret_hash(question.typed, secret);
            request = request.auth_parameters("SECRET_HASH", hash);
        }
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await.map(shown) {
            Ok(Shown::Token(token)) => self.own_user(question, token).await.map(Some),
            Ok(Shown::Right(proof)) => self.known(question, proof).await,
            Ok(Shown::Nothing) => Ok(None),
            Err(error) if error.as_service_error().is_some_and(is_refusal) => Ok(None),
            Err(error) => Err(CallError::from(error).into()),
        }
    }

    /// The user whose token this is.
    async fn own_user(&self, question: &Question<'_>, token: String) -> Result<Found, SourceError> {
        let request = self.client.get_user().access_token(token);
        let user = Box::pin(request.send()).await.map_err(CallError::from)?;
        let attributes = user.user_attributes;
        Ok(found(
            question,
            &user.username,
            attributes,
            Proof::PasswordRight,
        ))
    }

    /// The user as the administrator sees them.
    async fn known(
        &self,
        question: &Question<'_>,
        proof: Proof,
    ) -> Result<Option<Found>, SourceError> {
        let request = self
            .client
            .admin_get_user()
            .user_pool_id(&self.pool.id)
            .username(question.typed);
        match Box::pin(request.send()).await {
            Ok(user) if user.enabled && user.user_status.as_ref().is_some_and(has_password) => {
                let attributes = user.user_attributes.unwrap_or_default();
                Ok(Some(found(question, &user.username, attributes, proof)))
            }
            Ok(_) => Ok(None),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(AdminGetUserError::is_user_not_found_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(CallError::from(error).into()),
        }
    }

    /// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash>
    fn secret_hash(&self, user_name: &str, secret: &SecretString) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
            .expect("HMAC takes keys of any length");
        let mac = mac
            .chain_update(user_name)
            .chain_update(&self.pool.client_id);
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

/// A second factor is asked for only after the password.
fn shown(answer: InitiateAuthOutput) -> Shown {
    if let Some(token) = answer
        .authentication_result
        .and_then(|tokens| tokens.access_token)
    {
        return Shown::Token(token);
    }
    match answer.challenge_name {
        Some(ChallengeNameType::NewPasswordRequired) => Shown::Right(Proof::PasswordRightButReset),
        Some(
            ChallengeNameType::SmsMfa
            | ChallengeNameType::SoftwareTokenMfa
            | ChallengeNameType::EmailOtp
            | ChallengeNameType::SelectMfaType
            | ChallengeNameType::MfaSetup
            | ChallengeNameType::DeviceSrpAuth,
        ) => Shown::Right(Proof::PasswordRight),
        _ => Shown::Nothing,
    }
}

/// Whether the pool refuses this user, and is neither out of order nor set up otherwise.
///
/// That a reset is due it says whatever the password, so such a user moves by asking for a new one. Who never confirmed signs up anew.
fn is_refusal(error: &InitiateAuthError) -> bool {
    error.is_not_authorized_exception()
        || error.is_user_not_found_exception()
        || error.is_user_not_confirmed_exception()
        || error.is_password_reset_required_exception()
}

/// Whoever never confirmed, or comes through an identity provider, has none.
fn has_password(status: &UserStatusType) -> bool {
    matches!(
        status,
        UserStatusType::Confirmed
            | UserStatusType::ForceChangePassword
            | UserStatusType::ResetRequired
    )
}

fn found(
    question: &Question<'_>,
    user_name: &str,
    attributes: Vec<AttributeType>,
    proof: Proof,
) -> Found {
    let attributes: BTreeMap<String, String> = attributes
        .into_iter()
        .filter_map(|attribute| Some((attribute.name, attribute.value?)))
        .collect();
    let is_verified = |address: &Address| {
        let flag = attributes.get(&format!("{}_verified", address.name()));
        flag.is_some_and(|flag| flag == "true")
    };
    let verified = [Address::Email, Address::PhoneNumber]
        .into_iter()
        .filter(is_verified)
        .collect();
    Found {
        name: key(question.name, user_name, &attributes),
        verified,
        proof,
        cohort: None,
        membership: None,
        attributes,
    }
}

/// What the user was found by: the user name, or the address, where users sign in by that.
fn key(name: &LegacyName, user_name: &str, attributes: &BTreeMap<String, String>) -> String {
    let addresses = [Address::Email, Address::PhoneNumber]
        .into_iter()
        .filter_map(|address| attributes.get(address.name()).map(String::as_str));
    let mut keys = [user_name].into_iter().chain(addresses);
    let found_by = keys.find(|key| LegacyName::normalised(key).as_ref() == Some(name));
    found_by.unwrap_or(user_name).to_owned()
}
