//! A sign-in by challenges with the real functions, as an app and its user go through it.

use std::collections::HashMap;
use std::time::SystemTime;

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::error::ProvideErrorMetadata;
use cognito::operation::respond_to_auth_challenge::RespondToAuthChallengeOutput;
use cognito::types::{AuthFlowType, AuthenticationResultType, ChallengeNameType};
use serde_json::Value;
use tests::jwt;
use tests::srp_client::SrpClient;
use tests::stand_in::StandIn;
use tests::user::User;

pub(crate) const INES: &str = "ines@example.org";

/// What an app calls a sign-in.
const SIGN_IN_ID: &str = "q83vEjRWeJCrze8SNFZ4kA";

pub(crate) fn stand_in(policy: &str, more: &[&str]) -> StandIn {
    let mut parameters = vec![
        format!("ChallengePolicy={policy}"),
        "MethodsClaim=signed_in".to_owned(),
        "EmailFrom=no-reply@example.com".to_owned(),
        "LinkRedirects=https://app.example.com/sign-in".to_owned(),
        "EnrolmentOrigins=https://app.example.com".to_owned(),
    ];
    parameters.extend(more.iter().map(|more| (*more).to_owned()));
    let options = parameters
        .iter()
        .flat_map(|parameter| ["--parameter", parameter]);
    StandIn::start(&options.collect::<Vec<_>>())
}

pub(crate) async fn ines(stand_in: &StandIn) -> User<'_> {
    let ines = User::new(stand_in, INES);
    ines.sign_up(None).await.unwrap();
    ines.confirm().await.unwrap();
    ines
}

/// A custom sign-in, as an app goes through it.
pub(crate) struct SignIn {
    client: cognito::Client,
    client_id: String,
    name: String,
    session: Option<String>,
    pub(crate) asked: HashMap<String, String>,
    pub(crate) tokens: Option<AuthenticationResultType>,
}

impl SignIn {
    pub(crate) async fn begin(stand_in: &StandIn, name: &str) -> Self {
        let client = stand_in.cognito();
        let begun = client
            .initiate_auth()
            .client_id(&stand_in.web_client)
            .auth_flow(AuthFlowType::CustomAuth)
            .auth_parameters("USERNAME", name);
        let begun = begun.send().await.unwrap();
        Self {
            client,
            client_id: stand_in.web_client.clone(),
            name: name.to_owned(),
            session: begun.session,
            asked: begun.challenge_parameters.unwrap(),
            tokens: None,
        }
    }

    pub(crate) async fn begin_with_password(stand_in: &StandIn, user: &User<'_>) -> Self {
        let srp = SrpClient::new(&stand_in.pool, &user.password);
        let client = stand_in.cognito();
        let begun = client
            .initiate_auth()
            .client_id(&stand_in.web_client)
            .auth_flow(AuthFlowType::CustomAuth)
            .auth_parameters("USERNAME", &user.email)
            .auth_parameters("CHALLENGE_NAME", "SRP_A")
            .auth_parameters("SRP_A", srp.srp_a());
        let asked = begun.send().await.unwrap().challenge_parameters.unwrap();
        let proof = srp.answer(&asked, SystemTime::now()).unwrap();
        let answered = client
            .respond_to_auth_challenge()
            .client_id(&stand_in.web_client)
            .challenge_name(ChallengeNameType::PasswordVerifier)
            .challenge_responses("USERNAME", &asked["USER_ID_FOR_SRP"])
            .challenge_responses("PASSWORD_CLAIM_SECRET_BLOCK", &asked["SECRET_BLOCK"])
            .challenge_responses("PASSWORD_CLAIM_SIGNATURE", proof.signature)
            .challenge_responses("TIMESTAMP", proof.timestamp);
        let answered = answered.send().await.unwrap();
        let mut sign_in = Self {
            client,
            client_id: stand_in.web_client.clone(),
            name: user.email.clone(),
            session: None,
            asked: HashMap::new(),
            tokens: None,
        };
        sign_in.take(answered);
        sign_in
    }

    fn take(&mut self, answered: RespondToAuthChallengeOutput) {
        self.session = answered.session;
        self.asked = answered.challenge_parameters.unwrap_or_default();
        self.tokens = answered.authentication_result;
    }

    /// Answers, and says with which exception that ended the sign-in, if it did.
    pub(crate) async fn answer(
        &mut self,
        answer: &str,
        metadata: &[(&str, &str)],
    ) -> Option<String> {
        let name = self.asked.get("USERNAME").unwrap_or(&self.name);
        let mut respond = self
            .client
            .respond_to_auth_challenge()
            .client_id(&self.client_id)
            .challenge_name(ChallengeNameType::CustomChallenge)
            .set_session(self.session.take())
            .challenge_responses("USERNAME", name)
            .challenge_responses("ANSWER", answer)
            .client_metadata("signInId", SIGN_IN_ID);
        for (name, value) in metadata {
            respond = respond.client_metadata(*name, *value);
        }
        match respond.send().await {
            Ok(answered) => {
                self.take(answered);
                None
            }
            Err(refused) => Some(refused.code().unwrap_or_default().to_owned()),
        }
    }

    /// The claim in the access token, but for its time.
    pub(crate) fn methods(&self) -> Value {
        let tokens = self.tokens.as_ref().expect("the sign-in ended with tokens");
        let claims = jwt::claims(tokens.access_token().unwrap());
        claims["signed_in"]["methods"].clone()
    }
}

/// The bodies of the messages of challenges, once there are so many.
pub(crate) fn bodies(stand_in: &StandIn, count: usize) -> Vec<String> {
    let messages = stand_in.sent(count, |message| !message["provider"].is_null());
    let bodies = messages
        .iter()
        .map(|message| message["body"].as_str().unwrap().to_owned());
    bodies.collect()
}

/// The six digits that stand alone.
pub(crate) fn code(body: &str) -> String {
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = body.split(|char: char| !char.is_ascii_alphanumeric());
    words
        .find(is_code)
        .expect("the message brings a code")
        .to_owned()
}

pub(crate) fn other_than(code: &str) -> String {
    let digit = if code.starts_with('0') { "1" } else { "0" };
    format!("{digit}{}", &code[1..])
}
