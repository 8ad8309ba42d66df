//! Those who guess, replay and wait for others' codes.

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use crate::stage::*;

/// Ten thousand guesses at one account, hundreds at once, in as many sessions over several challenges. What is compared is counted by the
/// function's own word: it says `Wrong` of nothing else.
#[tokio::test]
async fn guesses_in_parallel_are_compared_no_more_often_than_the_limit_allows() {
    const GUESSES: usize = 10_000;
    const AT_ONCE: usize = 500;
    let stage = Arc::new(Stage::new("email-code"));
    let mut sign_ins = Vec::new();
    for client_id in ["web", "app", "shop", "kiosk", "desk"] {
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.client_id = client_id;
        stage.proceed(&mut sign_in, &json!({}), now()).await;
        sign_ins.push((sign_in, other_than(&code(&stage.messages()))));
    }
    let mut answers = Vec::new();
    for wave in 0..GUESSES / AT_ONCE {
        let mut guesses = JoinSet::new();
        for number in 0..AT_ONCE {
            let stage = stage.clone();
            let (mut sign_in, wrong) = sign_ins[number % sign_ins.len()].clone();
            // Sessions differ by their nonces.
            let nonce = format!("{wave}-{number}");
            sign_in.created["privateChallengeParameters"]["nonce"] = nonce.into();
            guesses.spawn(async move {
                let verified = stage.verify(&sign_in, &wrong, &json!({}), now()).await;
                verified.unwrap()
            });
        }
        answers.extend(guesses.join_all().await);
    }
    assert_eq!(answers.len(), GUESSES);
    assert!(answers.iter().all(|(is_right, _)| !is_right));
    let compared = answers.iter().filter(|(_, reason)| *reason == "Wrong");
    let compared = compared.count();
    assert!((1..=10).contains(&compared), "{compared}");
}

/// As many challenges as somebody likes: the failures are the user's, whatever the session, the message or the app client.
#[tokio::test]
async fn new_sessions_and_messages_do_not_reset_the_count() {
    let stage = Stage::with("email-code", [("SENDS_PER_USER", "1000")]);
    let mut compared = 0;
    let mut seconds = 0;
    for session in 0..8 {
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.client_id = if session % 2 == 0 { "web" } else { "app" };
        stage
            .proceed(&mut sign_in, &json!({}), after(seconds))
            .await;
        let wrong = other_than(&code(&stage.messages()));
        for _ in 0..3 {
            let (reason, _) = stage
                .respond(&mut sign_in, &wrong, json!({}), after(seconds))
                .await;
            compared += usize::from(reason == "Wrong");
            // The wish for another message is none.
            let resend = json!({"resend": "true"});
            stage
                .verify(&sign_in, "", &resend, after(seconds))
                .await
                .unwrap();
        }
        // One after another, within the hour; the time between two messages doubles at each app client.
        seconds += 200;
    }
    assert_eq!(compared, 10);
    // Even the right code is not looked at then, nor at another app client.
    let mut sign_in = stage.begin(Who::Ines, after(2_000)).await;
    let messages = stage.messages();
    let rounds = stage
        .respond(&mut sign_in, &code(&messages), json!({}), after(2_000))
        .await;
    assert_eq!(rounds, ("NotCompared", "Challenge"));
    // An hour after the last one that counted it is.
    let mut sign_in = stage.begin(Who::Ines, after(9_000)).await;
    let messages = stage.messages();
    let rounds = stage
        .respond(&mut sign_in, &code(&messages), json!({}), after(9_001))
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
    // Another user was never concerned.
    let mut sign_in = stage.begin(Who::Bob, now()).await;
    let messages = stage.messages();
    let rounds = stage
        .respond(&mut sign_in, &code(&messages), json!({}), now())
        .await;
    assert_eq!(rounds, ("Right", "Passed"));
}

/// Codes by e-mail stay locked for whoever has a recovery code as well, and that is good as long as they are.
#[tokio::test]
async fn a_right_answer_of_another_kind_resets_nothing() {
    let stage = Stage::new("email-code|recovery-code");
    let codes = recovery_codes(&stage, Who::Ines).await;
    let choose = async |kind: &str, at| {
        let mut sign_in = stage.begin(Who::Ines, after(at)).await;
        let asked = json!({"challenge": kind});
        stage.respond(&mut sign_in, kind, asked, after(at)).await;
        sign_in
    };
    let guess = async |sign_in: &SignIn, answer: &str, at| {
        let answer = stage.verify(sign_in, answer, &json!({}), after(at)).await;
        answer.unwrap()
    };
    let mut compared = 0;
    for at in [0, 400, 800, 1_200] {
        let sign_in = choose("email-code", at).await;
        for wrong in ["0000000", "1111111", "2222222"] {
            let (_, reason) = guess(&sign_in, wrong, at).await;
            compared += usize::from(reason == "Wrong");
        }
    }
    assert_eq!(compared, 10);
    let sign_in = choose("recovery-code", 1_600).await;
    assert_eq!(guess(&sign_in, &codes[0], 1_600).await, (true, "Right"));
    let sign_in = choose("email-code", 2_000).await;
    let locked = guess(&sign_in, "3333333", 2_000).await;
    assert_eq!(locked, (false, "NotCompared"));
}

