//! What the operations of `cognito-idp` are about.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Cognito User Pools".

use serde_json::Value;

use super::{Asked, Caller, Denied};
use crate::stand_in::StandIn;

impl StandIn {
    /// Whether a caller may ask this of user pools. Operations that are open to everybody are not asked about.
    pub(crate) fn authorise_user_pools(
        &self,
        caller: &Caller,
        operation: &str,
        body: &[u8],
    ) -> Result<(), Denied> {
        self.authorise_all(caller, || {
            let input: Value = serde_json::from_slice(body).unwrap_or_default();
            let resource = match (input["UserPoolId"].as_str(), input["ResourceArn"].as_str()) {
                (Some(pool), _) => self.stack.user_pool_arn(pool),
                (None, Some(arn)) => arn.to_owned(),
                (None, None) => "*".to_owned(),
            };
            vec![Asked::new(format!("cognito-idp:{operation}"), resource)]
        })
    }
}
