//! What the table holds is encrypted by KMS, never by a key of our own.

use std::collections::HashMap;
use std::sync::Arc;

use aws_connection::OnFirstUse;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use secrecy::SecretSlice;
use tokio::sync::OnceCell;

use crate::error::AuthenticatorsError;
use crate::owner::Owner;

/// What a secret is for. It is part of what the secret is bound to, so that none can be taken for another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Totp,
    RecoveryCodes,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCodes => "recovery-codes",
        }
    }
}

/// The key that encrypts secrets.
#[derive(Debug, Clone)]
pub(crate) struct Encryption {
    client: OnFirstUse<Client>,
    key_arn: String,
    /// An encrypted secret of nobody, to decrypt for those who have none. One for the process, made at the first check, whoever is checked.
    decoy: Arc<OnceCell<Blob>>,
}

/// As long as a TOTP secret; the key of the recovery codes is hardly longer.
const DECOY: [u8; 20] = [0; 20];

impl Encryption {
    pub(crate) fn new(client: OnFirstUse<Client>, key_arn: String) -> Self {
        Self {
            client,
            key_arn,
            decoy: Arc::default(),
        }
    }

    /// Encrypts a secret of that user.
    pub(crate) async fn encrypt(
        &self,
        owner: &Owner,
        purpose: Purpose,
        secret: &[u8],
    ) -> Result<Blob, AuthenticatorsError> {
        let context = owner.encryption_context(purpose.name());
        self.encrypt_in(context, secret).await
    }

    /// Decrypts a secret of that user.
    pub(crate) async fn decrypt(
        &self,
        owner: &Owner,
        purpose: Purpose,
        encrypted: &Blob,
    ) -> Result<SecretSlice<u8>, AuthenticatorsError> {
        let context = owner.encryption_context(purpose.name());
        self.decrypt_in(context, encrypted).await
    }

    /// Decrypts a secret of that user, or the decoy where there is none: the same calls for both.
    pub(crate) async fn decrypt_or_decoy(
        &self,
        owner: &Owner,
        purpose: Purpose,
        encrypted: Option<&Blob>,
    ) -> Result<SecretSlice<u8>, AuthenticatorsError> {
        let make_decoy = || self.encrypt_in(context_of_decoy(), &DECOY);
        let decoy = self.decoy.get_or_try_init(make_decoy).await?;
        match encrypted {
            Some(encrypted) => self.decrypt(owner, purpose, encrypted).await,
            None => self.decrypt_in(context_of_decoy(), decoy).await,
        }
    }

    async fn encrypt_in(
        &self,
        context: HashMap<String, String>,
        secret: &[u8],
    ) -> Result<Blob, AuthenticatorsError> {
        let request = self
            .client
            .encrypt()
            .key_id(&self.key_arn)
            .set_encryption_context(Some(context))
            .plaintext(Blob::new(secret));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let encrypted = Box::pin(request.send()).await;
        let encrypted = encrypted.map_err(|error| AuthenticatorsError::Encrypt(error.into()))?;
        encrypted
            .ciphertext_blob
            .ok_or(AuthenticatorsError::Encrypt(NOTHING_IN_IT))
    }

    async fn decrypt_in(
        &self,
        context: HashMap<String, String>,
        encrypted: &Blob,
    ) -> Result<SecretSlice<u8>, AuthenticatorsError> {
        let request = self
            .client
            .decrypt()
            // Named, so that KMS refuses what any other key has encrypted.
            .key_id(&self.key_arn)
            .set_encryption_context(Some(context))
            .ciphertext_blob(encrypted.clone());
        let decrypted = Box::pin(request.send()).await;
        let decrypted = decrypted.map_err(|error| AuthenticatorsError::Decrypt(error.into()))?;
        let secret = decrypted
            .plaintext
            .ok_or(AuthenticatorsError::Decrypt(NOTHING_IN_IT))?;
        Ok(secret.into_inner().into())
    }
}

/// KMS answers with what it made; this stands for an answer without it.
const NOTHING_IN_IT: aws_connection::CallError = aws_connection::CallError::NotInOrder;

fn context_of_decoy() -> HashMap<String, String> {
    [("purpose".to_owned(), "decoy".to_owned())].into()
}
