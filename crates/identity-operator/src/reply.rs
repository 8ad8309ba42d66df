//! What is answered.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::HeaderValue;
use serde_json::Value;

/// A response that no cache keeps.
pub(crate) fn of(
    status: u16,
    content_type: &'static str,
    body: &Value,
) -> ApiGatewayV2httpResponse {
    let mut response = done();
    response.status_code = status.into();
    response.body = Some(Body::Text(body.to_string()));
    let content_type = HeaderValue::from_static(content_type);
    response.headers.insert("content-type", content_type);
    response
}

/// An answer in JSON.
pub(crate) fn json(body: &Value) -> ApiGatewayV2httpResponse {
    of(200, "application/json", body)
}

/// It is done, and there is nothing to say.
pub(crate) fn done() -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = 204;
    let no_store = HeaderValue::from_static("no-store");
    response.headers.insert("cache-control", no_store);
    response
}
