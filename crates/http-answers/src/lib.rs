//! What functions behind an HTTP API answer: JSON that no cache keeps, and problem details (RFC 9457) with codes that stay.
//!
//! Which problems there are is each function's own. Requests and responses have API Gateway's payload format 2.0.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

mod no_answer;
mod received;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderName, HeaderValue};
use serde_json::{Value, json};

pub use no_answer::NoAnswer;
pub use received::{WithoutTime, received_at};

/// An answer in JSON.
pub fn json(body: &Value) -> ApiGatewayV2httpResponse {
    with_body(200, "application/json", body)
}

/// It is done, and there is nothing to say.
pub fn done() -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = 204;
    with_header(response, "cache-control", "no-store")
}

/// A refusal. Its code is for programs and stays, its title is for people.
///
/// Source: RFC 9457.
pub fn problem(status: u16, code: &str, title: &str) -> ApiGatewayV2httpResponse {
    let problem = json!({
        "type": format!("urn:lifeguard:problem:{code}"),
        "status": status,
        "title": title,
        "code": code,
    });
    with_body(status, "application/problem+json", &problem)
}

/// The response with one header more. The value is visible ASCII; another is left out.
pub fn with_header(
    mut response: ApiGatewayV2httpResponse,
    name: &'static str,
    value: &str,
) -> ApiGatewayV2httpResponse {
    if let Ok(value) = HeaderValue::from_str(value) {
        let name = HeaderName::from_static(name);
        response.headers.insert(name, value);
    }
    response
}

/// A response that no cache keeps and no browser takes for something else: it is about one caller, and may hold a secret.
fn with_body(status: u16, content_type: &str, body: &Value) -> ApiGatewayV2httpResponse {
    let mut response = done();
    response.status_code = status.into();
    response.body = Some(Body::Text(body.to_string()));
    let response = with_header(response, "content-type", content_type);
    with_header(response, "x-content-type-options", "nosniff")
}

#[cfg(test)]
mod tests;
