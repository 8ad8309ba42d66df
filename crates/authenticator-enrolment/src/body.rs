//! What a request brings in its body.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Many times what a code takes, and little to read.
const MAX_BYTES: usize = 1_024;

#[derive(Deserialize)]
struct Confirm {
    code: SecretString,
}

/// The code of an authenticator app: six digits, which apps show with a blank in the middle. `None` for anything else.
pub(crate) fn code(request: &ApiGatewayV2httpRequest) -> Option<SecretString> {
    let body = request
        .body
        .as_deref()
        .filter(|body| body.len() <= MAX_BYTES)?;
    let confirm: Confirm = if request.is_base64_encoded {
        serde_json::from_slice(&STANDARD.decode(body).ok()?).ok()?
    } else {
        serde_json::from_str(body).ok()?
    };
    let code: String = confirm.code.expose_secret().split(' ').collect();
    let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| code.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, is_base64_encoded: bool, expected: Option<&str>) {
        let mut request = ApiGatewayV2httpRequest::default();
        request.body = Some(body.to_owned());
        request.is_base64_encoded = is_base64_encoded;
        let code = code(&request);
        let code = code.as_ref().map(ExposeSecret::expose_secret);
        assert_eq!(code, expected, "{body:?}");
    }

    #[test]
    fn a_code_is_six_digits_in_json() {
        check(r#"{"code": "123456"}"#, false, Some("123456"));
        check(r#"{"code": "123 456", "more": 1}"#, false, Some("123456"));
        // Made by `printf '{"code":"123456"}' | base64`.
        check("eyJjb2RlIjoiMTIzNDU2In0=", true, Some("123456"));
        for malformed in [
            "",
            "123456",
            r#"{"code": 123456}"#,
            r#"{"code": "12345"}"#,
            r#"{"code": "1234567"}"#,
            r#"{"code": "12345x"}"#,
            r#"{"code": "１２３４５６"}"#,
            "{}",
        ] {
            check(malformed, false, None);
        }
        check("no base64", true, None);
        check(
            &format!(r#"{{"code": "123456{}"}}"#, " ".repeat(1_024)),
            false,
            None,
        );
    }
}
