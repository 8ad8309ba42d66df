//! `cognito-idp` as any program can call it, by JSON over HTTP: for requests that no SDK would send, and many of them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tests::signed::Signing;
use tests::srp_client::SrpClient;
use tests::stand_in::StandIn;

/// A password that every pool here takes.
pub(crate) const PASSWORD: &str = "Correct-Horse-19-Battery";

/// A refusal: the exception's name and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What a refusal should be.
pub(crate) fn refused(name: &str, text: &str) -> Refused {
    let (name, text) = (format!("{name}Exception"), text.to_owned());
    Refused { name, text }
}

/// The template of this name, as an option's value.
pub(crate) fn template(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("journeys/templates")
        .join(name)
        .display()
        .to_string()
}

/// A stand-in with the alias pool.
pub(crate) fn alias_pool() -> StandIn {
    StandIn::start(&["--template", &template("aliases.yaml")])
}

/// Calls an operation, and checks that a refusal has the form that AWS gives it.
pub(crate) fn call(stand_in: &StandIn, operation: &str, input: Value) -> Result<Value, Refused> {
    send(stand_in, operation, &input.to_string())
}

/// Calls an operation with whatever text.
pub(crate) fn send(stand_in: &StandIn, operation: &str, body: &str) -> Result<Value, Refused> {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let (status, headers, value) =
        Signing::for_service("cognito-idp").send(stand_in, &target, body);
    if status == 200 {
        return Ok(value);
    }
    let name = value["__type"].as_str().unwrap().to_owned();
    let text = value["message"].as_str().unwrap().to_owned();
    assert_eq!(status, 400, "{name}: {text}");
    assert_eq!(value.as_object().unwrap().len(), 2, "{value}");
    assert_eq!(headers["x-amzn-errortype"], format!("{name}:"));
    Err(Refused { name, text })
}

/// Signs up with a name, an address and `name`, which the alias pool requires.
pub(crate) fn sign_up(stand_in: &StandIn, username: &str, email: &str) -> Result<Value, Refused> {
    let attributes =
        json!([{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ines Falk"}]);
    call(
        stand_in,
        "SignUp",
        json!({"ClientId": stand_in.web_client, "Username": username, "Password": PASSWORD, "UserAttributes": attributes}),
    )
}

/// Confirms with the code that was sent last.
pub(crate) fn confirm(
    stand_in: &StandIn,
    username: &str,
    email: &str,
    force: bool,
) -> Result<Value, Refused> {
    call(
        stand_in,
        "ConfirmSignUp",
        json!({
            "ClientId": stand_in.web_client, "Username": username, "ConfirmationCode": stand_in.code_for(email), "ForceAliasCreation": force,
        }),
    )
}

/// A confirmed user with a verified address.
pub(crate) fn user(stand_in: &StandIn, username: &str, email: &str) {
    sign_up(stand_in, username, email).unwrap();
    confirm(stand_in, username, email, false).unwrap();
}

/// An operation of administrators on one user.
pub(crate) fn admin(
    stand_in: &StandIn,
    operation: &str,
    username: &str,
    more: Value,
) -> Result<Value, Refused> {
    let mut input = json!({"UserPoolId": stand_in.pool, "Username": username});
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    call(stand_in, operation, input)
}

/// Signs in at an app client by sending the password.
pub(crate) fn sign_in(
    stand_in: &StandIn,
    client: &str,
    username: &str,
    password: &str,
) -> Result<Value, Refused> {
    let parameters = json!({"USERNAME": username, "PASSWORD": password});
    initiate(stand_in, client, "USER_PASSWORD_AUTH", parameters)
}

/// Starts a flow at an app client.
pub(crate) fn initiate(
    stand_in: &StandIn,
    client: &str,
    flow: &str,
    parameters: Value,
) -> Result<Value, Refused> {
    call(
        stand_in,
        "InitiateAuth",
        json!({"ClientId": client, "AuthFlow": flow, "AuthParameters": parameters}),
    )
}

/// Answers a challenge at an app client.
pub(crate) fn respond(
    stand_in: &StandIn,
    client: &str,
    challenge: &str,
    session: &Value,
    responses: Value,
) -> Result<Value, Refused> {
    call(
        stand_in,
        "RespondToAuthChallenge",
        json!({"ClientId": client, "ChallengeName": challenge, "Session": session, "ChallengeResponses": responses}),
    )
}

/// New tokens by the operation that takes rotated refresh tokens.
pub(crate) fn get_tokens(
    stand_in: &StandIn,
    client: &str,
    refresh_token: &Value,
) -> Result<Value, Refused> {
    call(
        stand_in,
        "GetTokensFromRefreshToken",
        json!({"ClientId": client, "RefreshToken": refresh_token}),
    )
}

/// Asks for a proof of the password, and returns the challenge's parameters and the answer to them.
pub(crate) fn srp(
    stand_in: &StandIn,
    client: &str,
    username: &str,
    password: &str,
) -> Result<(Value, Value), Refused> {
    let srp = SrpClient::new(&stand_in.pool, password);
    let parameters = json!({"USERNAME": username, "SRP_A": srp.srp_a()});
    let asked = initiate(stand_in, client, "USER_SRP_AUTH", parameters)?;
    let asked = asked["ChallengeParameters"].clone();
    let text = serde_json::from_value(asked.clone()).unwrap();
    let answer = srp.answer(&text, SystemTime::now()).unwrap();
    let answer = json!({
        "USERNAME": asked["USER_ID_FOR_SRP"],
        "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": answer.signature,
        "TIMESTAMP": answer.timestamp,
    });
    Ok((asked, answer))
}

/// The tokens of an answer.
pub(crate) fn tokens(answer: &Value) -> &Value {
    &answer["AuthenticationResult"]
}

/// What holds the alias pool's token function back while it is closed.
pub(crate) struct Gate {
    directory: tempfile::TempDir,
}

impl Gate {
    /// A stand-in whose gate is open.
    pub(crate) fn with_stand_in() -> (Self, StandIn) {
        Self::with_template("aliases.yaml", &[])
    }

    /// A stand-in with a template whose function waits at the parameter `Gate`, which is open.
    pub(crate) fn with_template(name: &str, options: &[&str]) -> (Self, StandIn) {
        let gate = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        gate.open();
        let parameter = format!("Gate={}", gate.file().display());
        let template = template(name);
        let own = ["--template", &template, "--parameter", &parameter];
        (gate, StandIn::start(&[&own, options].concat()))
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("gate")
    }

    /// Lets every event pass.
    pub(crate) fn open(&self) {
        std::fs::write(self.file(), "").unwrap();
    }

    /// Runs `call` until the function holds its event, then `meanwhile`, and returns what became of the call.
    pub(crate) fn while_held<T: Send>(
        &self,
        call: impl FnOnce() -> T + Send,
        meanwhile: impl FnOnce(),
    ) -> T {
        std::fs::remove_file(self.file()).unwrap();
        drop(std::fs::remove_file(self.waiting()));
        std::thread::scope(|scope| {
            let called = scope.spawn(call);
            self.until_held();
            meanwhile();
            self.open();
            called.join().unwrap()
        })
    }

    /// Waits until the function holds an event, or one more.
    pub(crate) fn until_held(&self) {
        let give_up = Instant::now() + Duration::from_secs(4);
        while std::fs::remove_file(self.waiting()).is_err() {
            assert!(Instant::now() < give_up, "the function was not called");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn waiting(&self) -> PathBuf {
        self.directory.path().join("gate.waiting")
    }
}
