//! What the operations of Systems Manager are about.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager". A `SecureString` under
//! AWS's own key needs no permission besides: that key's policy lets the whole account use it through Systems Manager.

use serde_json::Value;

use super::{Asked, Caller, Denied};
use crate::parameter_store;
use crate::stand_in::StandIn;

/// What stands behind the name of a secret in its ARN: six characters that nobody chooses.
const SUFFIX_OF_SECRET: &str = "-a1B2c3";

impl StandIn {
    pub(crate) fn authorise_parameters(
        &self,
        caller: &Caller,
        operation: &str,
        body: &[u8],
    ) -> Result<(), Denied> {
        self.authorise_all(caller, || {
            let input: Value = serde_json::from_slice(body).unwrap_or_default();
            let name = input["Name"].as_str().unwrap_or_default().trim();
            let arn = parameter_store::arn(&self.stack, name);
            let mut asked = vec![Asked::new(format!("ssm:{operation}"), arn)];
            if let Some(secret) = name.strip_prefix(parameter_store::SECRETS) {
                // Systems Manager asks for it in the caller's name.
                let secret = format!("secret:{secret}{SUFFIX_OF_SECRET}");
                let arn = self.stack.arn("secretsmanager", &secret);
                asked.push(Asked::new("secretsmanager:GetSecretValue".to_owned(), arn));
            }
            asked
        })
    }
}
