//! What an HTTP API does before and after its function: routes, tokens, origins, and what goes wrong.

use serde_json::{Value, json};
use tests::stand_in::StandIn;
use tests::user::User;

/// An answer over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// A header, empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    #[track_caller]
    fn is_of_the_api(&self, status: u16, message: &str) {
        let expected = json!({ "message": message });
        assert_eq!((self.status, &self.body), (status, &expected), "{self:?}");
        assert_ne!(self.header("apigw-requestid"), "");
    }
}

/// Sends a request to an API.
pub(crate) fn send(
    stand_in: &StandIn,
    request: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let (method, path) = request.split_once(' ').unwrap();
    let uri = format!("{}/_api/{path}", stand_in.endpoint);
    let mut request = ureq::http::Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let agent = ureq::Agent::config_builder();
    let agent = agent
        .http_status_as_error(false)
        .allow_non_standard_methods(true);
    let agent = agent.build().new_agent();
    let mut answer = agent.run(request.body(body).unwrap()).unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

fn stand_in(script: &Value) -> StandIn {
    let template = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/journeys/templates/http-api.yaml"
    );
    let script = format!("Script={script}");
    StandIn::start(&["--template", template, "--parameter", &script])
}

/// The access token and the ID token of somebody who has signed up and in.
pub(crate) async fn tokens_of(user: &User<'_>) -> (String, String) {
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    let tokens = user.sign_in().await.unwrap();
    (tokens.access_token.unwrap(), tokens.id_token.unwrap())
}

/// The token with a letter of its signature changed.
pub(crate) fn tampered(token: &str) -> String {
    let (before, letter) = (&token[..token.len() - 9], &token[token.len() - 9..]);
    let other = if letter.starts_with('A') { "B" } else { "A" };
    format!("{before}{other}{}", &letter[1..])
}

