//! App clients with rules of their own.

use function_tests::put;
use serde_json::json;

use crate::stage::*;

fn with_rules(rules: serde_json::Value) -> Stage {
    let stage = Stage::new("email-code");
    put(
        &stage.tables,
        POLICIES,
        &json!({"client": {"S": "web"}, "rules": {"L": rules}}),
    );
    stage
}

#[tokio::test]
async fn an_app_client_has_its_own_rules_and_others_the_general_policy() {
    let stage = with_rules(json!([{"M": {"steps": {"L": [{"S": "recovery-code"}]}}}]));
    let mut sign_in = stage.begin(Who::Ines, now()).await;
    assert_eq!(sign_in.public("challenge"), Some("recovery-code"));
    sign_in.client_id = "app";
    stage.proceed(&mut sign_in, &json!({}), now()).await;
    assert_eq!(sign_in.public("challenge"), Some("email-code"));
}

#[tokio::test]
async fn a_rule_is_for_the_members_of_its_groups() {
    let stage = with_rules(json!([
        {"M": {"groups": {"SS": ["staff"]}, "steps": {"L": [{"S": "password"}, {"S": "totp"}]}}},
        {"M": {"steps": {"L": [{"S": "email-code"}]}}},
    ]));
    stage.pool.enrol("u-1", "staff");
    for (who, expected) in [
        (Who::Ines, "PasswordMissing"),
        (Who::Bob, "Challenge"),
        (Who::Nobody, "Challenge"),
    ] {
        let decided = stage.define(&SignIn::of(who), &json!({}), now()).await;
        assert_eq!(decided.unwrap().reason, expected, "{who:?}");
    }
    stage.pool.fail(Some("TooManyRequestsException"));
    for who in [Who::Ines, Who::Nobody] {
        let decided = stage.define(&SignIn::of(who), &json!({}), now()).await;
        assert!(decided.is_err(), "{who:?}");
    }
}

#[tokio::test]
async fn a_rule_that_cannot_be_read_lets_nobody_in() {
    for rules in [
        json!([{"M": {"steps": {"L": []}}}]),
        json!([{"M": {"steps": {"L": [{"S": "passkey"}]}}}]),
        json!([{"M": {"groups": {"SS": ["staff"]}}}]),
        json!([{"S": "email-code"}]),
    ] {
        let stage = with_rules(rules.clone());
        let decided = stage
            .define(&SignIn::of(Who::Ines), &json!({}), now())
            .await;
        assert!(decided.is_err(), "{rules}");
    }
    let stage = with_rules(json!([]));
    let decided = stage
        .define(&SignIn::of(Who::Ines), &json!({}), now())
        .await;
    assert_eq!(decided.unwrap().reason, "NoPolicy");
}
