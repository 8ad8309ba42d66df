//! Who may call a function: its resource policy, which the template begins and clients change.
//!
//! Source: AWS Lambda API Reference, "AddPermission", "GetPolicy", "RemovePermission". A user pool that is made at run time needs a
//! permission as it does in AWS: the template's name the template's pool.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};

use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Functions, Serving};
use crate::template::Permission;

/// The statements of a function's resource policy. Held for a look-up or change only, hence std's mutex.
pub(super) struct Policy(Mutex<Vec<Permission>>);

impl Policy {
    pub(super) fn new(permissions: Vec<Permission>) -> Self {
        Self(Mutex::new(permissions))
    }

    fn statements(&self) -> MutexGuard<'_, Vec<Permission>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Functions {
    /// Whether the function lets Cognito call it for the user pool with this ARN.
    pub(crate) fn permit(&self, logical_id: &str, pool_arn: &str) -> bool {
        let account = &self.0.settings.account_id;
        self.find(logical_id).is_ok_and(|serving| {
            let statements = serving.policy.statements();
            statements
                .iter()
                .any(|permission| permission.lets_call(pool_arn, account))
        })
    }
}

pub(super) fn routes() -> Router<Functions> {
    Router::new()
        .route(
            "/2015-03-31/functions/{name}/policy",
            get(policy).post(add_permission),
        )
        .route(
            "/2015-03-31/functions/{name}/policy/{statement_id}",
            delete(remove_permission),
        )
}

/// `AddPermission`'s input, as far as it means something for user pools.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Added {
    statement_id: String,
    action: String,
    principal: String,
    source_arn: Option<String>,
    source_account: Option<String>,
}

async fn add_permission(
    State(functions): State<Functions>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let serving = functions.find(&name)?;
    let Ok(added) = serde_json::from_slice::<Added>(&body) else {
        let message = "expected StatementId, Action and Principal, and perhaps SourceArn and SourceAccount; \
                       local-cognito knows nothing else of a permission"; // ours
        return Err(Refusal::of_user(
            StatusCode::BAD_REQUEST,
            "InvalidParameterValueException",
            message.to_owned(),
        ));
    };
    let Added {
        statement_id,
        action,
        principal,
        source_arn,
        source_account,
    } = added;
    let permission = Permission {
        statement_id,
        action,
        principal,
        source_arn,
        source_account,
    };
    check_statement_id(&permission.statement_id)?;
    let statement = statement(serving, &permission).to_string();
    let mut statements = serving.policy.statements();
    if statements
        .iter()
        .any(|known| known.statement_id == permission.statement_id)
    {
        let message = format!(
            "The statement id ({}) provided already exists. Please provide a new statement id, or remove the existing statement.",
            permission.statement_id
        ); // W
        return Err(Refusal::of_user(
            StatusCode::CONFLICT,
            "ResourceConflictException",
            message,
        ));
    }
    statements.push(permission);
    Ok(answer(
        StatusCode::CREATED,
        &json!({ "Statement": statement }),
    ))
}

/// `StatementId`: 1 to 100 characters of this alphabet (D).
fn check_statement_id(statement_id: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=100).contains(&statement_id.len()) && statement_id.bytes().all(allowed) {
        return Ok(());
    }
    let message = format!(
        "1 validation error detected: Value '{statement_id}' at 'statementId' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"
    );
    Err(Refusal::of_user(
        StatusCode::BAD_REQUEST,
        "ValidationException",
        message,
    ))
}

async fn remove_permission(
    State(functions): State<Functions>,
    Path((name, statement_id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let mut statements = functions.find(&name)?.policy.statements();
    let count = statements.len();
    statements.retain(|permission| permission.statement_id != statement_id);
    if statements.len() == count {
        let message = format!("Statement {statement_id} is not found in resource policy."); // W
        return Err(not_found(message));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn policy(
    State(functions): State<Functions>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let serving = functions.find(&name)?;
    let statements = serving.policy.statements();
    if statements.is_empty() {
        let message = "The resource you requested does not exist."; // W
        return Err(not_found(message.to_owned()));
    }
    let statements: Vec<Value> = statements
        .iter()
        .map(|permission| statement(serving, permission))
        .collect();
    let policy = json!({ "Version": "2012-10-17", "Id": "default", "Statement": statements });
    let policy = json!({ "Policy": policy.to_string() });
    Ok(answer(StatusCode::OK, &policy))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, body.to_string()).into_response()
}

fn not_found(message: String) -> Refusal {
    Refusal::of_user(StatusCode::NOT_FOUND, "ResourceNotFoundException", message)
}

/// A statement as policies write it.
fn statement(serving: &Serving, permission: &Permission) -> Value {
    let mut condition = serde_json::Map::new();
    if let Some(account) = &permission.source_account {
        condition.insert(
            "StringEquals".to_owned(),
            json!({ "AWS:SourceAccount": account }),
        );
    }
    if let Some(arn) = &permission.source_arn {
        condition.insert("ArnLike".to_owned(), json!({ "AWS:SourceArn": arn }));
    }
    json!({
        "Sid": permission.statement_id,
        "Effect": "Allow",
        "Principal": { "Service": permission.principal },
        "Action": permission.action,
        "Resource": serving.function.arn,
        "Condition": condition,
    })
}
