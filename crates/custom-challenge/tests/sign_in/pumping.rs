//! Messages that somebody has us pay for.

use function_tests::{Log, items};
use serde_json::json;

use crate::stage::*;

#[tokio::test]
async fn a_user_gets_so_many_messages_in_a_day_and_nobody_sees_the_difference() {
    let stage = Stage::with("email-code", [("SENDS_PER_USER", "2")]);
    let mut left = Vec::new();
    let mut seen = Vec::new();
    for at in [0, 4_000, 8_000] {
        let sign_in = stage.begin(Who::Ines, after(at)).await;
        seen.push(sign_in.created["publicChallengeParameters"]["destination"].clone());
        left.push(stage.messages().len());
    }
    assert_eq!(left, [1, 1, 0]);
    assert_eq!(seen, [seen[0].clone(), seen[0].clone(), seen[0].clone()]);
    let next_day = 86_400;
    stage.begin(Who::Ines, after(next_day)).await;
    assert_eq!(stage.messages().len(), 1);
    stage.begin(Who::Bob, after(8_000)).await;
    assert_eq!(stage.messages().len(), 1, "another user has another budget");
}

#[tokio::test]
async fn prefix_country_and_day_have_their_limits_and_somebody_hears_of_it() {
    for variable in ["SENDS_PER_PREFIX", "SENDS_PER_COUNTRY", "SENDS_PER_DAY"] {
        let log = Log::start();
        let stage = Stage::with("sms-code", [("SMS_COUNTRIES", "DE"), (variable, "1")]);
        stage.begin(Who::Ines, now()).await;
        assert_eq!(stage.messages().len(), 1, "{variable}");
        stage.begin(Who::Bob, now()).await;
        assert_eq!(stage.messages().len(), 0, "{variable}");
        let lines = log.lines();
        let told = lines.iter().filter(|line| line["level"] == "ERROR").count();
        assert_eq!(told, 1, "{variable}: {lines:?}");
        assert!(!log.text().contains("4915"), "{variable}");
    }
}

#[tokio::test]
async fn names_that_nobody_has_use_up_no_budget_of_others() {
    let stage = Stage::with("email-code", [("SENDS_PER_DAY", "1")]);
    for at in [0, 4_000, 8_000] {
        stage.begin(Who::Nobody, after(at)).await;
    }
    assert_eq!(stage.messages().len(), 0);
    stage.begin(Who::Ines, after(8_000)).await;
    assert_eq!(stage.messages().len(), 1);
    let shared = items(&stage.tables, CHALLENGES);
    let shared = shared
        .iter()
        .filter(|item| item["id"]["S"].as_str().unwrap().starts_with("budget#all"));
    assert_eq!(shared.count(), 1);
}

/// Else anybody could end everybody's messages by asking for their own.
#[tokio::test]
async fn who_has_used_up_a_budget_uses_up_no_other() {
    let stage = Stage::with(
        "email-code",
        [("SENDS_PER_USER", "1"), ("SENDS_PER_DAY", "2")],
    );
    for (at, left) in [(0, 1), (4_000, 0), (8_000, 0)] {
        stage.begin(Who::Ines, after(at)).await;
        assert_eq!(stage.messages().len(), left);
    }
    stage.begin(Who::Bob, after(8_000)).await;
    assert_eq!(stage.messages().len(), 1);
}

#[tokio::test]
async fn text_messages_go_to_mobile_numbers_of_allowed_countries_alone() {
    for (countries, number, expected) in [
        ("DE,AT", "+4915228817386", 1),
        ("AT", "+4915228817386", 0),
        ("", "+4915228817386", 0),
        ("DE", "+499001234567", 0),
        ("DE", "+49301234567", 0),
        ("DE", "015228817386", 0),
    ] {
        let stage = Stage::with("sms-code", [("SMS_COUNTRIES", countries)]);
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.attributes["phone_number"] = number.into();
        stage.proceed(&mut sign_in, &json!({}), now()).await;
        assert_eq!(stage.messages().len(), expected, "{countries} {number}");
        assert_eq!(sign_in.public("challenge"), Some("sms-code"));
    }
}

#[tokio::test]
async fn the_time_between_messages_doubles_until_somebody_signs_in() {
    let stage = Stage::new("email-code");
    let mut at = 0;
    for wait in [30, 60, 120, 240] {
        let sign_in = stage.begin(Who::Ines, after(at)).await;
        assert_eq!(stage.messages().len(), 1);
        assert_eq!(sign_in.public("resendAfter"), Some(&*wait.to_string()));
        stage.begin(Who::Ines, after(at + wait - 1)).await;
        let again = stage.sender.taken();
        assert_eq!(again.len(), 1);
        at += wait;
    }
    let mut sign_in = stage.begin(Who::Ines, after(at)).await;
    let code = code(&stage.messages());
    stage
        .respond(&mut sign_in, &code, json!({}), after(at + 1))
        .await;
    let sign_in = stage.begin(Who::Ines, after(at + 2)).await;
    assert_eq!(stage.messages().len(), 1);
    assert_eq!(sign_in.public("resendAfter"), Some("30"));
}
