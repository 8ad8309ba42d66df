use iam_policy::{Decision, Policy, PolicyKind, decide};
use serde_json::{Value, json};

use super::*;
use crate::template::Table;

const TABLE: &str = "notes";
const ARN: &str = "arn:aws:dynamodb:eu-central-1:123456789012:table/notes";

fn stack() -> Stack {
    let keys = |hash: &str, range: &str| {
        json!([
            { "AttributeName": hash, "KeyType": "HASH" },
            { "AttributeName": range, "KeyType": "RANGE" },
        ])
    };
    Stack {
        region: "eu-central-1".to_owned(),
        account_id: "123456789012".to_owned(),
        tables: vec![Table {
            logical_id: "Notes".to_owned(),
            name: TABLE.to_owned(),
            arn: ARN.to_owned(),
            create_table: json!({
                "KeySchema": keys("identity", "note"),
                "GlobalSecondaryIndexes": [{ "IndexName": "by-tag", "KeySchema": keys("tag", "note") }],
            }),
            ttl_attribute: None,
        }],
        ..Stack::default()
    }
}

/// Whether a policy with this condition allows all that an operation does.
fn allowed(condition: &Value, operation: &str, input: &Value) -> bool {
    let document = json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "dynamodb:*", "Resource": [ARN, format!("{ARN}/index/*")], "Condition": condition,
    }});
    let policy = [Policy::parse(PolicyKind::IdentityBased, &document).unwrap()];
    let asked = asked(&stack(), operation, input);
    assert!(!asked.is_empty());
    asked.iter().all(|asked| {
        let Asked {
            action,
            resource,
            context,
            ..
        } = asked;
        let decision = decide(&policy, None, action, resource, context);
        matches!(decision, Decision::Allowed { .. })
    })
}

/// Whether somebody who may touch the partitions `ines` alone gets through.
#[track_caller]
fn check(operation: &str, input: Value, expected: bool) {
    let mine = json!({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "ines" } });
    assert_eq!(
        allowed(&mine, operation, &input),
        expected,
        "{operation} {input}"
    );
}

fn key(identity: &str) -> Value {
    json!({ "identity": { "S": identity }, "note": { "N": "1" } })
}

#[test]
fn items_have_the_key_that_they_bear() {
    for (identity, expected) in [("ines", true), ("other", false), ("", false)] {
        for operation in ["GetItem", "DeleteItem", "UpdateItem"] {
            check(
                operation,
                json!({ "TableName": TABLE, "Key": key(identity) }),
                expected,
            );
        }
        check(
            "PutItem",
            json!({ "TableName": TABLE, "Item": key(identity) }),
            expected,
        );
        check(
            "GetItem",
            json!({ "TableName": ARN, "Key": key(identity) }),
            expected,
        );
    }
    for nothing in [
        json!({}),
        json!({ "identity": { "B": "aW5lcw==" } }),
        json!({ "note": { "S": "ines" } }),
    ] {
        check(
            "GetItem",
            json!({ "TableName": TABLE, "Key": nothing }),
            false,
        );
    }
    check(
        "GetItem",
        json!({ "TableName": "others", "Key": key("ines") }),
        false,
    );
    check("GetItem", json!({}), false);
}

#[test]
fn one_item_of_another_in_a_batch_is_one_too_many() {
    let both = |second: &str| {
        let get = json!({ "RequestItems": { TABLE: { "Keys": [key("ines"), key(second)] } } });
        let write = json!({ "RequestItems": { TABLE: [
            { "PutRequest": { "Item": key("ines") } }, { "DeleteRequest": { "Key": key(second) } },
        ] } });
        let puts =
            json!({ "RequestItems": { TABLE: [{ "PutRequest": { "Item": key(second) } }] } });
        let transact_get =
            json!({ "TransactItems": [{ "Get": { "TableName": TABLE, "Key": key(second) } }] });
        let step = |kind: &str, member: &str| {
            json!({ "TransactItems": [
                { "Put": { "TableName": TABLE, "Item": key("ines") } },
                { kind: { "TableName": TABLE, member: key(second) } },
            ] })
        };
        vec![
            ("BatchGetItem", get),
            ("BatchWriteItem", write),
            ("BatchWriteItem", puts),
            ("TransactGetItems", transact_get),
            ("TransactWriteItems", step("Put", "Item")),
            ("TransactWriteItems", step("Update", "Key")),
            ("TransactWriteItems", step("Delete", "Key")),
            ("TransactWriteItems", step("ConditionCheck", "Key")),
        ]
    };
    for (identity, expected) in [("ines", true), ("other", false)] {
        for (operation, input) in both(identity) {
            check(operation, input, expected);
        }
    }
}

#[test]
fn the_steps_of_a_transaction_are_actions_of_their_own() {
    let step = |kind: &str| json!({ kind: { "TableName": TABLE, "Key": key("ines") } });
    let input =
        json!({ "TransactItems": [step("ConditionCheck"), step("Delete"), step("Update")] });
    let asked = asked(&stack(), "TransactWriteItems", &input);
    let actions: Vec<&str> = asked.iter().map(|asked| asked.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:UpdateItem"
        ]
    );
}

