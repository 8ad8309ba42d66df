//! An HTTP endpoint of the operator's: one signed request, one answer. The contract: `docs/MIGRATION.md`.

mod answer;
mod signature;

use std::sync::Arc;

use https_endpoint::{Client, Endpoint, ExchangeError};
use parameter_secrets::SecretStore;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::secrets::Secrets;
use crate::source::{Asking, Found, Question, Source, SourceError};

use signature::Signature;

/// The endpoint, and the key that requests are signed with.
#[derive(Debug)]
pub(crate) struct HttpEndpoint {
    endpoint: Endpoint,
    secrets: Arc<SecretStore<Secrets>>,
    client: Client,
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
        Box::pin(self.exchange(question))
    }
}

impl HttpEndpoint {
    pub(crate) fn new(endpoint: Endpoint, secrets: Arc<SecretStore<Secrets>>) -> Self {
        Self {
            endpoint,
            secrets,
            client: Client::default(),
        }
    }

    async fn exchange(&self, question: &Question<'_>) -> Result<Option<Found>, SourceError> {
        let secrets = self.secrets.get(question.now).await?;
        let key = secrets.endpoint_key.as_ref().ok_or(EndpointError::NoKey)?;
        let body = body(question);
        let signature = Signature::of(key, question.now, &body)?;
        let headers = [
            ("lifeguard-timestamp", signature.timestamp),
            ("lifeguard-nonce", signature.nonce),
            ("lifeguard-signature", signature.value),
        ];
        let exchange = self.client.post(&self.endpoint, body, headers);
        let answer = exchange.await.map_err(EndpointError::Exchange)?;
        Ok(answer::read(&answer, question)?)
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

/// Why the endpoint has not answered.
#[derive(Debug, thiserror::Error)]
enum EndpointError {
    #[error("the secrets have no endpointKey")]
    NoKey,
    #[error("failed to make a nonce")]
    NoNonce(#[source] getrandom::Error),
    #[error(transparent)]
    Exchange(ExchangeError),
    /// The JSON error's own text could quote the answer.
    #[error("the endpoint's answer cannot be read")]
    Unreadable,
}
