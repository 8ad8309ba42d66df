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

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[track_caller]
    fn trusted(region: &str, bundle: Option<&str>) -> (bool, usize) {
        let context = tls_context(region, bundle.map(PathBuf::from)).unwrap();
        let shown = format!("{context:?}");
        let system = shown.contains("enable_native_roots: true");
        (system, shown.matches("CertificatePEM").count())
    }

    #[test]
    fn amazons_partition_trusts_amazons_roots_and_others_the_systems() {
        for region in [
            "us-east-1",
            "eu-central-1",
            "ap-southeast-2",
            "mx-central-1",
            "il-central-1",
        ] {
            assert_eq!(trusted(region, None), (false, 5), "{region}");
        }
        for region in [
            "cn-north-1",
            "us-gov-west-1",
            "us-iso-east-1",
            "us-isob-east-1",
            "eu-isoe-west-1",
            "eusc-de-east-1",
            "xx-west-1",
            "us-east",
            "",
        ] {
            assert_eq!(trusted(region, None), (true, 0), "{region}");
        }
    }

    #[test]
    fn a_bundle_is_trusted_alone() {
        let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/roots/amazon-root-ca-1.pem");
        for region in ["eu-central-1", "cn-north-1"] {
            assert_eq!(trusted(region, Some(bundle)), (false, 1), "{region}");
        }
    }

    #[test]
    fn a_bad_bundle_is_named() {
        let text = |path: &str| {
            tls_context("eu-central-1", Some(PathBuf::from(path)))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            text("/not/there.pem"),
            "AWS_CA_BUNDLE: failed to read /not/there.pem"
        );
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/roots/README.md");
        assert_eq!(
            text(readme),
            format!("AWS_CA_BUNDLE: {readme} holds no certificate; expected a PEM file")
        );
    }

    /// `roots/README.md` says where these are documented.
    #[test]
    fn the_roots_are_amazons() {
        let readme = include_str!("../roots/README.md");
        for root in AMAZON_ROOTS {
            let certificate = CertificateDer::from_pem_slice(root.as_bytes()).unwrap();
            let fingerprint = sha256(&certificate);
            let row = readme
                .lines()
                .find(|row| row.ends_with(&format!("`{fingerprint}` |")))
                .unwrap_or_else(|| panic!("{fingerprint} is not documented"));
            let public_key = row.split('`').nth(3).unwrap();
            assert!(
                sequences_in(&certificate).any(|sequence| sha256(sequence) == public_key),
                "no public key of {row}"
            );
        }
    }

    fn sha256(bytes: &[u8]) -> String {
        Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Whatever could be a DER sequence: the subject public key information is one.
    fn sequences_in(der: &[u8]) -> impl Iterator<Item = &[u8]> {
        (0..der.len()).filter_map(|start| {
            let (header, length) = match der[start..] {
                [0x30, length @ 0..=0x7f, ..] => (2, usize::from(length)),
                [0x30, 0x81, length, ..] => (3, usize::from(length)),
                [0x30, 0x82, high, low, ..] => (4, usize::from(u16::from_be_bytes([high, low]))),
                _ => return None,
            };
            der.get(start..start + header + length)
        })
    }
}
