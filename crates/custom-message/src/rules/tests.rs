mod left_to_the_pool;
mod names;

use cognito_events::custom_message::{Event, Response};
use entrypoint::Env;
use message_templates::Templates;
use serde_json::{Value, json};

use super::decide;
use crate::Config;

/// Texts that show what they are made of.
const FILES: &[(&str, &str)] = &[
    ("clients/7web/en/sign-up.sms.txt", "7web {{ code }}"),
    ("de/sign-up.email.html", "de {{ code }}{{ cognito_link }}"),
    ("de/sign-up.sms.txt", "de {{ code }}"),
    ("de/sign-up.subject.txt", "de"),
    (
        "en/admin-create-user.email.html",
        "{{ username }} {{ code }} <a href=\"{{ link }}\">",
    ),
    ("en/admin-create-user.sms.txt", "{{ username }} {{ code }}"),
    ("en/admin-create-user.subject.txt", "Come in"),
    ("en/authentication.email.html", "{{ code }}{{ link }}"),
    ("en/authentication.sms.txt", "{{ code }}{{ link }}"),
    ("en/authentication.subject.txt", "{{ name }}"),
    (
        "en/forgot-password.email.html",
        "<a href=\"{{ link }}\">{{ code }}</a>",
    ),
    ("en/forgot-password.sms.txt", "{{ code }}"),
    ("en/forgot-password.subject.txt", "Forgot {{ name }}"),
    (
        "en/sign-up.email.html",
        "{{ code }}{{ cognito_link }} {{ link }} {{ name }}",
    ),
    (
        "en/sign-up.sms.txt",
        "{{ code }} {{ name }} {{ given_name }} {{ family_name }}",
    ),
    (
        "en/sign-up.subject.txt",
        "Hello {{ name }} at {{ app_name }}",
    ),
    // What the build would not let pass: the condition is true for one name alone.
    (
        "en/resend-code.sms.txt",
        "{{ code }}{% if name %}{{ nothing }}{% endif %}",
    ),
    (
        "en/update-user-attribute.sms.txt",
        "{% if name %}no code{% endif %}",
    ),
];

const SIGN_UP: &str = "CustomMessage_SignUp";

fn event(source: &str, client: Option<&str>, request: &Value) -> Event {
    serde_json::from_value(json!({
        "triggerSource": source,
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": "ines.falk",
        "callerContext": {"clientId": client},
        "request": request,
    }))
    .unwrap()
}

fn decided<const N: usize>(
    variables: [(&str, &str); N],
    event: &Event,
) -> (&'static str, Response, Vec<String>) {
    let templates = Templates::new(FILES);
    let variables = [
        [
            ("APP_NAME", "Example"),
            ("EMAIL", "on"),
            ("CONFIRM_URL", CONFIRM),
        ]
        .as_slice(),
        &[("RESET_URL", RESET), ("SIGN_IN_URL", SIGN_IN)],
        &variables,
    ]
    .concat();
    // The last of a name counts.
    let of = |name: &str| {
        let mut named = variables.iter().rev();
        named
            .find(|(other, _)| *other == name)
            .map_or("", |(_, value)| value)
    };
    let names = [
        "APP_NAME",
        "EMAIL",
        "CONFIRM_URL",
        "RESET_URL",
        "SIGN_IN_URL",
        "EMAIL_VERIFICATION",
        "DEFAULT_LOCALE",
    ];
    let env = Env::of_pairs(names.map(|name| (name, of(name))));
    let config = Config::from_env(env, &templates).unwrap();
    let decision = decide(&config, &templates, event);
    let left = decision.left_to_the_pool.iter();
    let left = left.map(|left| format!("{}: {}", left.template, left.problem));
    (decision.reason, decision.response, left.collect())
}

const CONFIRM: &str = "https://app.example.com/confirm";
const RESET: &str = "https://app.example.com/reset";
const SIGN_IN: &str = "https://app.example.com/";

fn texts(subject: &str, email: &str, sms: &str) -> Response {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Response {
        email_subject: some(subject),
        email_message: some(email),
        sms_message: some(sms),
    }
}

