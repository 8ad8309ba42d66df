use aws_connection::CallError;

/// Why there is no telling what a user has enrolled. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticatorsError {
    /// The table did not answer a read, or answered with an error.
    #[error("failed to read the authenticators")]
    Read(#[source] CallError),
    /// The table did not answer a write, or answered with an error.
    #[error("failed to write the authenticators")]
    Write(#[source] CallError),
    /// KMS did not encrypt.
    #[error("failed to encrypt an authenticator's secret")]
    Encrypt(#[source] CallError),
    /// KMS did not decrypt: it did not answer, or the secret is another user's or was made by another key.
    #[error("failed to decrypt an authenticator's secret")]
    Decrypt(#[source] CallError),
    /// The operating system gave no random bytes.
    #[error("failed to draw random bytes")]
    Random(#[from] getrandom::Error),
    /// An attribute of an item is not what it should be; someone has to correct it.
    #[error("failed to read the authenticators: `{attribute}` is not {expected}")]
    Malformed {
        /// The attribute's name.
        attribute: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}
