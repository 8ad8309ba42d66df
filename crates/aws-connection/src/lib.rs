//! The AWS SDK configuration that all functions share.
//!
//! [`load`] takes what Lambda puts into a function's environment (credentials, region, and for local use the SDKs' endpoint override),
//! trusts Amazon's own roots, and limits every call so that two attempts fit under the time Cognito waits. It opens no connection:
//! that happens on first use, so a function that is started and not called costs nobody anything.
//!
//! Variables: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>

mod limits;
mod trust;

use std::path::PathBuf;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_types::SdkConfig;

/// The configuration for every SDK client of this process, from its environment:
///
/// - `AWS_REGION`, and `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, which Lambda sets;
/// - `AWS_CA_BUNDLE`: a PEM file with the only certificates to trust, instead of Amazon's (not set);
/// - `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`: where to find all services or one, instead of AWS (not set).
///
/// # Errors
///
/// [`LoadError`], when a variable is missing or names a bad file.
pub async fn load() -> Result<SdkConfig, LoadError> {
    let region = variable("AWS_REGION").ok_or(LoadError::RegionNotSet)?;
    let bundle = variable("AWS_CA_BUNDLE").map(PathBuf::from);
    let http_client = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trust::tls_context(&region, bundle)?)
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(http_client)
        .timeout_config(limits::time_outs())
        .retry_config(limits::retries())
        .load()
        .await;
    Ok(config)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What is wrong with the environment.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No region.
    #[error("AWS_REGION: not set; expected a region, for example eu-central-1")]
    RegionNotSet,
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
