//! What is answered.

use authenticators::{Enrolled, TotpSecret};
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use http_answers::json;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
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
    json(&json!({"totp": totp, "recoveryCodes": codes}))
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
    json(&body)
}

/// New recovery codes.
pub(crate) fn recovery_codes(codes: &[SecretString]) -> ApiGatewayV2httpResponse {
    let codes: Vec<&str> = codes.iter().map(ExposeSecret::expose_secret).collect();
    json(&json!({"codes": codes}))
}

fn text(time: OffsetDateTime) -> Option<String> {
    time.format(&Rfc3339).ok()
}
