//! Every kind from the first event to the tokens, and what of it each side sees.

use serde_json::json;

use crate::stage::*;

#[tokio::test]
async fn a_code_by_email_signs_in() {
    let stage = Stage::new("email-code");
    let mut sign_in = stage.begin(Who::Ines, now()).await;
    assert_eq!(
        sign_in.created["publicChallengeParameters"],
        json!({
            "challenge": "email-code", "destination": "i***@e***", "expiresIn": "300", "resendAfter": "30",
        })
    );
    let messages = stage.messages();
    let code = code(&messages);
    assert_eq!(code.len(), 6);
    assert_eq!(
        messages[0],
        json!({
            "messageId": sign_in.created["privateChallengeParameters"]["id"],
            "kind": "email-code", "recipient": "ines@example.org", "clientId": "web", "locale": "de-DE",
            "code": code, "link": null, "number": null, "expiresInMinutes": 5,
        })
    );
    assert!(!sign_in.created.to_string().contains(&code));
    let rounds = stage
        .respond(&mut sign_in, &code, json!({}), after(10))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
}

#[tokio::test]
async fn a_code_by_text_message_signs_in() {
    let stage = Stage::with("sms-code", [("SMS_COUNTRIES", "DE"), ("CODE_DIGITS", "8")]);
    let mut sign_in = stage.begin(Who::Ines, now()).await;
    assert_eq!(sign_in.public("destination"), Some("+*******7386"));
    let messages = stage.messages();
    assert_eq!(messages[0]["recipient"], "+4915228817386");
    let code = code(&messages);
    assert_eq!(code.len(), 8);
    let rounds = stage
        .respond(&mut sign_in, &code, json!({}), after(10))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
}

#[tokio::test]
async fn a_link_signs_in_the_session_that_asked_and_no_other() {
    let stage = Stage::with(
        "magic-link",
        [("LINK_REDIRECTS", "https://app.example.com/in")],
    );
    let mut asked = stage.begin(Who::Ines, now()).await;
    let mut other = stage.begin(Who::Ines, after(25)).await;
    let messages = stage.messages();
    assert_eq!(messages.len(), 1, "the other has to wait");
    let link = messages[0]["link"].as_str().unwrap();
    let token = link
        .strip_prefix("https://app.example.com/in#token=")
        .unwrap();
    assert_eq!(asked.public("number"), None);
    let rounds = stage.respond(&mut other, token, json!({}), after(30)).await;
    assert_eq!(rounds, ("Wrong", "Challenge"));
    let rounds = stage.respond(&mut asked, token, json!({}), after(40)).await;
    assert_eq!(rounds, ("Right", "Passed"));
}

#[tokio::test]
async fn a_link_opened_elsewhere_brings_a_code_and_a_number_if_that_is_allowed() {
    for (cross_device, expected) in [
        ("true", ("Right", "Passed")),
        ("false", ("Wrong", "Challenge")),
    ] {
        let page = ("LINK_REDIRECTS", "https://app.example.com/in");
        let stage = Stage::with("magic-link", [page, ("LINK_CROSS_DEVICE", "true")]);
        let mut asked = stage.begin(Who::Ines, now()).await;
        let messages = stage.messages();
        let link = messages[0]["link"].as_str().unwrap();
        let (_, fragment) = link.split_once("&number=").unwrap();
        let (number, code) = fragment.split_once("&code=").unwrap();
        assert_eq!(asked.public("number"), Some(number));
        assert_eq!(messages[0]["number"], number);
        if cross_device == "false" {
            // As if it had been allowed when the link was made, and the item says it is not.
            let id = &messages[0]["messageId"];
            let body = json!({
                "TableName": CHALLENGES,
                "Key": {"id": {"S": format!("challenge#{}", id.as_str().unwrap())}},
                "UpdateExpression": "SET crossDevice = :no",
                "ExpressionAttributeValues": {":no": {"BOOL": false}},
            });
            function_tests::request(&stage.tables, "UpdateItem", &body);
        }
        let rounds = stage.respond(&mut asked, code, json!({}), after(40)).await;
        assert_eq!(rounds, expected, "{cross_device}");
    }
}

#[tokio::test]
async fn a_link_leads_to_an_allowed_page_alone() {
    let pages = "https://app.example.com/in,https://shop.example.com/in";
    let stage = Stage::with("magic-link", [("LINK_REDIRECTS", pages)]);
    for (at, asked, expected) in [
        (
            0,
            "https://shop.example.com/in",
            "https://shop.example.com/in#",
        ),
        (
            10_000,
            "https://evil.example/in",
            "https://app.example.com/in#",
        ),
        (
            20_000,
            "https://shop.example.com/in/../",
            "https://app.example.com/in#",
        ),
    ] {
        let sign_in = SignIn::of(Who::Ines);
        let metadata = json!({"redirect": asked});
        stage.create(&sign_in, &metadata, after(at)).await.unwrap();
        let messages = stage.messages();
        let link = messages[0]["link"].as_str().unwrap();
        assert!(link.starts_with(expected), "{asked}: {expected}");
    }
    // Without a page there is no link to send.
    let stage = Stage::new("magic-link");
    stage.begin(Who::Ines, now()).await;
    assert_eq!(stage.messages(), [json!(null); 0]);
}

