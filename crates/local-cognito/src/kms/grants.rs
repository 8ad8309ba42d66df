//! Grants: kept and told, and nothing else. Nobody is let in by one, which is stricter than AWS.

use std::sync::{MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::keys::enabled;
use super::{Kms, Refused};
use crate::ids;

/// A grant, as `ListGrants` shows it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Grant {
    grant_id: String,
    creation_date: i64,
    issuing_account: String,
    #[serde(flatten)]
    terms: Terms,
}

/// What `CreateGrant` is asked for.
#[derive(PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Terms {
    /// The key's ARN, once it is granted.
    key_id: String,
    grantee_principal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_principal: Option<String>,
    operations: Vec<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    constraints: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    key_id: String,
    grant_id: Option<String>,
    grantee_principal: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Revoke {
    key_id: String,
    grant_id: String,
}

impl Kms {
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>
    pub(super) fn create_grant(&self, mut terms: Terms, now: i64) -> Result<Value, Refused> {
        terms.key_id = enabled(self.find_itself(&terms.key_id)?)?.arn.clone();
        let mut grants = self.grants();
        // D: a request that comes again with the same name and all else gives the same grant.
        let mut known = grants.iter();
        let known = known.find(|grant| terms.name.is_some() && grant.terms == terms);
        let grant_id = known.map_or_else(grant_id, |grant| grant.grant_id.clone());
        if known.is_none() {
            grants.push(Grant {
                grant_id: grant_id.clone(),
                creation_date: now,
                issuing_account: format!("arn:aws:iam::{}:root", self.account_id),
                terms,
            });
        }
        Ok(json!({ "GrantId": grant_id, "GrantToken": ids::opaque(96) }))
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html>
    pub(super) fn list_grants(&self, input: &List) -> Result<Value, Refused> {
        let key = self.find_itself(&input.key_id)?;
        let is = |wanted: &Option<String>, found: &String| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        let grants = self.grants();
        let grants: Vec<&Grant> = grants
            .iter()
            .filter(|grant| grant.terms.key_id == key.arn)
            .filter(|grant| is(&input.grant_id, &grant.grant_id))
            .filter(|grant| is(&input.grantee_principal, &grant.terms.grantee_principal))
            .collect();
        Ok(json!({ "Grants": grants, "Truncated": false }))
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html>
    pub(super) fn revoke_grant(&self, input: &Revoke) -> Result<Value, Refused> {
        let key = self.find_itself(&input.key_id)?;
        let mut grants = self.grants();
        let count = grants.len();
        grants.retain(|grant| grant.terms.key_id != key.arn || grant.grant_id != input.grant_id);
        if grants.len() == count {
            let text = format!("Grant ID {} not found", input.grant_id); // from memory
            return Err(Refused::NotFound(text));
        }
        Ok(json!({}))
    }

    fn grants(&self) -> MutexGuard<'_, Vec<Grant>> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 64 hexadecimal digits.
fn grant_id() -> String {
    ids::random::<32>()
        .map(|byte| format!("{byte:02x}"))
        .concat()
}