#[tokio::test]
async fn every_challenge_has_a_seed_of_its_own() {
    let stage = Stage::new("email-code");
    stage.begin(Who::Ines, now()).await;
    stage.begin(Who::Bob, now()).await;
    let items = function_tests::items(&stage.tables, CHALLENGES);
    let seeds: Vec<_> = items
        .iter()
        .filter_map(|item| item["seed"]["B"].as_str())
        .collect();
    // 16 bytes in base64.
    assert_eq!([seeds[0].len(), seeds[1].len()], [24, 24]);
    assert_ne!(seeds[0], seeds[1]);
}

#[tokio::test]
async fn a_challenge_takes_three_wrong_answers() {
    let stage = Stage::new("email-code");
    let sign_in = stage.begin(Who::Ines, now()).await;
    let right = code(&stage.messages());
    for number in 0..3 {
        let wrong = format!("{number}{}", other_than(&right));
        let answer = stage.verify(&sign_in, &wrong, &json!({}), now()).await;
        assert_eq!(answer.unwrap(), (false, "Wrong"));
    }
    let answer = stage.verify(&sign_in, &right, &json!({}), now()).await;
    assert_eq!(answer.unwrap(), (false, "NotCompared"));
}

#[tokio::test]
async fn garbage_does_not_lock_the_owner_of_a_link_out() {
    let stage = Stage::with(
        "magic-link",
        [("LINK_REDIRECTS", "https://app.example.com/in")],
    );
    let mut asked = stage.begin(Who::Ines, now()).await;
    let messages = stage.messages();
    let link = messages[0]["link"].as_str().unwrap();
    let (_, token) = link.split_once("#token=").unwrap();
    // Somebody else asks for links again and again, and answers with what looks like tokens and with what does not.
    for number in 0..30 {
        let mut other = stage.begin(Who::Ines, after(number)).await;
        let garbage = if number % 2 == 0 {
            "x".repeat(43)
        } else {
            number.to_string()
        };
        stage
            .respond(&mut other, &garbage, json!({}), after(number))
            .await;
    }
    let rounds = stage.respond(&mut asked, token, json!({}), after(60)).await;
    assert_eq!(rounds, ("Right", "Passed"));
}

#[tokio::test]
async fn several_links_are_good_at_a_time() {
    let stage = Stage::with(
        "magic-link",
        [("LINK_REDIRECTS", "https://app.example.com/in")],
    );
    let mut links = Vec::new();
    for at in [0, 40, 120] {
        let sign_in = stage.begin(Who::Ines, after(at)).await;
        let messages = stage.messages();
        let link = messages[0]["link"].as_str().unwrap().to_owned();
        links.push((sign_in, link));
    }
    for (mut sign_in, link) in links {
        let (_, token) = link.split_once("#token=").unwrap();
        let rounds = stage
            .respond(&mut sign_in, token, json!({}), after(130))
            .await;
        assert_eq!(rounds, ("Right", "Passed"));
    }
}

#[tokio::test]
async fn what_is_too_late_or_somebody_elses_is_not_compared() {
    let stage = Stage::new("email-code");
    let sign_in = stage.begin(Who::Ines, now()).await;
    let right = code(&stage.messages());
    let bob = stage.begin(Who::Bob, now()).await;
    let mut others = sign_in.clone();
    others.who = Who::Bob;
    others.attributes = SignIn::of(Who::Bob).attributes;
    let mut elsewhere = sign_in.clone();
    elsewhere.client_id = "app";
    let mut in_another_pool = sign_in.clone();
    in_another_pool.pool_id = "eu-central-1_Another12";
    let mut as_another_kind = sign_in.clone();
    as_another_kind.created["privateChallengeParameters"]["challenge"] = "sms-code".into();
    for (case, sign_in, at, expected) in [
        ("too late", &sign_in, 300, "NotCompared"),
        ("another user's", &others, 0, "NotCompared"),
        ("another app client's", &elsewhere, 0, "NotCompared"),
        ("another pool's", &in_another_pool, 0, "NotCompared"),
        ("of another kind", &as_another_kind, 0, "NotCompared"),
        ("for another user", &bob, 0, "Wrong"),
    ] {
        let answer = stage.verify(sign_in, &right, &json!({}), after(at)).await;
        assert_eq!(answer.unwrap(), (false, expected), "{case}");
    }
    let answer = stage.verify(&sign_in, &right, &json!({}), after(299)).await;
    assert_eq!(answer.unwrap(), (true, "Right"));
}

#[tokio::test]
async fn nothing_in_the_table_lets_anybody_in() {
    let page = ("LINK_REDIRECTS", "https://app.example.com/in");
    for policy in ["email-code", "magic-link"] {
        let stage = Stage::with(policy, [page]);
        let mut sign_in = stage.begin(Who::Ines, now()).await;
        let messages = stage.messages();
        let secret = match policy {
            "email-code" => code(&messages),
            _ => messages[0]["link"]
                .as_str()
                .unwrap()
                .split_once('=')
                .unwrap()
                .1
                .to_owned(),
        };
        stage.respond(&mut sign_in, &secret, json!({}), now()).await;
        let items = json!(function_tests::items(&stage.tables, CHALLENGES)).to_string();
        for told in [&*secret, "ines", "u-1"] {
            assert!(!items.contains(told), "{told} in {items}");
        }
        let created = sign_in.created.to_string();
        assert!(!created.contains(&secret), "{created}");
    }
}