#[tokio::test]
async fn a_recovery_code_signs_in_once() {
    let stage = Stage::new("recovery-code");
    let codes = recovery_codes(&stage, Who::Ines).await;
    let mut sign_in = stage.begin(Who::Ines, now()).await;
    assert_eq!(
        sign_in.created["publicChallengeParameters"],
        json!({"challenge": "recovery-code", "expiresIn": "300"})
    );
    let rounds = stage
        .respond(&mut sign_in, &codes[3], json!({}), now())
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
    let mut again = stage.begin(Who::Ines, after(60)).await;
    let rounds = stage
        .respond(&mut again, &codes[3], json!({}), after(60))
        .await;
    assert_eq!(rounds, ("Wrong", "Challenge"));
    let rounds = stage
        .respond(&mut again, &codes[4], json!({}), after(60))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
    let mut bob = stage.begin(Who::Bob, now()).await;
    let rounds = stage.respond(&mut bob, &codes[5], json!({}), now()).await;
    assert_eq!(rounds, ("Wrong", "Challenge"));
    assert_eq!(stage.sender.taken(), [json!(null); 0], "nothing is sent");
}

#[tokio::test]
async fn a_choice_is_made_among_the_kinds_of_the_step_alone() {
    let stage = Stage::new("password,email-code|recovery-code");
    let codes = recovery_codes(&stage, Who::Ines).await;
    let mut sign_in = SignIn::of(Who::Ines);
    for (name, expected) in [("SRP_A", "Password"), ("PASSWORD_VERIFIER", "Choice")] {
        sign_in.session.push(
            json!({"challengeName": name, "challengeResult": true, "challengeMetadata": null}),
        );
        assert_eq!(
            stage.proceed(&mut sign_in, &json!({}), now()).await,
            expected
        );
    }
    assert_eq!(
        sign_in.created["publicChallengeParameters"],
        json!({"challenge": "choice", "choices": "email-code,recovery-code"})
    );
    let mut other = sign_in.clone();
    let asked = json!({"challenge": "sms-code"});
    let rounds = stage
        .respond(&mut other, "sms-code", asked.clone(), now())
        .await;
    assert_eq!(rounds, ("NoChoice", "Choice"));
    // Whoever answers with one kind and asks for another gets one of the step all the same.
    let rounds = stage
        .respond(&mut other, "recovery-code", asked, now())
        .await;
    assert_eq!(rounds, ("Chosen", "Challenge"));
    assert_eq!(other.public("challenge"), Some("email-code"));

    let asked = json!({"challenge": "recovery-code"});
    let rounds = stage
        .respond(&mut sign_in, "recovery-code", asked, now())
        .await;
    assert_eq!(rounds, ("Chosen", "Challenge"));
    assert_eq!(sign_in.public("challenge"), Some("recovery-code"));
    let rounds = stage
        .respond(&mut sign_in, &codes[0], json!({}), now())
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
}

#[tokio::test]
async fn a_challenge_that_cannot_be_answered_any_more_is_followed_by_another() {
    let stage = Stage::new("email-code");
    let mut late = stage.begin(Who::Ines, now()).await;
    stage.messages();
    let rounds = stage
        .respond(&mut late, "0000000", json!({}), after(400))
        .await;
    assert_eq!(rounds, ("NotCompared", "Challenge"));
    let shared = code(&stage.messages());

    // The code is good for one of two sessions; the other gets a new one.
    let mut first = stage.begin(Who::Ines, after(410)).await;
    stage.sender.taken();
    let rounds = stage
        .respond(&mut first, &shared, json!({}), after(420))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
    let rounds = stage
        .respond(&mut late, &shared, json!({}), after(430))
        .await;
    assert_eq!(rounds, ("NotCompared", "Challenge"));
    let new = code(&stage.messages());
    let rounds = stage.respond(&mut late, &new, json!({}), after(440)).await;
    assert_eq!(rounds, ("Right", "Passed"));
}

#[tokio::test]
async fn another_message_leaves_when_it_is_asked_for_and_not_too_early() {
    let stage = Stage::new("email-code");
    let mut sign_in = stage.begin(Who::Ines, now()).await;
    let first = code(&stage.messages());
    let resend = || json!({"resend": "true"});
    // A wrong answer alone brings no other code, however late it is.
    let wrong = other_than(&first);
    let rounds = stage
        .respond(&mut sign_in, &wrong, json!({}), after(40))
        .await;
    assert_eq!(rounds, ("Wrong", "Challenge"));
    assert_eq!(stage.sender.taken(), [json!(null); 0]);
    let rounds = stage.respond(&mut sign_in, "", resend(), after(50)).await;
    assert_eq!(rounds, ("Resend", "Challenge"));
    let second = code(&stage.messages());
    assert_eq!(sign_in.public("resendAfter"), Some("60"), "it doubles");
    let rounds = stage
        .respond(&mut sign_in, &second, json!({}), after(55))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));

    // Too early, the code that is there is good for a new session as well, and leaves once.
    let first = stage.begin(Who::Ines, after(60)).await;
    let mut second = stage.begin(Who::Ines, after(85)).await;
    assert_eq!(
        first.created["challengeMetadata"],
        second.created["challengeMetadata"]
    );
    let code = code(&stage.messages());
    let rounds = stage
        .respond(&mut second, &code, json!({}), after(86))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
}
