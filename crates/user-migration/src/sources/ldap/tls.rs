use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Trusts the roots of that file, or the system's where there is none.
pub(super) fn config(roots: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(path) => {
            let certificates = CertificateDer::pem_file_iter(path).map_err(TlsError::Unreadable)?;
            for certificate in certificates {
                store.add(certificate.map_err(TlsError::Unreadable)?)?;
            }
        }
        // What of the system's roots is of no use trusts nobody.
        None => {
            let system = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(system.certs);
        }
    }
    if store.is_empty() {
        return Err(TlsError::NoRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Why nobody's certificate could be trusted.
#[derive(Debug, thiserror::Error)]
pub(super) enum TlsError {
    #[error("failed to read the trusted roots")]
    Unreadable(#[source] rustls::pki_types::pem::Error),
    #[error("failed to use the trusted roots")]
    Unusable(#[from] rustls::Error),
    #[error("there are no trusted roots")]
    NoRoots,
}
