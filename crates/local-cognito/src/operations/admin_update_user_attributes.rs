use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::AttributeList;
use crate::attributes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{MessageReason, Metadata};
use crate::user_pool::{AttributeRules, check_attributes, fold_names};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    user_attributes: AttributeList,
    client_metadata: Option<Metadata>,
}

/// A changed address or number is unverified, unless the same call says otherwise; then it is an alias that moves to this user (D).
/// A blank value removes an attribute.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let mut changes: BTreeMap<String, String> = input.user_attributes.into();
    fold_names(&pool.config, &mut changes);
    check_attributes(&pool.config, &changes, &AttributeRules::Administrator)?;
    let sub = pool.find_for_administrator(&input.username)?.sub;
    let now = stand_in.clock.now();
    for unproven in attributes::change(&pool, &sub, changes, true, now)? {
        let reason = MessageReason::UpdateUserAttribute;
        let metadata = input.client_metadata.as_ref();
        unproven
            .send_code(stand_in, &pool, reason, None, metadata)
            .await?;
    }
    Ok(json!({}))
}
