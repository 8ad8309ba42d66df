use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::tolerant;

/// What a custom email sender or a custom SMS sender is asked to send.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SenderRequest {
    /// `customEmailSenderRequestV1` or `customSMSSenderRequestV1`.
    #[serde(default, rename = "type", deserialize_with = "tolerant::text")]
    pub request_type: String,
    /// The code or temporary password: in base64, a message of the AWS Encryption SDK. None in a notification.
    #[serde(default, deserialize_with = "tolerant::secret")]
    pub code: Option<SecretString>,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
    /// The user's attributes.
    #[serde(default)]
    pub user_attributes: Attributes,
}

/// What a sender answers: nothing is read from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderResponse {}
