//! What is remembered of a sign-in, for the claim.

use function_tests::items;
use serde_json::{Value, json};

use crate::stage::*;

fn passed() -> Vec<Value> {
    let password = ["SRP_A", "PASSWORD_VERIFIER"].map(
        |name| json!({"challengeName": name, "challengeResult": true, "challengeMetadata": null}),
    );
    let code = json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": "email-code#1"});
    password.into_iter().chain([code]).collect()
}

#[tokio::test]
async fn the_methods_of_a_sign_in_are_remembered_for_the_app_that_names_it() {
    let id = "q83vEjRWeJCrze8SNFZ4kA";
    for (metadata, expected) in [
        (json!({"signInId": id}), 1),
        (json!({"signInId": "short"}), 0),
        (json!({}), 0),
    ] {
        let stage = Stage::new("password,email-code");
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.session = passed();
        for _ in 0..2 {
            let decided = stage.define(&sign_in, &metadata, now()).await.unwrap();
            assert_eq!(decided.reason, "Passed");
        }
        let remembered = items(&stage.tables, METHODS);
        assert_eq!(remembered.len(), expected, "{metadata}");
        for item in remembered {
            let methods = json!({"L": [{"S": "pwd"}, {"S": "otp-email"}]});
            assert_eq!(item["methods"], methods);
            assert!(!item.to_string().contains(id), "{item}");
        }
    }
}

#[tokio::test]
async fn nothing_is_remembered_before_the_end() {
    let stage = Stage::new("password,email-code");
    let mut sign_in = SignIn::of(Who::Ines);
    sign_in.session = passed();
    sign_in.session.pop();
    let metadata = json!({"signInId": "q83vEjRWeJCrze8SNFZ4kA"});
    stage.define(&sign_in, &metadata, now()).await.unwrap();
    assert_eq!(items(&stage.tables, METHODS), [Value::Null; 0]);
}
