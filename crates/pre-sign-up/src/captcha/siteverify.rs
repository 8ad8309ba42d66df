//! One request of a form, and its answer. All providers took over the protocol of the first one.

use std::sync::OnceLock;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::{Answer, CaptchaError};
use crate::config::Endpoint;

/// For the whole exchange, connecting included. It leaves time for the table, and for reading the secret, before the edge gives up.
const LIMIT: Duration = Duration::from_millis(1_500);

/// An answer has a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 16 * 1_024;

#[derive(Debug)]
pub(super) struct Siteverify {
    url: String,
    connector: OnceLock<Connector>,
}

impl Siteverify {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        Self {
            url: endpoint.url().to_owned(),
            connector: OnceLock::new(),
        }
    }

    /// Sends the form, with the secret in the body and never in the address, and reads the answer. A redirection is not followed.
    pub(super) async fn post(
        &self,
        fields: &[(&'static str, String)],
    ) -> Result<Answer, CaptchaError> {
        tokio::time::timeout(LIMIT, self.exchange(fields))
            .await
            .map_err(|_elapsed| CaptchaError::TooSlow)?
    }

    async fn exchange(&self, fields: &[(&'static str, String)]) -> Result<Answer, CaptchaError> {
        let connector = self.connector.get_or_init(connector);
        let response = connector
            .call(self.request(fields))
            .await
            .map_err(|error| CaptchaError::Unreachable(Box::new(error)))?;
        let status = response.status().as_u16();
        // Some answer a wrong proof with 400, and the same body.
        if status != 200 && status != 400 {
            return Err(CaptchaError::Status(status));
        }
        let body = read(response.into_body()).await?;
        match serde_json::from_slice(&body) {
            Ok(answer) => Ok(answer),
            Err(_) if status == 400 => Err(CaptchaError::Status(status)),
            // The error's own text could quote the answer.
            Err(_) => Err(CaptchaError::Unreadable),
        }
    }

    fn request(&self, fields: &[(&'static str, String)]) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(form(fields)));
        request.set_method("POST").expect("POST is a method");
        request
            .set_uri(self.url.as_str())
            .expect("an endpoint is plain text");
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-www-form-urlencoded");
        headers.insert("accept", "application/json");
        request
    }
}

/// With the system's roots, loaded here and so at the first proof: Amazon's do not cover these hosts. No connection is kept: sign-ups are
/// rare, and one that Lambda froze may be dead.
fn connector() -> Connector {
    Connector::builder()
        .pool_max_idle_per_host(0)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build()
}

async fn read(body: SdkBody) -> Result<Vec<u8>, CaptchaError> {
    let mut body = ByteStream::new(body);
    let mut read = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| CaptchaError::Unreachable(Box::new(error)))?;
        if read.len() + part.len() > MAX_ANSWER_BYTES {
            return Err(CaptchaError::TooLong);
        }
        read.extend_from_slice(&part);
    }
    Ok(read)
}

/// `application/x-www-form-urlencoded`, with every byte escaped that could mean anything.
fn form(fields: &[(&'static str, String)]) -> String {
    let field = |(name, value): &(&str, String)| format!("{name}={}", escaped(value));
    fields.iter().map(field).collect::<Vec<_>>().join("&")
}

fn escaped(value: &str) -> String {
    let escape = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    value.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn a_value_cannot_add_a_field() {
        let fields = [
            ("secret", "a&b=c d".to_owned()),
            ("response", "ü%+-._~\n".to_owned()),
        ];
        assert_eq!(
            form(&fields),
            "secret=a%26b%3Dc%20d&response=%C3%BC%25%2B-._%7E%0A"
        );
    }
}
