//! What the transform of SAM does before CloudFormation reads a template.

use serde_json::{Map, Value};

use super::NOT_UNDERSTOOD;
use super::place::Place;

const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

pub(super) fn check_transform(transform: Option<Value>, root: &Place) {
    if transform.is_some_and(|transform| transform != TRANSFORM && !transform.is_null()) {
        root.member("Transform")
            .problem(format_args!("{NOT_UNDERSTOOD}, other than {TRANSFORM}"));
    }
}

/// The properties that all functions share.
pub(super) fn globals(mut section: Map<String, Value>, place: &Place) -> Value {
    let of_functions = section.remove("Function");
    for name in section.keys() {
        place.member(name).problem(NOT_UNDERSTOOD);
    }
    of_functions.unwrap_or_else(|| Map::new().into())
}

/// A resource's own value laid over the shared one: mappings are merged, lists are put behind each other, and anything else of the
/// resource replaces what is shared. Source: SAM specification, "Globals", overridable settings.
pub(super) fn merged(shared: Value, own: Value) -> Value {
    match (shared, own) {
        (Value::Object(shared), Value::Object(own)) if !is_call(&shared) && !is_call(&own) => {
            let mut members = shared;
            for (name, own) in own {
                let value = match members.remove(&name) {
                    Some(shared) => merged(shared, own),
                    None => own,
                };
                members.insert(name, value);
            }
            members.into()
        }
        (Value::Array(mut items), Value::Array(own)) => {
            items.extend(own);
            items.into()
        }
        (_, own) => own,
    }
}

/// The role that SAM makes for a function that names none. Source: SAM, generated resources of `AWS::Serverless::Function`.
pub(super) fn role_of(function: &str) -> String {
    format!("{function}Role")
}

fn is_call(members: &Map<String, Value>) -> bool {
    super::intrinsics::function_call(members).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn own_values_are_laid_over_shared_ones() {
        let cases = [
            (
                "scalar",
                json!({"A": 1, "B": 2}),
                json!({"A": 3}),
                json!({"A": 3, "B": 2}),
            ),
            (
                "mapping",
                json!({"A": {"x": 1}}),
                json!({"A": {"y": 2}}),
                json!({"A": {"x": 1, "y": 2}}),
            ),
            (
                "list",
                json!({"A": [1]}),
                json!({"A": [2]}),
                json!({"A": [1, 2]}),
            ),
            (
                "function",
                json!({"A": {"Ref": "P"}}),
                json!({"A": {"Fn::Sub": "x"}}),
                json!({"A": {"Fn::Sub": "x"}}),
            ),
            (
                "type",
                json!({"A": [1]}),
                json!({"A": "x"}),
                json!({"A": "x"}),
            ),
        ];
        for (name, shared, own, expected) in cases {
            assert_eq!(merged(shared, own), expected, "{name}");
        }
    }
}