/// Checks the texts; `Debug` of a response shows none.
#[track_caller]
fn check<const N: usize>(
    variables: [(&str, &str); N],
    event: &Event,
    reason: &str,
    expected: Response,
) {
    let (decided_by, response, left) = decided(variables, event);
    assert_eq!(
        response.email_subject, expected.email_subject,
        "subject; {left:?}"
    );
    assert_eq!(
        response.email_message, expected.email_message,
        "e-mail; {left:?}"
    );
    assert_eq!(
        response.sms_message, expected.sms_message,
        "text message; {left:?}"
    );
    assert_eq!(decided_by, reason, "{left:?}");
    assert_eq!(left.is_empty(), reason != "TemplatesInPart", "{left:?}");
}

#[test]
fn each_message_has_its_link() {
    let ines = json!({"userAttributes": {"name": "Ines"}, "codeParameter": "{####}"});
    for (source, expected) in [
        (
            SIGN_UP,
            texts(
                "Hello Ines at Example",
                "{####} https://app.example.com/confirm#username=ines.falk&code={####} Ines",
                "{####} Ines",
            ),
        ),
        (
            "CustomMessage_ForgotPassword",
            texts(
                "Forgot Ines",
                "<a href=\"https://app.example.com/reset#username=ines.falk&code={####}\">{####}</a>",
                "{####}",
            ),
        ),
        (
            "CustomMessage_AdminCreateUser",
            texts(
                "Come in",
                "{username} {####} <a href=\"https://app.example.com/\">",
                "{username} {####}",
            ),
        ),
        (
            "CustomMessage_Authentication",
            texts("Ines", "{####}", "{####}"),
        ),
    ] {
        check([], &event(source, None, &ines), "Templates", expected);
    }
}

#[test]
fn the_language_is_the_users_then_the_apps_then_the_default() {
    let (english, german) = ("{####}", "de {####}");
    for (default, attribute, metadata, expected) in [
        ("en", json!({}), json!(null), english),
        ("de", json!({}), json!(null), german),
        ("en", json!({"locale": "de-DE"}), json!(null), german),
        (
            "en",
            json!({"locale": "fr"}),
            json!({"locale": "de"}),
            german,
        ),
        (
            "de",
            json!({"locale": "en"}),
            json!({"locale": "de"}),
            english,
        ),
        (
            "en",
            json!({"locale": null}),
            json!({"locale": "x"}),
            english,
        ),
    ] {
        let request = json!({"userAttributes": attribute, "clientMetadata": metadata});
        let variables = [("DEFAULT_LOCALE", default)];
        let (_, response, _) = decided(variables, &event(SIGN_UP, None, &request));
        assert_eq!(response.sms_message.as_deref(), Some(expected), "{request}");
    }
}

#[test]
fn an_app_client_can_have_its_own_text() {
    for (client, expected) in [
        (None, "{####}"),
        (Some("CLIENT_ID_NOT_APPLICABLE"), "{####}"),
        (Some("7web"), "7web {####}"),
    ] {
        let (_, response, _) = decided([], &event(SIGN_UP, client, &json!({})));
        assert_eq!(
            response.sms_message.as_deref(),
            Some(expected),
            "{client:?}"
        );
    }
}

#[test]
fn cognitos_link_takes_the_place_of_the_code_where_the_pool_verifies_by_link() {
    let request = json!({"codeParameter": "{####}", "linkParameter": "{##Here##}"});
    let link = [("EMAIL_VERIFICATION", "link")];
    check(
        link,
        &event(SIGN_UP, None, &request),
        "Templates",
        texts("Hello  at Example", "{##Here##}", "{####}"),
    );
    check(
        link,
        &event(
            "CustomMessage_Authentication",
            None,
            &json!({"userAttributes": {"name": "Ines"}}),
        ),
        "Templates",
        texts("Ines", "{####}", "{####}"),
    );
}

#[test]
fn the_placeholders_are_the_events_own() {
    let named = json!({"codeParameter": "{**}", "usernameParameter": "{user}"});
    let source = "CustomMessage_AdminCreateUser";
    let (_, response, _) = decided([], &event(source, None, &named));
    assert_eq!(response.sms_message.as_deref(), Some("{user} {**}"));
    for none in [
        json!({}),
        json!({"codeParameter": null, "usernameParameter": null, "linkParameter": null}),
        json!({"codeParameter": "", "usernameParameter": " "}),
    ] {
        let (_, response, _) = decided([], &event(source, None, &none));
        assert_eq!(
            response.sms_message.as_deref(),
            Some("{username} {####}"),
            "{none}"
        );
    }
}
