//! Names in a text: they are text, and give way where they cannot stand.

use serde_json::json;

use super::{SIGN_UP, check, decided, event, texts};

#[test]
fn what_a_user_or_an_app_writes_is_never_more_than_text() {
    for hostile in [
        "{{ 7*7 }}",
        "{####}",
        "{username}",
        "{##Click Here##}",
        "<script>alert(1)</script>",
        "Ines\r\nBcc: everybody@example.org",
        "https://evil.example",
        "Go to evil.example",
    ] {
        let request = json!({
            "userAttributes": {"name": hostile, "given_name": hostile, "family_name": hostile, "nickname": hostile},
            "clientMetadata": {"name": hostile, "app_name": hostile, "locale": hostile, "link": hostile},
        });
        let expected = texts(
            "Hello  at Example",
            "{####} https://app.example.com/confirm#username=ines.falk&code={####}",
            "{####}",
        );
        check([], &event(SIGN_UP, None, &request), "Templates", expected);
    }
}

#[test]
fn a_name_between_words_stays_one_line_and_one_direction() {
    let request = json!({"userAttributes": {"name": "Ines\r\n\u{202e}Falk\u{2066} & Co"}});
    let expected = texts(
        "Hello Ines Falk & Co at Example",
        "{####} https://app.example.com/confirm#username=ines.falk&code={####} Ines Falk &amp; Co",
        "{####} Ines Falk & Co",
    );
    check([], &event(SIGN_UP, None, &request), "Templates", expected);
}

#[test]
fn a_text_that_names_make_too_long_is_written_without_them() {
    let long = "x".repeat(64);
    let request =
        json!({"userAttributes": {"name": long, "given_name": long, "family_name": long}});
    let expected = texts(
        &format!("Hello {long} at Example"),
        &format!(
            "{{####}} https://app.example.com/confirm#username=ines.falk&code={{####}} {long}"
        ),
        "{####}",
    );
    check(
        [],
        &event(SIGN_UP, None, &request),
        "TemplatesWithoutNames",
        expected,
    );
}

#[test]
fn a_template_that_fails_on_an_event_is_tried_without_the_names() {
    let request = json!({"userAttributes": {"name": "Ines"}});
    let (reason, response, left) = decided(
        [("EMAIL", "off")],
        &event("CustomMessage_ResendCode", None, &request),
    );
    assert_eq!(response.sms_message.as_deref(), Some("{####}"));
    assert_eq!((reason, left), ("TemplatesWithoutNames", vec![]));

    let (reason, response, left) = decided(
        [("EMAIL", "off")],
        &event("CustomMessage_UpdateUserAttribute", None, &request),
    );
    assert_eq!(response.sms_message, None);
    assert_eq!(reason, "TemplatesInPart");
    assert_eq!(left, ["en/update-user-attribute.sms.txt: nothing is in it"]);
}
