use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::AttributeList;
use crate::access_token::{self, Bearer};
use crate::attributes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{MessageReason, Metadata};
use crate::user_pool::{AttributeRules, check_attributes, fold_names};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    user_attributes: AttributeList,
    client_metadata: Option<Metadata>,
}

/// A changed address or number is unverified. If the pool verifies it by itself, a code goes there. A blank value removes an attribute.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let Bearer { pool, client, user } = access_token::check(stand_in, &input.access_token)?;
    let mut changes: BTreeMap<String, String> = input.user_attributes.into();
    fold_names(&pool.config, &mut changes);
    check_attributes(
        &pool.config,
        &changes,
        &AttributeRules::SignedInUser(&client),
    )?;
    let now = stand_in.clock.now();
    let mut delivered = Vec::new();
    for unproven in attributes::change(&pool, &user.sub, changes, false, now)? {
        let reason = MessageReason::UpdateUserAttribute;
        let (client_id, metadata) = (Some(client.id.as_str()), input.client_metadata.as_ref());
        let sent = unproven.send_code(stand_in, &pool, reason, client_id, metadata);
        delivered.push(sent.await?);
    }
    Ok(json!({ "CodeDeliveryDetailsList": delivered }))
}
