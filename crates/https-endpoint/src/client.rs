use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use crate::endpoint::Endpoint;
use crate::resolver::Resolver;

/// For the whole exchange, connecting included.
const LIMIT: Duration = Duration::from_secs(2);

/// Many times what a user's attributes or an issuer's keys take.
const MAX_ANSWER_BYTES: usize = 64 * 1_024;

/// Asks endpoints. Nothing of it is made before its first use.
#[derive(Debug, Default)]
pub struct Client {
    connector: OnceLock<Connector>,
}

impl Client {
    /// The body of the endpoint's answer to a request without one.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`]
    pub async fn get(&self, endpoint: &Endpoint) -> Result<Vec<u8>, ExchangeError> {
        let request = request(endpoint, "GET", SdkBody::empty());
        self.send(request).await
    }

    /// The body of the endpoint's answer to that JSON, with these headers besides.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`]
    pub async fn post<const N: usize>(
        &self,
        endpoint: &Endpoint,
        json: String,
        headers: [(&'static str, String); N],
    ) -> Result<Vec<u8>, ExchangeError> {
        let mut request = request(endpoint, "POST", SdkBody::from(json));
        request
            .headers_mut()
            .insert("content-type", "application/json");
        for (name, value) in headers {
            request.headers_mut().insert(name, value);
        }
        self.send(request).await
    }

    async fn send(&self, request: HttpRequest) -> Result<Vec<u8>, ExchangeError> {
        tokio::time::timeout(LIMIT, self.exchange(request))
            .await
            .map_err(|_elapsed| ExchangeError::TooSlow)?
    }

    async fn exchange(&self, request: HttpRequest) -> Result<Vec<u8>, ExchangeError> {
        let connector = self.connector.get_or_init(connector);
        let response = connector.call(request).await;
        let response = response.map_err(|error| ExchangeError::Unreachable(error.into()))?;
        // A redirection is a status like any other.
        match response.status().as_u16() {
            200 => read(response.into_body()).await,
            status => Err(ExchangeError::Status(status)),
        }
    }
}

fn request(endpoint: &Endpoint, method: &str, body: SdkBody) -> HttpRequest {
    let mut request = HttpRequest::new(body);
    request
        .set_method(method)
        .expect("GET and POST are methods");
    request
        .set_uri(endpoint.url())
        .expect("an endpoint is plain text");
    request.headers_mut().insert("accept", "application/json");
    request
}

/// With the system's roots, loaded here and so at the first question. No connection is kept: one that Lambda froze may be dead. An address
/// of the loopback, which is for tests, is no name and not resolved.
fn connector() -> Connector {
    Connector::builder()
        .pool_max_idle_per_host(0)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_with_resolver(Resolver)
}

async fn read(body: SdkBody) -> Result<Vec<u8>, ExchangeError> {
    let mut body = ByteStream::new(body);
    let mut read = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| ExchangeError::Unreachable(error.into()))?;
        if read.len() + part.len() > MAX_ANSWER_BYTES {
            return Err(ExchangeError::TooLong);
        }
        read.extend_from_slice(&part);
    }
    Ok(read)
}

/// Why the endpoint has not answered.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// There was no connection, or it ended.
    #[error("failed to reach the endpoint")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// It took longer than all of an exchange may.
    #[error("the endpoint did not answer within {} s", LIMIT.as_secs())]
    TooSlow,
    /// It answered with another status than 200.
    #[error("the endpoint answers with status {0}")]
    Status(u16),
    /// The answer is longer than any that is meant.
    #[error("the endpoint's answer is longer than {} KiB", MAX_ANSWER_BYTES / 1_024)]
    TooLong,
}
