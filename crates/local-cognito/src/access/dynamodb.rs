//! What the operations of DynamoDB are about.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB"; DynamoDB Developer Guide, "Using
//! IAM policy conditions for fine-grained access control".

mod attributes;
mod leading_keys;
#[cfg(test)]
mod tests;

use iam_policy::Context;
use serde_json::Value;

use self::attributes::Attributes;
use self::leading_keys::{hash_attribute, of_items, of_query};
use super::{Asked, Caller, Denied};
use crate::stand_in::StandIn;
use crate::template::Stack;

impl StandIn {
    pub(crate) fn authorise_tables(
        &self,
        caller: &Caller,
        operation: &str,
        body: &[u8],
    ) -> Result<(), Denied> {
        self.authorise_all(caller, || {
            let input = serde_json::from_slice(body).unwrap_or_default();
            asked(&self.stack, operation, &input)
        })
    }
}

/// What an operation does, with which tables and indexes.
fn asked(stack: &Stack, operation: &str, input: &Value) -> Vec<Asked> {
    let item = |action: &str, input: &Value, items: &[&Value]| {
        let table = input["TableName"].as_str().unwrap_or_default();
        one(
            stack,
            action,
            table,
            input,
            &of_items(hash_attribute(stack, table, None), items),
        )
    };
    match operation {
        "DeleteItem" | "GetItem" | "UpdateItem" => vec![item(operation, input, &[&input["Key"]])],
        "PutItem" => vec![item(operation, input, &[&input["Item"]])],
        "Query" | "Scan" => vec![of_search(stack, operation, input)],
        "BatchGetItem" => each_table(input, |table, requests| {
            let keys: Vec<&Value> = list(&requests["Keys"]).iter().collect();
            let keys = of_items(hash_attribute(stack, table, None), &keys);
            one(stack, operation, table, requests, &keys)
        }),
        "BatchWriteItem" => each_table(input, |table, requests| {
            let items = list(requests).iter().map(|request| {
                let put = &request["PutRequest"]["Item"];
                if put.is_null() {
                    &request["DeleteRequest"]["Key"]
                } else {
                    put
                }
            });
            let items: Vec<&Value> = items.collect();
            let keys = of_items(hash_attribute(stack, table, None), &items);
            one(stack, operation, table, requests, &keys)
        }),
        "TransactGetItems" | "TransactWriteItems" => {
            let steps = list(&input["TransactItems"]).iter();
            let steps = steps.flat_map(|step| step.as_object().into_iter().flatten());
            steps
                .map(|(kind, step)| {
                    let action = match kind.as_str() {
                        "Get" => "GetItem",
                        "Put" => "PutItem",
                        "Update" => "UpdateItem",
                        "Delete" => "DeleteItem",
                        "ConditionCheck" => "ConditionCheckItem",
                        other => other,
                    };
                    let touched = if kind == "Put" {
                        &step["Item"]
                    } else {
                        &step["Key"]
                    };
                    item(action, step, &[touched])
                })
                .collect()
        }
        // Statements in SQL name their tables within; they are not looked into.
        "BatchExecuteStatement" | "ExecuteStatement" | "ExecuteTransaction" => {
            let actions = [
                "PartiQLDelete",
                "PartiQLInsert",
                "PartiQLSelect",
                "PartiQLUpdate",
            ];
            let asked = |action| Asked {
                context: Context::default()
                    .with_unknown("dynamodb:LeadingKeys")
                    .with_unknown("dynamodb:Attributes")
                    .with_unknown("dynamodb:Select")
                    .with_unknown("dynamodb:ReturnValues"),
                ..Asked::new(format!("dynamodb:{action}"), "*".to_owned())
            };
            actions.map(asked).into()
        }
        _ => {
            let resource = match input["TableName"]
                .as_str()
                .or(input["ResourceArn"].as_str())
            {
                Some(table) => table_arn(stack, table),
                None => "*".to_owned(),
            };
            vec![Asked::new(format!("dynamodb:{operation}"), resource)]
        }
    }
}

/// A query or scan of a table, or of one of its indexes.
fn of_search(stack: &Stack, operation: &str, input: &Value) -> Asked {
    let table = input["TableName"].as_str().unwrap_or_default();
    let index = input["IndexName"].as_str();
    // A scan comes upon every key.
    let keys = match operation {
        "Query" => of_query(hash_attribute(stack, table, index), input),
        _ => None,
    };
    let mut asked = one(stack, operation, table, input, &keys);
    if let Some(index) = index {
        asked.resource += &format!("/index/{index}");
    }
    asked
}

/// One action on one table. `keys` are the partition keys that it touches, if they can be told.
fn one(
    stack: &Stack,
    action: &str,
    table: &str,
    input: &Value,
    keys: &Option<Vec<String>>,
) -> Asked {
    let Attributes {
        names,
        select,
        return_values,
    } = Attributes::of(action, input);
    let mut context = Context::default();
    context = match keys {
        Some(keys) => context.with_all("dynamodb:LeadingKeys", keys.iter().cloned()),
        None => context.with_unknown("dynamodb:LeadingKeys"),
    };
    context = match names {
        Some(names) => context.with_all("dynamodb:Attributes", names),
        None => context.with_unknown("dynamodb:Attributes"),
    };
    if let Some(select) = select {
        context = context.with("dynamodb:Select", select);
    }
    if let Some(return_values) = return_values {
        context = context.with("dynamodb:ReturnValues", return_values);
    }
    Asked {
        context,
        ..Asked::new(format!("dynamodb:{action}"), table_arn(stack, table))
    }
}

fn each_table(input: &Value, asked: impl Fn(&str, &Value) -> Asked) -> Vec<Asked> {
    let tables = input["RequestItems"].as_object();
    let tables = tables.into_iter().flatten();
    tables
        .map(|(table, requests)| asked(table, requests))
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A table may be named by its ARN.
fn table_arn(stack: &Stack, table: &str) -> String {
    if table.starts_with("arn:") {
        table.to_owned()
    } else {
        stack.arn("dynamodb", &format!("table/{table}"))
    }
}
