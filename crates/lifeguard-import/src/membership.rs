use aws_sdk_dynamodb::types::AttributeValue;
use legacy_users::Item;
use serde_json::{Map, Value};

use crate::record::Reject;

/// The membership as the item that it is to become; none if there is nothing in it.
///
/// It is looked at here, since one that pre token generation does not understand would keep its user from every token.
pub(crate) fn membership(membership: Map<String, Value>) -> Result<Option<Item>, Reject> {
    if membership.is_empty() {
        return Ok(None);
    }
    if !is_membership(&membership) {
        return Err(Reject::Membership);
    }
    let item = items(membership).ok_or(Reject::Membership)?;
    Ok(Some(item))
}

/// A name that nobody knows was meant to be one that somebody knows.
fn is_membership(membership: &Map<String, Value>) -> bool {
    membership.iter().all(|(name, value)| match name.as_str() {
        "tenant" | "preferredRole" => value.as_str().is_some_and(|text| !text.trim().is_empty()),
        "roles" | "permissions" | "scopes" | "groups" | "iamRoles" => value
            .as_array()
            .is_some_and(|names| names.iter().all(Value::is_string)),
        "claims" => value.is_object(),
        "clients" => value.as_object().is_some_and(|clients| {
            let mut clients = clients.values();
            clients.all(|client| client.as_object().is_some_and(is_membership))
        }),
        _ => false,
    })
}

fn items(values: Map<String, Value>) -> Option<Item> {
    let values = values.into_iter();
    values
        .map(|(name, value)| Some((name, attribute_value(value)?)))
        .collect()
}

/// The value as DynamoDB has it. A null could mean anything where rights are concerned, so there is none.
fn attribute_value(value: Value) -> Option<AttributeValue> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => AttributeValue::Bool(value),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text),
        Value::Array(values) => {
            let values = values.into_iter().map(attribute_value);
            AttributeValue::L(values.collect::<Option<_>>()?)
        }
        Value::Object(values) => AttributeValue::M(items(values)?),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: Value) -> Result<Option<Item>, Reject> {
        membership(value.as_object().unwrap().clone())
    }

    #[test]
    fn a_membership_becomes_an_item() {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let claims = [
            ("seats".to_owned(), AttributeValue::N("3".to_owned())),
            ("beta".to_owned(), AttributeValue::Bool(true)),
        ];
        let expected = Item::from([
            (
                "groups".to_owned(),
                AttributeValue::L(vec![text("editors")]),
            ),
            ("claims".to_owned(), AttributeValue::M(claims.into())),
        ]);
        let found = of(json!({"groups": ["editors"], "claims": {"seats": 3, "beta": true}}));
        assert_eq!(found, Ok(Some(expected)));
        assert_eq!(of(json!({})), Ok(None));
    }

    #[test]
    fn what_no_token_could_be_made_of_is_refused() {
        for (membership, is_right) in [
            (
                json!({"tenant": "nordwind", "preferredRole": "r", "clients": {"app": {"roles": []}}}),
                true,
            ),
            (
                json!({"scopes": ["a"], "permissions": ["b"], "iamRoles": ["c"], "claims": {"d": [1]}}),
                true,
            ),
            (json!({"tenant": " "}), false),
            (json!({"tenant": null}), false),
            (json!({"groups": "editors"}), false),
            (json!({"groups": ["editors", 7]}), false),
            (json!({"claims": ["d"]}), false),
            (json!({"claims": {"d": null}}), false),
            (json!({"clients": {"app": {"role": "admin"}}}), false),
            (json!({"clients": {"app": "admin"}}), false),
            (json!({"group": ["editors"]}), false),
        ] {
            let refused = (!is_right).then_some(Reject::Membership);
            assert_eq!(of(membership.clone()).err(), refused, "{membership}");
        }
    }
}