#[test]
fn a_route_without_authorizer_gives_the_function_all_of_the_request() {
    let stand_in = stand_in(&json!([]));
    let answer = send(
        &stand_in,
        "PUT Api/open/a/b%20c?x=1&x=2&y=%C3%BC",
        &[
            ("X-Mixed", "One"),
            ("cookie", "a=1; b=2"),
            ("content-type", "application/json"),
            ("user-agent", "journey"),
        ],
        br#"{"a": 1}"#,
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let event = &answer.body;
    for (field, expected) in [
        ("/version", json!("2.0")),
        ("/routeKey", json!("ANY /open/{proxy+}")),
        ("/rawPath", json!("/open/a/b%20c")),
        ("/rawQueryString", json!("x=1&x=2&y=%C3%BC")),
        ("/queryStringParameters", json!({"x": "1,2", "y": "ü"})),
        ("/cookies", json!(["a=1", "b=2"])),
        ("/headers/x-mixed", json!("One")),
        ("/body", json!(r#"{"a": 1}"#)),
        ("/isBase64Encoded", json!(false)),
        ("/requestContext/http/method", json!("PUT")),
        ("/requestContext/http/userAgent", json!("journey")),
        ("/requestContext/routeKey", json!("ANY /open/{proxy+}")),
        ("/requestContext/stage", json!("$default")),
    ] {
        assert_eq!(event.pointer(field), Some(&expected), "{field}");
    }
    assert_eq!(event.pointer("/requestContext/authorizer"), None);
    let id = event["requestContext"]["apiId"].as_str().unwrap();
    assert_eq!(
        stand_in.output("Endpoint"),
        format!("https://{id}.execute-api.us-east-1.amazonaws.com")
    );
    // By its id as by its name, and a form as AWS gives it.
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = send(&stand_in, &format!("POST {id}/open/form"), &form, b"a=1");
    assert_eq!(
        (&answer.body["body"], &answer.body["isBase64Encoded"]),
        (&json!("YT0x"), &json!(true))
    );
}

#[tokio::test]
async fn a_token_is_verified_and_its_claims_are_texts() {
    let stand_in = stand_in(&json!([]));
    let ines = User::new(&stand_in, "ines@example.org");
    let (access, id) = tokens_of(&ines).await;
    let get = |token: &str| {
        let bearer = format!("Bearer {token}");
        send(
            &stand_in,
            "GET Api/things/7",
            &[("authorization", &bearer)],
            b"",
        )
    };
    let event = get(&access).body;
    assert_eq!(event["pathParameters"], json!({"thing": "7"}));
    let jwt = &event["requestContext"]["authorizer"]["jwt"];
    assert_eq!(
        (&jwt["scopes"], &jwt["claims"]["token_use"]),
        (&Value::Null, &json!("access"))
    );
    let claims = jwt["claims"].as_object().unwrap();
    assert!(claims.values().all(Value::is_string), "{claims:?}");
    assert_eq!(
        get(&id).status,
        200,
        "the authorizer does not look at what a token is for"
    );

    let without = send(&stand_in, "GET Api/things/7", &[], b"");
    without.is_of_the_api(401, "Unauthorized");
    assert_eq!(without.header("www-authenticate"), "Bearer");
    let tampered = tampered(&access);
    let by_another_client = stand_in
        .cognito()
        .initiate_auth()
        .client_id(stand_in.client_id("OtherClient"))
        .auth_flow("USER_PASSWORD_AUTH".into())
        .auth_parameters("USERNAME", &ines.email)
        .auth_parameters("PASSWORD", &ines.password);
    let by_another_client = by_another_client.send().await.unwrap();
    let by_another_client = by_another_client.authentication_result.unwrap();
    let by_another_client = by_another_client.access_token.unwrap();
    for token in ["", "a.b.c", "header", &tampered, &by_another_client] {
        let refused = get(token);
        refused.is_of_the_api(401, "Unauthorized");
        let challenge = refused.header("www-authenticate");
        assert!(
            challenge.contains(r#"error="invalid_token""#),
            "{challenge}"
        );
    }
    let bearer = format!("Bearer {access}");
    let forbidden = send(
        &stand_in,
        "POST Api/things",
        &[("authorization", &bearer)],
        b"",
    );
    forbidden.is_of_the_api(403, "Forbidden");

    stand_in.advance_clock(3_601);
    let expired = get(&access);
    expired.is_of_the_api(401, "Unauthorized");
    let text = r#"Bearer scope="" error="invalid_token" error_description="the token has expired""#;
    assert_eq!(expired.header("www-authenticate"), text);
}

#[test]
fn what_has_no_route_or_no_good_answer_is_the_api_s_to_say() {
    let made = json!({
        "statusCode": 201,
        "headers": {"x-count": "7", "Access-Control-Allow-Origin": "*", "content-type": "application/problem+json"},
        "cookies": ["a=1; Secure"],
        "body": r#"{"a":1}"#,
    });
    let stand_in = stand_in(&json!([
        {"when": {"rawPath": "/open/fails"}, "refusal": "secret"},
        {"when": {"rawPath": "/open/odd"}, "answer": r#"{"statusCode":"high"}"#},
        {"when": {"rawPath": "/open/made"}, "answer": made.to_string()},
    ]));
    for path in [
        "GET Api/",
        "GET Api",
        "POST Api/things/7",
        "GET Api/open",
        "GET Api/THINGS/7",
    ] {
        send(&stand_in, path, &[], b"").is_of_the_api(404, "Not Found");
    }
    for path in ["GET Api/open/fails", "GET Api/open/odd"] {
        send(&stand_in, path, &[], b"").is_of_the_api(500, "Internal Server Error");
    }
    send(&stand_in, "GET Api/slow", &[], b"").is_of_the_api(503, "Service Unavailable");
    let large = vec![b'a'; 7 * 1024 * 1024];
    send(&stand_in, "POST Api/open/large", &[], &large)
        .is_of_the_api(413, "Request Entity Too Large");
    assert_eq!(send(&stand_in, "GET NoApi/open/a", &[], b"").status, 404);

    let made = send(&stand_in, "GET Api/open/made", &[], b"");
    assert_eq!((made.status, &made.body), (201, &json!({"a": 1})));
    assert_eq!(made.header("x-count"), "7");
    assert_eq!(made.header("set-cookie"), "a=1; Secure");
    assert_eq!(made.header("content-type"), "application/problem+json");
    assert_eq!(
        made.header("access-control-allow-origin"),
        "",
        "origins are the API's"
    );
}

#[test]
fn browsers_hear_of_origins_from_the_api() {
    let stand_in = stand_in(&json!([]));
    let asked = |origin| {
        [
            ("origin", origin),
            ("access-control-request-method", "POST"),
        ]
    };
    let told = send(
        &stand_in,
        "OPTIONS Api/things",
        &asked("https://app.example.com"),
        b"",
    );
    assert_eq!(told.status, 204);
    for (name, expected) in [
        ("access-control-allow-origin", "https://app.example.com"),
        ("access-control-allow-methods", "GET,POST"),
        ("access-control-allow-headers", "authorization"),
        ("access-control-max-age", "60"),
    ] {
        assert_eq!(told.header(name), expected, "{name}");
    }
    let told = send(
        &stand_in,
        "OPTIONS Api/things",
        &asked("https://app.example.com.evil.example"),
        b"",
    );
    assert_eq!(
        (told.status, told.header("access-control-allow-origin")),
        (204, "")
    );

    // What the API itself refuses can be read by the page as well.
    let refused = send(
        &stand_in,
        "GET Api/things/7",
        &asked("https://app.example.com")[..1],
        b"",
    );
    refused.is_of_the_api(401, "Unauthorized");
    assert_eq!(
        refused.header("access-control-allow-origin"),
        "https://app.example.com"
    );
    assert_eq!(refused.header("access-control-expose-headers"), "x-count");
}
