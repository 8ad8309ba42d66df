//! Whose certificates are trusted. Loading the 140-odd roots of the system takes 3 ms, Amazon's own five next to nothing.

use std::path::PathBuf;

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::LoadError;

/// See `roots/README.md`.
const AMAZON_ROOTS: [&str; 5] = [
    include_str!("../roots/amazon-root-ca-1.pem"),
    include_str!("../roots/amazon-root-ca-2.pem"),
    include_str!("../roots/amazon-root-ca-3.pem"),
    include_str!("../roots/amazon-root-ca-4.pem"),
    include_str!("../roots/starfield-services-root-g2.pem"),
];

pub(crate) fn tls_context(region: &str, bundle: Option<PathBuf>) -> Result<TlsContext, LoadError> {
    let store = match bundle {
        Some(path) => TrustStore::empty().with_pem_certificate(certificates_in(path)?),
        None if in_aws_partition(region) => AMAZON_ROOTS
            .into_iter()
            .fold(TrustStore::empty(), TrustStore::with_pem_certificate),
        None => TrustStore::default(),
    };
    Ok(TlsContext::builder()
        .with_trust_store(store)
        .build()
        .expect("a context of a trust store alone has nothing to refuse"))
}

/// Regions of the `aws` partition have three parts, `<area>-<direction>-<number>`; `cn-north-1`, `us-gov-west-1`, `us-iso-east-1`,
/// `eusc-de-east-1` and their like belong to others, whose authorities are others too. An area that is new counts as another
/// partition, where the system's roots serve.
///
/// Source: `partitions.json` of the AWS SDKs.
fn in_aws_partition(region: &str) -> bool {
    let parts: Vec<&str> = region.split('-').collect();
    let [area, _direction, number] = parts[..] else {
        return false;
    };
    ["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"].contains(&area)
        && number.parse::<u8>().is_ok()
}

/// Read here, since the HTTP client panics on what it cannot parse, and only when it first connects.
fn certificates_in(path: PathBuf) -> Result<Vec<u8>, LoadError> {
    let pem = match std::fs::read(&path) {
        Ok(pem) => pem,
        Err(source) => return Err(LoadError::BundleUnreadable { path, source }),
    };
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(pem),
        _ => Err(LoadError::BundleWithoutCertificate(path)),
    }
}
