//! `dynamodb:Attributes` and what goes with it: the attributes that a request names or gets.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Words of expressions, in capitals, that stand for no attribute. Reserved words, so no attribute is written like them.
const WORDS: [&str; 10] = [
    "ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "REMOVE", "SET", "=",
];

/// Members with conditions and projections in the older way, which are not looked into.
const OLDER: [&str; 6] = [
    "AttributeUpdates",
    "AttributesToGet",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
];

const EXPRESSIONS: [&str; 5] = [
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
];

pub(super) struct Attributes {
    /// `None` where they cannot be told, as when all are asked for.
    pub(super) names: Option<Vec<String>>,
    /// Of what reads.
    pub(super) select: Option<String>,
    /// Of what writes.
    pub(super) return_values: Option<String>,
}

impl Attributes {
    /// Those of one action, such as `GetItem`, with its part of a request.
    pub(super) fn of(action: &str, input: &Value) -> Self {
        let reads = ["BatchGetItem", "GetItem", "Query", "Scan"].contains(&action);
        let returns = ["DeleteItem", "PutItem", "UpdateItem"].contains(&action);
        let select = reads.then(|| select(input));
        let all = select
            .as_deref()
            .is_some_and(|select| select.starts_with("ALL_"));
        let return_values = input["ReturnValues"].as_str().unwrap_or("NONE");
        Self {
            names: if all { None } else { names(input) },
            select,
            return_values: returns.then(|| return_values.to_owned()),
        }
    }
}

/// What it asks for, or what it gets when it asks for nothing. Source: DynamoDB API Reference, "Query", `Select`.
fn select(input: &Value) -> String {
    let default = if input.get("ProjectionExpression").is_some() {
        "SPECIFIC_ATTRIBUTES"
    } else if input.get("IndexName").is_some() {
        "ALL_PROJECTED_ATTRIBUTES"
    } else {
        "ALL_ATTRIBUTES"
    };
    input["Select"].as_str().unwrap_or(default).to_owned()
}

fn names(input: &Value) -> Option<Vec<String>> {
    if OLDER.iter().any(|member| input.get(member).is_some()) {
        return None;
    }
    let mut found = BTreeSet::new();
    for item in items(input) {
        found.extend(item.keys().cloned());
    }
    let names = Names::of(input);
    for member in EXPRESSIONS {
        let expression = input[member].as_str().unwrap_or_default();
        let tokens = tokens(expression);
        for (index, token) in tokens.iter().enumerate() {
            let is_value =
                token.starts_with(':') || token.starts_with(|c: char| c.is_ascii_digit());
            let is_sign = !token.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '#');
            let is_word = WORDS.contains(&token.to_uppercase().as_str());
            let is_function = tokens.get(index + 1) == Some(&"(");
            if !(is_value || is_sign || is_word || is_function) {
                found.insert(names.resolve(token)?.to_owned());
            }
        }
    }
    Some(found.into_iter().collect())
}

/// The items and keys of items of a request, or of its part for one table.
fn items(input: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let single = ["Item", "Key"].into_iter().map(|member| &input[member]);
    let keys = input["Keys"].as_array().into_iter().flatten();
    let writes = input.as_array().into_iter().flatten();
    let writes = writes.flat_map(|write| {
        let put = &write["PutRequest"]["Item"];
        [put, &write["DeleteRequest"]["Key"]]
    });
    let all = single.chain(keys).chain(writes);
    all.filter_map(Value::as_object)
}

/// The names that a request puts in other words.
pub(super) struct Names<'r>(Option<&'r Map<String, Value>>);

impl<'r> Names<'r> {
    pub(super) fn of(input: &'r Value) -> Self {
        Self(input["ExpressionAttributeNames"].as_object())
    }

    /// The attribute at the start of a path; `None` where a name in other words stands for nothing.
    pub(super) fn resolve<'t>(&self, path: &'t str) -> Option<&'t str>
    where
        'r: 't,
    {
        let first = path.split('.').next().unwrap_or(path);
        if first.starts_with('#') {
            self.0?.get(first)?.as_str()
        } else {
            Some(first)
        }
    }
}

/// The words and signs of an expression. What stands in brackets is an index, and part of no word.
pub(super) fn tokens(expression: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || "_#:.".contains(c);
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        if !first.is_whitespace() {
            tokens.push(token);
        }
        rest = after;
    }
    tokens
}
