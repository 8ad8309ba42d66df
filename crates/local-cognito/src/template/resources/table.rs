use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

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
    // CloudFormation has no `StreamEnabled`: a table with this property has a stream.
    let stream_view_type = properties.within("StreamSpecification", |stream| {
        stream.ignore(&["ResourcePolicy"]);
        stream.required_text("StreamViewType")
    });
    if let Some(view_type) = &stream_view_type {
        let stream = json!({"StreamEnabled": true, "StreamViewType": view_type});
        create_table.insert("StreamSpecification".to_owned(), stream);
    }
    if let Some(is_protected) = properties.flag("DeletionProtectionEnabled") {
        create_table.insert("DeletionProtectionEnabled".to_owned(), is_protected.into());
    }
    properties.ignore(&[
        "ContributorInsightsSpecification",
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
    let mut attributes = BTreeMap::from([("Arn", arn.clone())]);
    if stream_view_type.is_some() {
        attributes.insert("StreamArn", format!("{arn}/stream/2015-05-11T21:21:33.291"));
    }
    let references = References {
        reference: Some(name),
        attributes,
    };
    (table, references)
}
