use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Resource;
use crate::template::Table;
use crate::template::properties::Properties;
use crate::template::scope::References;

pub(super) fn read(resource: &Resource, properties: &mut Properties) -> (Table, References) {
    let settings = resource.settings;
    let name = properties
        .text("TableName")
        .unwrap_or_else(|| settings.name(resource.logical_id, 255));
    let arn = settings.arn("dynamodb", &format!("table/{name}"));
    for required in ["AttributeDefinitions", "KeySchema"] {
        if !properties.has(required) {
            properties.place(required).problem("expected a list");
        }
    }
    let mut create_table = Map::from_iter([("TableName".to_owned(), name.clone().into())]);
    // These are the same in CloudFormation and in `CreateTable`.
    for member in [
        "AttributeDefinitions",
        "BillingMode",
        "GlobalSecondaryIndexes",
        "KeySchema",
        "LocalSecondaryIndexes",
        "ProvisionedThroughput",
    ] {
        if let Some(value) = properties.raw(member) {
            create_table.insert(member.to_owned(), value);
        }
    }
    properties.ignore(&[
        "ContributorInsightsSpecification",
        "DeletionProtectionEnabled",
        "OnDemandThroughput",
        "PointInTimeRecoverySpecification",
        "ResourcePolicy",
        "SSESpecification",
        "TableClass",
        "Tags",
    ]);
    let ttl_attribute = properties.within("TimeToLiveSpecification", |ttl| {
        let attribute = ttl.text("AttributeName");
        let enabled = ttl.flag("Enabled");
        attribute.filter(|_| enabled == Some(true))
    });
    let table = Table {
        logical_id: resource.logical_id.to_owned(),
        name: name.clone(),
        arn: arn.clone(),
        create_table: Value::Object(create_table),
        ttl_attribute: ttl_attribute.flatten(),
    };
    let references = References {
        reference: Some(name),
        attributes: BTreeMap::from([("Arn", arn)]),
    };
    (table, references)
}
