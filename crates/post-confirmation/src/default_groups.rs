//! The table of the groups that confirmed users get.
//!
//! The partition key is `rule`: `everyone`; `client#` and an app client's id; `domain#` and a domain, in lower case and punycode, for the
//! verified addresses of that domain and its sub-domains. `groups` (SS, or L of S) are the names of groups of the user pool.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::rules::Grant;

/// How often DynamoDB is asked for the rules that it had no capacity for. Each time answers some of them, as a rule.
const ATTEMPTS: usize = 3;

/// The table of default groups.
#[derive(Debug, Clone)]
pub(crate) struct DefaultGroups {
    client: Client,
    table: String,
}

impl DefaultGroups {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
        }
    }

    /// The groups of these rules, in the order of the rules.
    pub(crate) async fn of_rules(
        &self,
        rules: &[String],
    ) -> Result<Vec<Grant>, DefaultGroupsError> {
        let mut found = HashMap::new();
        let mut wanted = self.keys(rules)?;
        for _ in 0..ATTEMPTS {
            let request = self
                .client
                .batch_get_item()
                .request_items(&self.table, wanted);
            // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
            let answer = Box::pin(request.send()).await.map_err(Box::new)?;
            for item in answer
                .responses
                .into_iter()
                .flatten()
                .flat_map(|(_, items)| items)
            {
                if let Some(Ok(rule)) = item.get("rule").map(AttributeValue::as_s) {
                    found.insert(rule.clone(), groups(rule, &item)?);
                }
            }
            match answer
                .unprocessed_keys
                .unwrap_or_default()
                .remove(&self.table)
            {
                Some(unprocessed) => wanted = unprocessed,
                None => return Ok(grants(rules, found)),
            }
        }
        Err(DefaultGroupsError::Throttled)
    }

    fn keys(&self, rules: &[String]) -> Result<KeysAndAttributes, BuildError> {
        let key =
            |rule: &String| HashMap::from([("rule".to_owned(), AttributeValue::S(rule.clone()))]);
        KeysAndAttributes::builder()
            .set_keys(Some(rules.iter().map(key).collect()))
            .consistent_read(true)
            .build()
    }
}

fn grants(rules: &[String], mut found: HashMap<String, Vec<String>>) -> Vec<Grant> {
    let mut grants = Vec::new();
    for rule in rules {
        let groups = found.remove(rule).unwrap_or_default();
        grants.extend(groups.into_iter().map(|group| Grant {
            group,
            rule: rule.clone(),
        }));
    }
    grants
}

/// A set has no order, so it is sorted, for the same answer each time.
fn groups(
    rule: &str,
    item: &HashMap<String, AttributeValue>,
) -> Result<Vec<String>, DefaultGroupsError> {
    let groups = match item.get("groups") {
        None => return Ok(Vec::new()),
        Some(AttributeValue::Ss(groups)) => Some(groups.clone()),
        Some(AttributeValue::L(groups)) => groups
            .iter()
            .map(|group| group.as_s().ok().cloned())
            .collect(),
        Some(_) => None,
    };
    let mut groups = groups.ok_or_else(|| DefaultGroupsError::Malformed(rule.to_owned()))?;
    groups.sort_unstable();
    Ok(groups)
}

/// Why there is no telling which groups the user gets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DefaultGroupsError {
    /// The table did not answer, or answered with an error.
    #[error("failed to read the default groups")]
    Table(#[from] Box<SdkError<BatchGetItemError>>),
    /// The table left rules unanswered each time.
    #[error("failed to read the default groups: the table is throttled")]
    Throttled,
    /// The request could not be put together.
    #[error("failed to ask for the default groups")]
    Build(#[from] BuildError),
    /// Someone has to correct the row.
    #[error("failed to read the default groups: `groups` of `{0}` is not a list of texts")]
    Malformed(String),
}
