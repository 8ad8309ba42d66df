//! Rows of the template's tables, as an operator writes and reads them.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType,
};
use tests::stand_in::StandIn;

/// A row, by the names of its attributes.
pub(crate) type Row = HashMap<String, AttributeValue>;

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn texts(texts: &[&str]) -> AttributeValue {
    AttributeValue::Ss(texts.iter().map(|text| (*text).to_owned()).collect())
}

pub(crate) fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Writes a row into the table of that logical id, in place of the one that has its key.
pub(crate) async fn put(stand_in: &StandIn, table: &str, row: &[(&str, AttributeValue)]) {
    let put = stand_in
        .dynamodb()
        .put_item()
        .table_name(stand_in.table(table));
    let put = row
        .iter()
        .fold(put, |put, (name, value)| put.item(*name, value.clone()));
    put.send().await.unwrap();
}

/// All rows, in the order of their sort keys.
pub(crate) async fn rows(stand_in: &StandIn, table: &str, sort_key: &str) -> Vec<Row> {
    let scan = stand_in.dynamodb().scan().table_name(stand_in.table(table));
    let mut rows = scan.send().await.unwrap().items.unwrap_or_default();
    rows.sort_by_key(|row| row[sort_key].as_s().unwrap().clone());
    rows
}

/// Deletes a table, which the template protects from that.
pub(crate) async fn delete(stand_in: &StandIn, table: &str) {
    let (dynamodb, table) = (stand_in.dynamodb(), stand_in.table(table));
    let delete = dynamodb.delete_table().table_name(&table);
    let refused = delete.clone().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("ValidationException"));
    let unprotect = dynamodb.update_table().table_name(&table);
    let unprotect = unprotect.deletion_protection_enabled(false).send();
    unprotect.await.unwrap();
    delete.send().await.unwrap();
}

/// Brings a table with that partition key back, without its rows.
pub(crate) async fn create(stand_in: &StandIn, table: &str, partition_key: &str) {
    let definition = AttributeDefinition::builder()
        .attribute_name(partition_key)
        .attribute_type(ScalarAttributeType::S)
        .build();
    let key = KeySchemaElement::builder()
        .attribute_name(partition_key)
        .key_type(KeyType::Hash)
        .build();
    let create = stand_in
        .dynamodb()
        .create_table()
        .table_name(stand_in.table(table))
        .billing_mode(BillingMode::PayPerRequest);
    let create = create.attribute_definitions(definition.unwrap());
    create.key_schema(key.unwrap()).send().await.unwrap();
}
