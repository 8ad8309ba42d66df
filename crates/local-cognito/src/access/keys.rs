//! What the operations of KMS are about.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Key Management Service"; AWS KMS Developer
//! Guide, "Key policies in AWS KMS" and "Condition keys for AWS KMS".

use iam_policy::Context;
use serde_json::Value;

use super::{Asked, Caller, Denied};
use crate::stand_in::StandIn;

impl StandIn {
    /// Whether a caller may ask this of a key. A key that does not exist is left to KMS, which says so.
    pub(crate) fn authorise_key(
        &self,
        caller: &Caller,
        operation: &str,
        body: &[u8],
    ) -> Result<(), Denied> {
        self.authorise_all(caller, || {
            let input: Value = serde_json::from_slice(body).unwrap_or_default();
            let Some(key) = self.kms.key_of_request(&input) else {
                return Vec::new();
            };
            vec![Asked {
                context: context(&input, &caller.account),
                policy: Some(key.policy.clone()),
                ..Asked::new(format!("kms:{operation}"), key.arn.clone())
            }]
        })
    }
}

fn context(input: &Value, account: &str) -> Context {
    let mut context = Context::default().with("kms:CallerAccount", account);
    if let Some(members) = input["EncryptionContext"].as_object() {
        context = context.with_all("kms:EncryptionContextKeys", members.keys().cloned());
        for (name, value) in members {
            let value = value.as_str().unwrap_or_default();
            context = context.with(&format!("kms:EncryptionContext:{name}"), value);
        }
    }
    if let Some(operations) = input["Operations"].as_array() {
        let operations = operations.iter().filter_map(Value::as_str);
        context = context.with_all("kms:GrantOperations", operations.map(str::to_owned));
    }
    if input.get("Plaintext").is_some() || input.get("CiphertextBlob").is_some() {
        let algorithm = input["EncryptionAlgorithm"].as_str();
        context = context.with(
            "kms:EncryptionAlgorithm",
            algorithm.unwrap_or("SYMMETRIC_DEFAULT"),
        );
    }
    context
}
