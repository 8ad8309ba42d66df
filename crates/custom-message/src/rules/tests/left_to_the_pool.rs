//! What is not answered, so that the pool's own text is sent or none.

use cognito_events::custom_message::Response;
use serde_json::json;

use super::{SIGN_UP, check, decided, event, texts};

#[test]
fn a_source_without_templates_is_the_pools_affair() {
    for source in ["CustomMessage_Somehow", "", "PreSignUp_SignUp"] {
        check(
            [],
            &event(source, None, &json!({})),
            "UnknownTriggerSource",
            Response::default(),
        );
    }
}

#[test]
fn emails_are_answered_only_where_cognito_takes_them() {
    let ines = json!({"userAttributes": {"name": "Ines"}});
    let sms_alone = texts("", "", "{####} Ines");
    check(
        [("EMAIL", "off")],
        &event(SIGN_UP, None, &ines),
        "Templates",
        sms_alone,
    );
}

#[test]
fn a_text_that_cannot_be_sent_is_left_to_the_pool() {
    // A user name that leaves no room in a text message, but does in an e-mail.
    let mut request =
        json!({"userAttributes": {"email": format!("{}@example.org", "x".repeat(110))}});
    let source = "CustomMessage_AdminCreateUser";
    let email_alone = texts(
        "Come in",
        "{username} {####} <a href=\"https://app.example.com/\">",
        "",
    );
    check(
        [],
        &event(source, None, &request),
        "TemplatesInPart",
        email_alone,
    );
    request["userAttributes"]["email"] = json!("ines@example.org");
    let (reason, _, _) = decided([], &event(source, None, &request));
    assert_eq!(reason, "Templates");
}

#[test]
fn a_subject_and_its_body_are_sent_together_or_not_at_all() {
    // This subject is empty without a name, so the body goes with it.
    let event = event("CustomMessage_Authentication", None, &json!({}));
    check([], &event, "TemplatesInPart", texts("", "", "{####}"));
    let (_, _, left) = decided([], &event);
    assert_eq!(left, ["en/authentication.subject.txt: nothing is in it"]);
}
