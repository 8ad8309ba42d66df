//! What is answered.

use authenticators::{Enrolled, TotpSecret};
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What is enrolled.
pub(crate) fn enrolled(enrolled: &Enrolled) -> ApiGatewayV2httpResponse {
    let totp = enrolled
        .totp_since
        .map(|since| json!({"since": text(since)}));
    let codes = enrolled
        .recovery_codes_made_at
        .map(|made_at| json!({"left": enrolled.recovery_codes_left, "madeAt": text(made_at)}));
    of(200, JSON, &json!({"totp": totp, "recoveryCodes": codes}))
}

/// A secret for an app, as text and as the content of a QR code.
pub(crate) fn totp_secret(
    secret: &TotpSecret,
    issuer: &str,
    account: &str,
) -> ApiGatewayV2httpResponse {
    let uri = secret.uri(issuer, account);
    let secret = secret.base32();
    let body = json!({"secret": secret.expose_secret(), "uri": uri.expose_secret()});
    of(200, JSON, &body)
}

/// New recovery codes.
pub(crate) fn recovery_codes(codes: &[SecretString]) -> ApiGatewayV2httpResponse {
    let codes: Vec<&str> = codes.iter().map(ExposeSecret::expose_secret).collect();
    of(200, JSON, &json!({"codes": codes}))
}

/// It is done, and there is nothing to say.
pub(crate) fn done() -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = 204;
    with_header(response, "cache-control", "no-store")
}

const JSON: &str = "application/json";

/// A response that no cache keeps: it is about one user, and may hold a secret.
pub(crate) fn of(status: u16, content_type: &str, body: &Value) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status.into();
    response.body = Some(Body::Text(body.to_string()));
    let response = with_header(response, "content-type", content_type);
    with_header(response, "cache-control", "no-store")
}

/// The response with one header more.
pub(crate) fn with_header(
    mut response: ApiGatewayV2httpResponse,
    name: &'static str,
    value: &str,
) -> ApiGatewayV2httpResponse {
    // Every value is ours, and visible ASCII.
    if let Ok(value) = HeaderValue::from_str(value) {
        let name = HeaderName::from_static(name);
        response.headers.insert(name, value);
    }
    response
}

fn text(time: OffsetDateTime) -> Option<String> {
    time.format(&Rfc3339).ok()
}
