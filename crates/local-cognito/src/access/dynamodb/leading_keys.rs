//! `dynamodb:LeadingKeys`: the values of the partition key that a request touches. What cannot be told with certainty is `None`, which no
//! policy that asks for it allows.

use serde_json::Value;

use super::attributes::{Names, tokens};
use crate::template::Stack;

/// The attribute that a table of the template, or one of its indexes, is partitioned by.
pub(super) fn hash_attribute<'s>(
    stack: &'s Stack,
    table: &str,
    index: Option<&str>,
) -> Option<&'s str> {
    let mut tables = stack.tables.iter();
    let table = tables.find(|known| known.name == table || known.arn == table)?;
    let schema = match index {
        None => &table.create_table["KeySchema"],
        Some(index) => {
            let kinds = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
            let kinds = kinds
                .into_iter()
                .map(|kind| table.create_table[kind].as_array());
            let mut indexes = kinds.flatten().flatten();
            &indexes.find(|known| known["IndexName"] == index)?["KeySchema"]
        }
    };
    let mut schema = schema.as_array()?.iter();
    schema.find(|key| key["KeyType"] == "HASH")?["AttributeName"].as_str()
}

/// Those of items, or of keys of items.
pub(super) fn of_items(attribute: Option<&str>, items: &[&Value]) -> Option<Vec<String>> {
    let attribute = attribute?;
    items.iter().map(|item| text_of(&item[attribute])).collect()
}

/// The one of a query: its condition has to say that the partition key equals a value, once.
pub(super) fn of_query(attribute: Option<&str>, input: &Value) -> Option<Vec<String>> {
    let attribute = attribute?;
    let expression = input["KeyConditionExpression"].as_str()?;
    let names = Names::of(input);
    let tokens = tokens(expression);
    let mut places = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| names.resolve(token) == Some(attribute));
    let (place, _) = places.next()?;
    if places.next().is_some() || tokens.get(place + 1) != Some(&"=") {
        return None;
    }
    let value = tokens.get(place + 2)?;
    let value = text_of(&input["ExpressionAttributeValues"][value])?;
    Some(vec![value])
}

/// A text, or a whole number in the one way to write it. Others have several, and cannot be compared as texts.
fn text_of(value: &Value) -> Option<String> {
    if let Some(text) = value["S"].as_str() {
        return Some(text.to_owned());
    }
    let number = value["N"].as_str()?;
    let parsed: i64 = number.parse().ok()?;
    (parsed.to_string() == number).then(|| number.to_owned())
}
