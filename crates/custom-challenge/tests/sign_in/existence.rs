//! Users who do not exist, or may not sign in, show and cost what others do.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use embedded_dynamodb::Tables;
use function_tests::service;
use serde_json::{Value, json};

use crate::stage::*;

/// A stage that writes down which operations of DynamoDB are called.
fn watched(policy: &str) -> (Stage, Arc<Mutex<Vec<String>>>) {
    let stage = Stage::new(policy);
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (tables, noted): (Tables, _) = (stage.tables.clone(), calls.clone());
    let connection = service(move |operation, input| {
        noted.lock().unwrap().push(operation.to_owned());
        let answer = tables.answer(operation, input.to_string().as_bytes());
        match answer.status {
            200 => Ok(serde_json::from_slice(&answer.body).unwrap()),
            _ => Err("ConditionalCheckFailedException"),
        }
    });
    let page = ("LINK_REDIRECTS", "https://app.example.com/in");
    let more = [page, ("SMS_COUNTRIES", "DE"), ("LINK_CROSS_DEVICE", "true")];
    let stage = Stage::over(Client::new(&connection), stage.tables, policy, more);
    (stage, calls)
}

/// What everybody can see of a sign-in, and what it called: five answers, among them too many, too late and a wish for another message.
async fn seen_and_called(policy: &str, who: Who, attributes: Value) -> (Vec<Value>, Vec<String>) {
    let (stage, calls) = watched(policy);
    let mut sign_in = SignIn::of(who);
    sign_in.attributes = attributes;
    let mut seen = Vec::new();
    let mut called = Vec::new();
    let mut note = |sign_in: &SignIn, round: &str| {
        seen.push(sign_in.created["publicChallengeParameters"].clone());
        let sent = stage.sender.taken();
        called.push(format!(
            "{round}: {:?} {:?} {} sent",
            std::mem::take(&mut *calls.lock().unwrap()),
            stage.keys.calls(),
            sent.len(),
        ));
    };
    stage.proceed(&mut sign_in, &json!({}), now()).await;
    note(&sign_in, "begun");
    let mut unanswered = sign_in.clone();
    for (round, answer, metadata, at) in [
        ("wrong", "0000000", json!({}), 5),
        ("resent", "", json!({"resend": "true"}), 40),
        ("wrong, and the last", "0000001", json!({}), 45),
    ] {
        let (_, next) = stage
            .respond(&mut sign_in, answer, metadata, after(at))
            .await;
        note(&sign_in, &format!("{round}, {next}"));
    }
    let (_, next) = stage
        .respond(&mut unanswered, "0000002", json!({}), after(700))
        .await;
    note(&unanswered, &format!("too late, {next}"));
    for number in 0..12 {
        let mut other = sign_in.clone();
        other.session.clear();
        let answer = format!("1{number:06}");
        let (_, next) = stage
            .respond(&mut other, &answer, json!({}), after(710))
            .await;
        note(&other, &format!("locked, {next}"));
    }
    (seen, called)
}

#[tokio::test]
async fn nobody_shows_and_costs_what_a_user_does() {
    let of = |who| SignIn::of(who).attributes;
    for policy in [
        "email-code",
        "sms-code",
        "magic-link",
        "totp",
        "recovery-code",
        "totp|email-code",
    ] {
        let user = seen_and_called(policy, Who::Ines, of(Who::Ines)).await;
        let nobody = seen_and_called(policy, Who::Nobody, of(Who::Nobody)).await;
        assert_eq!(user.1, nobody.1, "{policy}");
        assert_eq!(shapes(user.0), shapes(nobody.0), "{policy}");
    }
}

#[tokio::test]
async fn who_is_not_confirmed_or_not_verified_is_nobody() {
    let confirmed = SignIn::of(Who::Ines).attributes;
    let (user_seen, user_called) =
        seen_and_called("email-code", Who::Ines, confirmed.clone()).await;
    for (name, value) in [
        ("cognito:user_status", "UNCONFIRMED"),
        ("cognito:user_status", "FORCE_CHANGE_PASSWORD"),
        ("email_verified", "false"),
    ] {
        let mut attributes = confirmed.clone();
        attributes[name] = value.into();
        let (seen, called) = seen_and_called("email-code", Who::Ines, attributes.clone()).await;
        assert_eq!(
            (seen, called),
            (user_seen.clone(), user_called.clone()),
            "{name}"
        );

        let stage = Stage::new("email-code");
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.attributes = attributes;
        stage.proceed(&mut sign_in, &json!({}), now()).await;
        assert_eq!(stage.messages(), [json!(null); 0], "{name}");
    }
}

/// Digits and letters of what differs from one address to the next.
fn shapes(seen: Vec<Value>) -> Vec<Value> {
    seen.into_iter()
        .map(|mut seen| {
            for name in ["destination", "number"] {
                if let Some(text) = seen[name].as_str() {
                    let shape = text.chars().map(|char| match char {
                        'a'..='z' => 'a',
                        '0'..='9' => '0',
                        other => other,
                    });
                    seen[name] = shape.collect::<String>().into();
                }
            }
            seen
        })
        .collect()
}

/// The code of nobody's challenge exists as any other does, is sent to nobody, and would not be right.
#[tokio::test]
async fn no_answer_of_nobody_is_right() {
    let stage = Stage::new("email-code");
    let mut sign_in = stage.begin(Who::Nobody, now()).await;
    let sent = stage.sender.taken();
    assert!(sent[0]["recipient"].is_null(), "{sent:?}");
    let code = sent[0]["code"].as_str().unwrap();
    let rounds = stage.respond(&mut sign_in, code, json!({}), now()).await;
    assert_eq!(rounds, ("NotCompared", "Challenge"));

    // Were it right all the same, there would be no tokens.
    sign_in.session = vec![json!({
        "challengeName": "CUSTOM_CHALLENGE",
        "challengeResult": true,
        "challengeMetadata": sign_in.created["challengeMetadata"],
    })];
    assert_eq!(
        stage.proceed(&mut sign_in, &json!({}), now()).await,
        "UnusableUser"
    );
}

#[tokio::test]
async fn a_name_is_the_same_nobody_in_any_case_and_has_always_the_same_destination() {
    let stage = Stage::new("email-code");
    let sign_in = stage.begin(Who::Nobody, now()).await;
    assert_eq!(sign_in.public("destination"), Some("i***@e***"));
    let again = stage.begin(Who::Nobody, after(10)).await;
    assert_eq!(
        again.created["challengeMetadata"],
        sign_in.created["challengeMetadata"]
    );
}