#[test]
fn a_query_has_the_key_that_its_condition_says() {
    let query = |expression: &str| {
        json!({
            "TableName": TABLE, "KeyConditionExpression": expression,
            "ExpressionAttributeNames": { "#i": "identity", "#n": "note" },
            "ExpressionAttributeValues": { ":i": { "S": "ines" }, ":o": { "S": "other" }, ":n": { "N": "1" } },
        })
    };
    for (expression, expected) in [
        ("identity = :i", true),
        ("identity=:i", true),
        ("#i = :i", true),
        ("( #i = :i ) AND (#n > :n)", true),
        ("#n between :n and :n AND #i = :i", true),
        ("identity = :o", false),
        ("#i = :o AND begins_with(note, :i)", false),
        // What DynamoDB refuses by itself is not let through to it either.
        ("note = :i", false),
        ("identity = :i OR identity = :o", false),
        ("identity > :i", false),
        ("identity = :missing", false),
        ("#missing = :i", false),
        ("identity", false),
        ("", false),
    ] {
        check("Query", query(expression), expected);
    }
    check("Query", json!({ "TableName": TABLE }), false);
    let older = json!({ "identity": { "ComparisonOperator": "EQ", "AttributeValueList": [{ "S": "ines" }] } });
    check(
        "Query",
        json!({ "TableName": TABLE, "KeyConditions": older }),
        false,
    );
}

#[test]
fn an_index_has_a_key_of_its_own() {
    let query = |index: &str, expression: &str| {
        json!({
            "TableName": TABLE, "IndexName": index, "KeyConditionExpression": expression,
            "ExpressionAttributeValues": { ":i": { "S": "ines" } },
        })
    };
    check("Query", query("by-tag", "tag = :i"), true);
    check("Query", query("by-tag", "identity = :i"), false);
    check("Query", query("unknown", "tag = :i"), false);
    let asked = asked(&stack(), "Query", &query("by-tag", "tag = :i"));
    assert_eq!(asked[0].resource, format!("{ARN}/index/by-tag"));
}

#[test]
fn what_comes_upon_every_key_is_not_allowed() {
    check("Scan", json!({ "TableName": TABLE }), false);
    let statement = "SELECT * FROM notes WHERE identity = 'ines'";
    check("ExecuteStatement", json!({ "Statement": statement }), false);
}

#[test]
fn a_number_is_compared_in_the_one_way_to_write_it() {
    let seven = json!({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "7" } });
    for (written, expected) in [
        ("7", true),
        ("8", false),
        ("7.0", false),
        ("07", false),
        ("+7", false),
    ] {
        let input = json!({ "TableName": TABLE, "Key": { "identity": { "N": written } } });
        assert_eq!(allowed(&seven, "GetItem", &input), expected, "{written}");
    }
}

#[test]
fn attributes_are_those_that_a_request_names() {
    let some = json!({ "ForAllValues:StringEquals": { "dynamodb:Attributes": ["identity", "note", "text", "size"] } });
    let get = |projection: &str| {
        json!({
            "TableName": TABLE, "Key": key("ines"), "ProjectionExpression": projection,
            "ExpressionAttributeNames": { "#s": "secret", "#t": "text" },
        })
    };
    for (projection, expected) in [
        ("identity, #t", true),
        ("text.inner[0].deeper", true),
        ("#s", false),
        ("text, secret[1]", false),
        ("#missing", false),
    ] {
        assert_eq!(
            allowed(&some, "GetItem", &get(projection)),
            expected,
            "{projection}"
        );
    }
    let all = json!({ "TableName": TABLE, "Key": key("ines") });
    assert!(!allowed(&some, "GetItem", &all));
    assert!(allowed(&some, "DeleteItem", &all));
    let update = |expression: &str| {
        json!({
            "TableName": TABLE, "Key": key("ines"), "UpdateExpression": expression,
            "ConditionExpression": "attribute_exists(identity) AND NOT (size <> :s)",
        })
    };
    for (expression, expected) in [
        ("SET text = if_not_exists(text, :t), size = size-:s", true),
        ("SET text = :t REMOVE secret", false),
        ("ADD secret :s", false),
        ("SET text = secret", false),
    ] {
        assert_eq!(
            allowed(&some, "UpdateItem", &update(expression)),
            expected,
            "{expression}"
        );
    }
    let put = json!({ "TableName": TABLE, "Item": { "identity": { "S": "ines" }, "secret": { "S": "x" } } });
    assert!(!allowed(&some, "PutItem", &put));
    let older = json!({ "TableName": TABLE, "Key": key("ines"), "AttributeUpdates": {} });
    assert!(!allowed(&some, "UpdateItem", &older));
}

#[test]
fn what_is_read_and_returned_can_be_asked_about() {
    let select = json!({ "StringEqualsIfExists": {
        "dynamodb:Select": "SPECIFIC_ATTRIBUTES", "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"],
    } });
    let with = |more: Value| {
        let mut input = json!({ "TableName": TABLE, "Key": key("ines") });
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        input
    };
    for (operation, more, expected) in [
        ("GetItem", json!({ "ProjectionExpression": "note" }), true),
        ("GetItem", json!({}), false),
        ("Scan", json!({ "Select": "COUNT" }), false),
        ("Query", json!({ "IndexName": "by-tag" }), false),
        ("UpdateItem", json!({}), true),
        ("UpdateItem", json!({ "ReturnValues": "ALL_OLD" }), false),
        ("DeleteItem", json!({ "ReturnValues": "ALL_OLD" }), false),
    ] {
        assert_eq!(
            allowed(&select, operation, &with(more.clone())),
            expected,
            "{operation} {more}"
        );
    }
}
