//! An HTTP endpoint of the operator's: one signed request, one answer. The contract: `docs/MIGRATION.md`.

mod answer;
mod resolver;
mod signature;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::config::Endpoint;
use crate::secrets::SecretStore;
use crate::source::{Asking, Found, Question, Source, SourceError};

use resolver::Resolver;
use signature::Signature;

/// For the whole exchange, connecting included.
const LIMIT: Duration = Duration::from_secs(2);

/// A user has some attributes of up to 2,048 characters each.
const MAX_ANSWER_BYTES: usize = 64 * 1_024;

/// The endpoint, and the key that requests are signed with.
#[derive(Debug)]
pub(crate) struct HttpEndpoint {
    endpoint: Endpoint,
    secrets: Arc<SecretStore>,
    connector: OnceLock<Connector>,
}

/// What the endpoint is asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    version: u8,
    purpose: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
}

impl Source for HttpEndpoint {
    fn name(&self) -> &'static str {
        "http-endpoint"
    }

    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a> {
        Box::pin(async move {
            tokio::time::timeout(LIMIT, self.exchange(question))
                .await
                .map_err(|_elapsed| EndpointError::TooSlow)?
        })
    }
}

impl HttpEndpoint {
    pub(crate) fn new(endpoint: Endpoint, secrets: Arc<SecretStore>) -> Self {
        Self {
            endpoint,
            secrets,
            connector: OnceLock::new(),
        }
    }

    async fn exchange(&self, question: &Question<'_>) -> Result<Option<Found>, SourceError> {
        let secrets = self.secrets.get(question.now).await?;
        let key = secrets.endpoint_key.as_ref().ok_or(EndpointError::NoKey)?;
        let body = body(question);
        let signature = Signature::of(key, question.now, &body)?;
        let connector = self.connector.get_or_init(connector);
        let response = connector
            .call(self.request(body, &signature))
            .await
            .map_err(|error| EndpointError::Unreachable(error.into()))?;
        // A redirection is a status like any other.
        let status = response.status().as_u16();
        if status != 200 {
            return Err(EndpointError::Status(status).into());
        }
        let answer = read(response.into_body()).await?;
        Ok(answer::read(&answer, question)?)
    }

    fn request(&self, body: String, signature: &Signature) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").expect("POST is a method");
        request
            .set_uri(self.endpoint.url())
            .expect("an endpoint is plain text");
        let headers = request.headers_mut();
        headers.insert("content-type", "application/json");
        headers.insert("accept", "application/json");
        headers.insert("lifeguard-timestamp", signature.timestamp.clone());
        headers.insert("lifeguard-nonce", signature.nonce.clone());
        headers.insert("lifeguard-signature", signature.value.clone());
        request
    }
}

fn body(question: &Question<'_>) -> String {
    let password = question.password.map(ExposeSecret::expose_secret);
    let body = Body {
        version: 1,
        purpose: match password {
            Some(_) => "sign-in",
            None => "forgot-password",
        },
        name: question.typed,
        password,
        client_id: question.client_id,
    };
    serde_json::to_string(&body).expect("texts and a number are JSON")
}

/// With the system's roots, loaded here and so at the first question. No connection is kept: one that Lambda froze may be dead. An address
/// of the loopback, which is for tests, is no name and not resolved.
fn connector() -> Connector {
    Connector::builder()
        .pool_max_idle_per_host(0)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_with_resolver(Resolver)
}

async fn read(body: SdkBody) -> Result<Vec<u8>, EndpointError> {
    let mut body = ByteStream::new(body);
    let mut read = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| EndpointError::Unreachable(error.into()))?;
        if read.len() + part.len() > MAX_ANSWER_BYTES {
            return Err(EndpointError::TooLong);
        }
        read.extend_from_slice(&part);
    }
    Ok(read)
}

/// Why the endpoint has not answered.
#[derive(Debug, thiserror::Error)]
enum EndpointError {
    #[error("the secrets have no endpointKey")]
    NoKey,
    #[error("failed to make a nonce")]
    NoNonce(#[source] getrandom::Error),
    #[error("failed to reach the endpoint")]
    Unreachable(#[source] SourceError),
    #[error("the endpoint did not answer within {} s", LIMIT.as_secs())]
    TooSlow,
    #[error("the endpoint answers with status {0}")]
    Status(u16),
    #[error("the endpoint's answer is longer than 64 KiB")]
    TooLong,
    /// The JSON error's own text could quote the answer.
    #[error("the endpoint's answer cannot be read")]
    Unreadable,
}
