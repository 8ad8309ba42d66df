//! What the three functions of custom challenges answer in the journeys, and how a client plays along.

use std::time::SystemTime;

use serde_json::{Value, json};
use tests::srp_client::SrpClient;
use tests::stand_in::StandIn;

use crate::idp::{self, Refused, template};

/// The answer that is right in every round.
pub(crate) const CODE: &str = "482913";

pub(crate) const DEFINE: &str = "DefineAuthChallenge_Authentication";
pub(crate) const CREATE: &str = "CreateAuthChallenge_Authentication";
pub(crate) const VERIFY: &str = "VerifyAuthChallengeResponse_Authentication";

/// A stand-in whose functions follow a script, the first scene that fits an event first.
pub(crate) fn stand_in(script: &[Value], options: &[&str]) -> StandIn {
    let template = template("custom-auth.yaml");
    let script = format!("Script={}", json!(script));
    let own = ["--template", &template, "--parameter", &script];
    StandIn::start(&[&own, options].concat())
}

/// What a function answers an event of this source whose request holds this.
pub(crate) fn scene(source: &str, request: Value, response: Value) -> Value {
    json!({
        "when": {"triggerSource": source, "request": request},
        "changes": {"response": response},
    })
}

/// What define auth challenge answers after these rounds: `!` stands before the name of one that was not passed.
pub(crate) fn after(rounds: &[&str], response: Value) -> Value {
    let rounds: Vec<Value> = rounds
        .iter()
        .map(|round| match round.strip_prefix('!') {
            Some(name) => json!({"challengeName": name, "challengeResult": false}),
            None => json!({"challengeName": round, "challengeResult": true}),
        })
        .collect();
    scene(DEFINE, json!({ "session": rounds }), response)
}

/// That a challenge comes next.
pub(crate) fn ask(challenge: &str) -> Value {
    json!({"challengeName": challenge, "issueTokens": false, "failAuthentication": false})
}

pub(crate) fn issue() -> Value {
    json!({"issueTokens": true, "failAuthentication": false})
}

pub(crate) fn fail() -> Value {
    json!({"issueTokens": false, "failAuthentication": true})
}

/// One challenge, which may be tried twice: after the password where the client begins with that.
pub(crate) fn script() -> Vec<Value> {
    let custom = "CUSTOM_CHALLENGE";
    let mut scenes = Vec::new();
    for first in [
        &[][..],
        &["SRP_A", "PASSWORD_VERIFIER"],
        &["SRP_A", "PASSWORD_VERIFIER", "SMS_MFA"],
    ] {
        let then = |more: &[&str], response| after(&[first, more].concat(), response);
        scenes.extend([
            then(&[], ask(custom)),
            then(&[custom], issue()),
            then(&["!CUSTOM_CHALLENGE"], ask(custom)),
            then(&["!CUSTOM_CHALLENGE", custom], issue()),
            then(&["!CUSTOM_CHALLENGE", "!CUSTOM_CHALLENGE"], fail()),
        ]);
    }
    scenes.push(after(&["SRP_A"], ask("PASSWORD_VERIFIER")));
    // The second round has a secret of its own, which its answer is judged by.
    let again = json!({"session": [{"challengeResult": false}]});
    for (request, secret, metadata) in [(again, "second", "CODE-2"), (json!({}), "first", "CODE-1")]
    {
        let response = json!({
            "publicChallengeParameters": {"hint": "a code", "USERNAME": "overridden"},
            "privateChallengeParameters": {"codeHash": secret},
            "challengeMetadata": metadata,
        });
        scenes.push(scene(CREATE, request, response));
        let asked =
            json!({"challengeAnswer": CODE, "privateChallengeParameters": {"codeHash": secret}});
        scenes.push(scene(VERIFY, asked, json!({"answerCorrect": true})));
    }
    scenes.push(scene(VERIFY, json!({}), json!({"answerCorrect": false})));
    scenes
}

/// Begins without a password.
pub(crate) fn begin(stand_in: &StandIn, client: &str, name: &str) -> Result<Value, Refused> {
    idp::initiate(stand_in, client, "CUSTOM_AUTH", json!({"USERNAME": name}))
}

/// Answers the challenge, under the name that it gives the user.
pub(crate) fn answer(
    stand_in: &StandIn,
    client: &str,
    asked: &Value,
    answer: &str,
) -> Result<Value, Refused> {
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
    let name = &asked["ChallengeParameters"]["USERNAME"];
    let responses = json!({"USERNAME": name, "ANSWER": answer});
    idp::respond(
        stand_in,
        client,
        "CUSTOM_CHALLENGE",
        &asked["Session"],
        responses,
    )
}

/// Begins with a proof of the password, and returns the challenge with the answer to it.
pub(crate) fn begin_with_password(
    stand_in: &StandIn,
    name: &str,
    password: &str,
) -> Result<(Value, Value), Refused> {
    let srp = SrpClient::new(&stand_in.pool, password);
    let parameters = json!({"USERNAME": name, "CHALLENGE_NAME": "SRP_A", "SRP_A": srp.srp_a()});
    let asked = idp::initiate(stand_in, &stand_in.web_client, "CUSTOM_AUTH", parameters)?;
    assert_eq!(asked["ChallengeName"], "PASSWORD_VERIFIER");
    let parameters = &asked["ChallengeParameters"];
    let text = serde_json::from_value(parameters.clone()).unwrap();
    let proof = srp.answer(&text, SystemTime::now()).unwrap();
    let proof = json!({
        "USERNAME": parameters["USER_ID_FOR_SRP"],
        "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": proof.signature,
        "TIMESTAMP": proof.timestamp,
    });
    Ok((asked, proof))
}

/// Proves the password, and returns what comes after it.
pub(crate) fn prove(stand_in: &StandIn, proof: Value) -> Result<Value, Refused> {
    let (web, none) = (&stand_in.web_client, &Value::Null);
    idp::respond(stand_in, web, "PASSWORD_VERIFIER", none, proof)
}

/// The `session` of the last event with this trigger source: each round's name, `!` before it if it was not passed, and its metadata.
pub(crate) fn session(stand_in: &StandIn, source: &str) -> Vec<String> {
    let request = crate::recorded::last_request(stand_in, source);
    let rounds = request["session"].as_array().unwrap().iter();
    let told = rounds.map(|round| {
        let failed = if round["challengeResult"] == json!(true) {
            ""
        } else {
            "!"
        };
        let name = round["challengeName"].as_str().unwrap();
        let metadata = round["challengeMetadata"].as_str();
        format!("{failed}{name} {}", metadata.unwrap_or("null"))
    });
    told.map(|round| round.trim_end().to_owned()).collect()
}
