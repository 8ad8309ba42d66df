//! The AWS SDK configuration that all functions share.
//!
//! [`load`] takes what Lambda puts into a function's environment (credentials, region, and for local use the SDKs' endpoint override),
//! trusts Amazon's own roots, and limits every call so that two attempts fit under the time Cognito waits. It opens no connection:
//! that happens on first use.
//!
//! [`CallError`] is what remains of an error for the log, where a service's own words could name a user.
//!
//! [`OnFirstUse`] is a client that a start need not wait for.
//!
//! It does without `aws-config`, which brings a dozen other ways to find credentials into every binary (`docs/decisions/0002-no-aws-config.md`).
//!
//! Variables: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>

mod call_error;
mod endpoints;
mod limits;
mod on_first_use;
mod trust;

use std::path::PathBuf;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{HttpClient, http_client_fn};
use aws_types::SdkConfig;
use aws_types::region::Region;

pub use call_error::CallError;
pub use on_first_use::OnFirstUse;

use crate::endpoints::EndpointOverrides;

/// The configuration for every SDK client of this process, from its environment:
///
/// - `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, which Lambda sets;
/// - `AWS_CA_BUNDLE`: a PEM file with the only certificates to trust, instead of Amazon's (not set);
/// - `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`: where to find all services or one, instead of AWS (not set).
///
/// # Errors
///
/// [`LoadError`], when a variable is missing or names a bad file.
pub fn load() -> Result<SdkConfig, LoadError> {
    from_variables(|name| std::env::var(name).ok())
}

fn from_variables(
    variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<SdkConfig, LoadError> {
    let variable = move |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut missing = Vec::new();
    let mut required = |name| {
        variable(name).unwrap_or_else(|| {
            missing.push(name);
            String::new()
        })
    };
    let region = required("AWS_REGION");
    let key_id = required("AWS_ACCESS_KEY_ID");
    let secret_key = required("AWS_SECRET_ACCESS_KEY");
    if !missing.is_empty() {
        return Err(LoadError::NotSet(missing));
    }
    let session_token = variable("AWS_SESSION_TOKEN");
    // Lambda ends the process before these expire.
    let credentials = Credentials::new(key_id, secret_key, session_token, None, "environment");
    let bundle = variable("AWS_CA_BUNDLE").map(PathBuf::from);
    let https = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trust::tls_context(&region, bundle)?)
        .build_https();
    // Each client that is made asks the HTTP client to check its configuration, and this one does so by reading all certificates for a
    // connector that it drops again: a third of what making a client takes. A function has no such check, and the connector of the first
    // connection serves all clients as before.
    let http_client =
        http_client_fn(move |settings, components| https.http_connector(settings, components));
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .service_config(EndpointOverrides::new(variable))
        .http_client(http_client)
        .timeout_config(limits::time_outs())
        .retry_config(limits::retries())
        .build())
}

/// What is wrong with the environment.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Variables that Lambda sets are not there.
    #[error("{}: not set; AWS Lambda sets them for every function", .0.join(", "))]
    NotSet(Vec<&'static str>),
    /// The file of certificates cannot be read.
    #[error("AWS_CA_BUNDLE: failed to read {}", path.display())]
    BundleUnreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file of certificates holds none.
    #[error("AWS_CA_BUNDLE: {} holds no certificate; expected a PEM file", .0.display())]
    BundleWithoutCertificate(PathBuf),
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use aws_sdk_dynamodb::Client;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    use super::*;

    /// As in Lambda, and these variables besides.
    fn config_with<const N: usize>(more: [(&'static str, String); N]) -> SdkConfig {
        from_variables(move |name| match name {
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ACCESS_KEY_ID" => Some("AKIDEXAMPLE".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("example".to_owned()),
            "AWS_SESSION_TOKEN" => Some("session-example".to_owned()),
            _ => more
                .iter()
                .find(|(other, _)| *other == name)
                .map(|(_, value)| value.clone()),
        })
        .unwrap()
    }

    #[test]
    fn every_missing_variable_is_named() {
        let empty_counts_as_missing =
            |name: &str| (name == "AWS_SECRET_ACCESS_KEY").then(String::new);
        let error = from_variables(empty_counts_as_missing).unwrap_err();
        assert_eq!(
            error.to_string(),
            "AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: not set; AWS Lambda sets them for every function"
        );
    }

    #[tokio::test]
    async fn an_endpoint_over_plain_http_gets_a_signed_request() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::new(&config_with([("AWS_ENDPOINT_URL_DYNAMODB", endpoint)]));

        let serve = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16_384];
            let length = connection.read(&mut request).await.unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{\"TableNames\":[]}";
            connection.write_all(answer).await.unwrap();
            String::from_utf8(request[..length].to_vec()).unwrap()
        };
        let (request, listed) = tokio::join!(serve, client.list_tables().send());

        assert_eq!(listed.unwrap().table_names, Some(Vec::new()));
        for part in [
            "Credential=AKIDEXAMPLE/",
            "/eu-central-1/dynamodb/aws4_request",
            "x-amz-security-token: session-example",
        ] {
            assert!(request.contains(part), "{part} in {request}");
        }
    }

    #[test]
    fn no_certificate_is_read_before_the_first_connection() {
        let mut bundle = tempfile::NamedTempFile::new().unwrap();
        let unreadable = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        bundle.write_all(unreadable.as_bytes()).unwrap();
        let path = bundle.path().to_str().unwrap().to_owned();
        // Reading it would panic.
        drop(Client::new(&config_with([("AWS_CA_BUNDLE", path)])));
    }

    /// The clock is Tokio's and moves by itself while all wait.
    #[tokio::test(start_paused = true)]
    async fn a_service_that_never_answers_is_given_up_below_the_deadline() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::new(&config_with([("AWS_ENDPOINT_URL", endpoint)]));

        let started = Instant::now();
        let error = client.list_tables().send().await.unwrap_err();

        assert!(error.as_service_error().is_none(), "{error:?}");
        assert!(started.elapsed() < limits::DEADLINE_OF_THE_EDGE);
    }
}
