//! What a user's app does: sign up, confirm, sign in.

use std::time::SystemTime;

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::types::{AttributeType, AuthFlowType, AuthenticationResultType, ChallengeNameType};

use crate::srp_client::SrpClient;
use crate::stand_in::StandIn;

/// A user with an app on the template's public client.
pub struct User<'a> {
    stand_in: &'a StandIn,
    cognito: cognito::Client,
    /// The address that the user signs in with.
    pub email: String,
    /// The password.
    pub password: String,
}

impl<'a> User<'a> {
    /// Someone who has not signed up yet.
    pub fn new(stand_in: &'a StandIn, email: &str) -> Self {
        Self::with_client(stand_in, stand_in.cognito(), email)
    }

    /// The same, with a client that others use too: making one takes longer than using it.
    pub fn with_client(stand_in: &'a StandIn, cognito: cognito::Client, email: &str) -> Self {
        Self {
            stand_in,
            cognito,
            email: email.to_owned(),
            password: "Correct-Horse-19-Battery".to_owned(),
        }
    }

    /// Signs up, with an invitation if there is one, and returns the user's `sub`.
    ///
    /// # Errors
    ///
    /// What Cognito answers.
    pub async fn sign_up(&self, invitation: Option<&str>) -> Result<String, cognito::Error> {
        let code = invitation.map(|code| {
            AttributeType::builder()
                .name("inviteCode")
                .value(code)
                .build()
        });
        let answer = self
            .cognito
            .sign_up()
            .client_id(&self.stand_in.web_client)
            .username(&self.email)
            .password(&self.password)
            .set_validation_data(code.transpose().ok().flatten().map(|code| vec![code]))
            .send()
            .await?;
        Ok(answer.user_sub)
    }

    /// Confirms with the code that was sent last.
    ///
    /// # Errors
    ///
    /// What Cognito answers.
    pub async fn confirm(&self) -> Result<(), cognito::Error> {
        let code = self.stand_in.code_for(&self.email);
        let confirmation = self
            .cognito
            .confirm_sign_up()
            .client_id(&self.stand_in.web_client)
            .username(&self.email);
        confirmation.confirmation_code(code).send().await?;
        Ok(())
    }

    /// Signs in without sending the password.
    ///
    /// # Errors
    ///
    /// What Cognito answers.
    ///
    /// # Panics
    ///
    /// When Cognito answers something else than the challenge and then tokens.
    pub async fn sign_in(&self) -> Result<AuthenticationResultType, cognito::Error> {
        let srp = SrpClient::new(&self.stand_in.pool, &self.password);
        let started = self
            .cognito
            .initiate_auth()
            .client_id(&self.stand_in.web_client)
            .auth_flow(AuthFlowType::UserSrpAuth)
            .auth_parameters("USERNAME", &self.email)
            .auth_parameters("SRP_A", srp.srp_a())
            .send()
            .await?;
        let asked = started
            .challenge_parameters
            .expect("a challenge has parameters");
        let answer = srp
            .answer(&asked, SystemTime::now())
            .expect("the challenge can be answered");
        let ended = self
            .cognito
            .respond_to_auth_challenge()
            .client_id(&self.stand_in.web_client)
            .challenge_name(ChallengeNameType::PasswordVerifier)
            .challenge_responses("USERNAME", &asked["USER_ID_FOR_SRP"])
            .challenge_responses("PASSWORD_CLAIM_SECRET_BLOCK", &asked["SECRET_BLOCK"])
            .challenge_responses("PASSWORD_CLAIM_SIGNATURE", answer.signature)
            .challenge_responses("TIMESTAMP", answer.timestamp)
            .send()
            .await?;
        Ok(ended
            .authentication_result
            .expect("a sign-in ends with tokens"))
    }
}
