//! What a function's answer becomes.
//!
//! Source: API Gateway Developer Guide, "Lambda function response for format 2.0". An answer without `statusCode` is the body itself, as JSON.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    status_code: u16,
    #[serde(default)]
    headers: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    cookies: Option<Vec<String>>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The response, or `None` for an answer that is none.
pub(super) fn read(answer: &[u8]) -> Option<Response> {
    let value: Value = serde_json::from_slice(answer).ok()?;
    if value.get("statusCode").is_none() {
        let json = HeaderValue::from_static("application/json");
        let mut response = Response::new(Body::from(value.to_string()));
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        return Some(response);
    }
    let said: Said = serde_json::from_value(value).ok()?;
    let body = said.body.unwrap_or_default();
    let body = if said.is_base64_encoded {
        STANDARD.decode(body).ok()?
    } else {
        body.into_bytes()
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(said.status_code).ok()?;
    let headers = response.headers_mut();
    // AWS's default for an answer with a status. [U]
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, text);
    for (name, value) in said.headers.unwrap_or_default() {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        headers.insert(name, HeaderValue::from_str(&value).ok()?);
    }
    for cookie in said.cookies.unwrap_or_default() {
        headers.append(header::SET_COOKIE, HeaderValue::from_str(&cookie).ok()?);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_with_a_status_is_a_response() {
        let answer = json!({
            "statusCode": 201,
            "headers": {"Content-Type": "application/problem+json", "x-count": 7},
            "multiValueHeaders": {"x-left": ["out"]},
            "cookies": ["a=1; Secure", "b=2"],
            "body": "aGVsbG8=",
            "isBase64Encoded": true,
        });
        let response = read(answer.to_string().as_bytes()).unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        let headers = response.headers();
        assert_eq!(headers["content-type"], "application/problem+json");
        assert_eq!(headers["x-count"], "7");
        assert!(!headers.contains_key("x-left"));
        let cookies: Vec<_> = headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["a=1; Secure", "b=2"]);
    }

    #[test]
    fn an_answer_without_a_status_is_a_body() {
        for answer in [json!({"message": "hello"}), json!("hello"), json!(null)] {
            let response = read(answer.to_string().as_bytes()).unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(response.headers()["content-type"], "application/json");
        }
    }

    #[test]
    fn what_is_no_response_is_refused() {
        for answer in [
            json!({"statusCode": "high"}),
            json!({"statusCode": 99}),
            json!({"statusCode": 200, "body": {"a": 1}}),
            json!({"statusCode": 200, "headers": {"no header": "x"}}),
            json!({"statusCode": 200, "headers": {"x": "two\nlines"}}),
            json!({"statusCode": 200, "body": "no base64", "isBase64Encoded": true}),
        ] {
            assert!(read(answer.to_string().as_bytes()).is_none(), "{answer}");
        }
        assert!(read(b"no json").is_none());
    }
}
