//! How requests are read, and what several of them name.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::identity_pool::IdentityPool;
use crate::identity_pool::refused::Refused;
use crate::operations::{lower_first, page_after, without_nulls};
use crate::stand_in::StandIn;

/// Ten logins of 50,000 characters, and what stands around them.
const LARGEST_INPUT_BYTES: usize = 1024 * 1024;

/// The operation's input. A null member is an absent one.
pub(super) fn read<Input: DeserializeOwned>(body: &[u8]) -> Result<Input, Refused> {
    if body.len() > LARGEST_INPUT_BYTES {
        return Err(Refused::Serialization);
    }
    let input = serde_json::from_slice(body).map(without_nulls);
    input.and_then(serde_json::from_value).map_err(|error| {
        let text = error.to_string();
        let missing = text.strip_prefix("missing field `");
        match missing.and_then(|rest| rest.split_once('`')) {
            Some((member, _)) => Refused::missing(&lower_first(member)),
            None => Refused::Serialization,
        }
    })
}

/// What a request is about, whichever operation it is for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    identity_pool_id: Option<String>,
    resource_arn: Option<String>,
    identity_id: Option<String>,
    identity_ids_to_delete: Option<Vec<String>>,
}

impl Named {
    /// The ARNs of the pools, whether they exist or not.
    pub(super) fn pools(&self, stand_in: &StandIn) -> Vec<String> {
        if let Some(id) = &self.identity_pool_id {
            let resource = format!("identitypool/{id}");
            return vec![stand_in.stack.arn("cognito-identity", &resource)];
        }
        if let Some(arn) = &self.resource_arn {
            return vec![arn.clone()];
        }
        let identities = self.identity_ids_to_delete.iter().flatten();
        let pools = identities
            .chain(&self.identity_id)
            .filter_map(|id| stand_in.identity_pools.with_identity(id));
        pools.map(|pool| pool.config.arn.clone()).collect()
    }
}

/// The pool with this id.
pub(super) fn pool(stand_in: &StandIn, id: &str) -> Result<Arc<IdentityPool>, Refused> {
    check_id(id, "identityPoolId")?;
    let pool = stand_in.identity_pools.get(id);
    pool.ok_or_else(|| Refused::no_such_pool(id))
}

/// The pool that has this identity.
pub(super) fn pool_of_identity(
    stand_in: &StandIn,
    identity_id: &str,
) -> Result<Arc<IdentityPool>, Refused> {
    check_id(identity_id, "identityId")?;
    let pool = stand_in.identity_pools.with_identity(identity_id);
    pool.ok_or_else(|| Refused::no_such_identity(identity_id))
}

/// The form of the ids of pools and identities (D).
pub(super) fn check_id(id: &str, member: &str) -> Result<(), Refused> {
    let well_formed = id.split_once(':').is_some_and(|(region, uuid)| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte) || byte == b'-';
        !region.is_empty() && region.bytes().all(word) && !uuid.is_empty() && uuid.bytes().all(hex)
    });
    let problem = if !well_formed {
        "Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+"
    } else if id.len() > 55 {
        "Member must have length less than or equal to 55"
    } else {
        return Ok(());
    };
    Err(Refused::Validation(format!(
        "Value '{id}' at '{member}' failed to satisfy constraint: {problem}"
    )))
}

/// A text of so many characters.
pub(super) fn check_length(
    text: &str,
    member: &str,
    least: usize,
    most: usize,
) -> Result<(), Refused> {
    let length = text.chars().count();
    let bound = match length {
        _ if length < least => format!("greater than or equal to {least}"),
        _ if length > most => format!("less than or equal to {most}"),
        _ => return Ok(()),
    };
    Err(Refused::Validation(format!(
        "Value at '{member}' failed to satisfy constraint: Member must have length {bound}"
    )))
}

/// The most results of one page (D).
const MOST_RESULTS: usize = 60;

/// One page of a list in the order of its keys, and the token of the next.
pub(super) fn page<T>(
    items: Vec<T>,
    key: impl Fn(&T) -> &str,
    max_results: usize,
    next_token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), Refused> {
    if !(1..=MOST_RESULTS).contains(&max_results) {
        let bound = match max_results {
            0 => "greater than or equal to 1",
            _ => "less than or equal to 60",
        };
        return Err(Refused::Validation(format!(
            "Value '{max_results}' at 'maxResults' failed to satisfy constraint: Member must have value {bound}"
        )));
    }
    let page = page_after(items, key, next_token, max_results);
    page.ok_or_else(|| Refused::InvalidParameter("Invalid pagination token.".to_owned())) // ours
}
