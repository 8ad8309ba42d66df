use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::NOT_UNDERSTOOD;
use super::intrinsics::as_text;
use super::place::Place;

/// The value of each parameter: what was given, or its default.
pub(super) fn values(
    section: &Map<String, Value>,
    given: &BTreeMap<String, String>,
    root: &Place,
) -> BTreeMap<String, Value> {
    for name in given.keys().filter(|name| !section.contains_key(*name)) {
        root.problem(format_args!(
            "--parameter {name}: the template has no such parameter"
        ));
    }
    let place = root.member("Parameters");
    let values = section.iter().map(|(name, parameter)| {
        let place = place.member(name);
        let value = match parameter {
            Value::Object(parameter) => value(name, parameter, given.get(name), &place),
            _ => {
                place.problem("expected a mapping");
                None
            }
        };
        // `null` stands for a value that has a problem, so that whoever refers to it has none besides.
        (name.clone(), value.unwrap_or(Value::Null))
    });
    values.collect()
}

fn value(
    name: &str,
    parameter: &Map<String, Value>,
    given: Option<&String>,
    place: &Place,
) -> Option<Value> {
    check_members(parameter, place);
    let text = match given {
        Some(text) => text.clone(),
        None => match parameter.get("Default").map(as_text) {
            Some(default) => default.or_else(|| {
                place.member("Default").problem("expected a text");
                None
            })?,
            None => {
                place.problem(format_args!(
                    "no default; give a value with --parameter {name}=…"
                ));
                return None;
            }
        },
    };
    match parameter.get("Type").and_then(Value::as_str) {
        Some("String") => check(&text, parameter, place)?,
        Some("Number") => {
            check_number(&text, parameter, place)?;
            check(&text, parameter, place)?;
        }
        Some("CommaDelimitedList") => {
            let items = text.split(',').map(str::trim);
            return items
                .map(|item| check(item, parameter, place).map(|()| Value::from(item)))
                .collect();
        }
        _ => {
            place.member("Type").problem(NOT_UNDERSTOOD);
            return None;
        }
    }
    Some(text.into())
}

fn check_members(parameter: &Map<String, Value>, place: &Place) {
    const MEMBERS: [&str; 11] = [
        "AllowedPattern",
        "AllowedValues",
        "ConstraintDescription",
        "Default",
        "Description",
        "MaxLength",
        "MaxValue",
        "MinLength",
        "MinValue",
        "NoEcho",
        "Type",
    ];
    for name in parameter.keys() {
        if !MEMBERS.contains(&name.as_str()) {
            place.member(name).problem(NOT_UNDERSTOOD);
        }
    }
}

/// Checks a text against the parameter's constraints. A problem does not quote the text: it may be a secret.
fn check(text: &str, parameter: &Map<String, Value>, place: &Place) -> Option<()> {
    let length = text.chars().count();
    if let Some(allowed) = parameter.get("AllowedValues").and_then(Value::as_array) {
        let allowed: Vec<_> = allowed.iter().filter_map(as_text).collect();
        if !allowed.iter().any(|allowed| allowed == text) {
            let allowed: Vec<_> = allowed.iter().map(|value| format!("{value:?}")).collect();
            let allowed = allowed.join(", ");
            place.problem(format_args!("the value is none of {allowed}"));
            return None;
        }
    }
    if let Some(pattern) = parameter.get("AllowedPattern").and_then(Value::as_str) {
        // CloudFormation compares the whole value.
        match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(whole) if whole.is_match(text) => {}
            Ok(_) => {
                place.problem(format_args!("the value does not have the form {pattern}"));
                return None;
            }
            Err(_) => {
                place.member("AllowedPattern").problem(NOT_UNDERSTOOD);
                return None;
            }
        }
    }
    if whole_number(parameter, "MinLength").is_some_and(|least| length < least)
        || whole_number(parameter, "MaxLength").is_some_and(|most| length > most)
    {
        place.problem("the value is too short or too long");
        return None;
    }
    Some(())
}

fn check_number(text: &str, parameter: &Map<String, Value>, place: &Place) -> Option<()> {
    let Some(value) = number(text) else {
        place.problem("the value is not a number");
        return None;
    };
    let bound = |name: &str| {
        parameter
            .get(name)
            .and_then(as_text)
            .and_then(|text| number(&text))
    };
    if bound("MinValue").is_some_and(|least| value < least)
        || bound("MaxValue").is_some_and(|most| value > most)
    {
        place.problem("the value is too small or too large");
        return None;
    }
    Some(())
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn whole_number(parameter: &Map<String, Value>, name: &str) -> Option<usize> {
    parameter.get(name).and_then(as_text)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::place::Problems;
    use super::*;

    #[track_caller]
    fn check(name: &str, parameter: Value, given: Option<&str>, expected: Result<Value, &str>) {
        let problems = Problems::default();
        let section = Map::from_iter([("P".to_owned(), parameter)]);
        let given = given.map(|given| ("P".to_owned(), given.to_owned()));
        let mut values = values(
            &section,
            &given.into_iter().collect(),
            &Place::root(&problems),
        );
        let found = match problems.take().as_slice() {
            [] => Ok(values.remove("P").unwrap()),
            problems => Err(problems.join("\n")),
        };
        assert_eq!(found, expected.map_err(str::to_owned), "{name}");
    }

    #[test]
    fn values_are_given_or_defaults() {
        check(
            "default",
            json!({"Type": "String", "Default": "a"}),
            None,
            Ok(json!("a")),
        );
        check(
            "given",
            json!({"Type": "String", "Default": "a"}),
            Some("b"),
            Ok(json!("b")),
        );
        check(
            "number",
            json!({"Type": "Number", "Default": 7}),
            None,
            Ok(json!("7")),
        );
        check(
            "list",
            json!({"Type": "CommaDelimitedList"}),
            Some("a, b"),
            Ok(json!(["a", "b"])),
        );
        check(
            "no default",
            json!({"Type": "String"}),
            None,
            Err("Parameters.P: no default; give a value with --parameter P=…"),
        );
    }

    #[test]
    fn values_meet_their_constraints() {
        let allowed = json!({"Type": "String", "AllowedValues": ["a", true]});
        check("allowed", allowed.clone(), Some("true"), Ok(json!("true")));
        check(
            "not allowed",
            allowed,
            Some("b"),
            Err(r#"Parameters.P: the value is none of "a", "true""#),
        );
        let pattern = json!({"Type": "String", "AllowedPattern": "a|[\\x21-\\x23]+"});
        check("pattern", pattern.clone(), Some("!#"), Ok(json!("!#")));
        check(
            "whole pattern",
            pattern,
            Some("ab"),
            Err("Parameters.P: the value does not have the form a|[\\x21-\\x23]+"),
        );
        let length = json!({"Type": "String", "MinLength": 2, "MaxLength": "3"});
        check("length", length.clone(), Some("äöü"), Ok(json!("äöü")));
        check(
            "short",
            length.clone(),
            Some("a"),
            Err("Parameters.P: the value is too short or too long"),
        );
        check(
            "long",
            length,
            Some("abcd"),
            Err("Parameters.P: the value is too short or too long"),
        );
        let range = json!({"Type": "Number", "MinValue": 1, "MaxValue": 6});
        check("in range", range.clone(), Some("6"), Ok(json!("6")));
        check(
            "small",
            range.clone(),
            Some("0"),
            Err("Parameters.P: the value is too small or too large"),
        );
        check(
            "large",
            range.clone(),
            Some("7"),
            Err("Parameters.P: the value is too small or too large"),
        );
        check(
            "not a number",
            range.clone(),
            Some("x"),
            Err("Parameters.P: the value is not a number"),
        );
        check(
            "not finite",
            range,
            Some("NaN"),
            Err("Parameters.P: the value is not a number"),
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        check(
            "type",
            json!({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "a"}),
            None,
            Err("Parameters.P.Type: not understood by local-cognito"),
        );
        check(
            "member",
            json!({"Type": "String", "Default": "a", "Allowed": ["a"]}),
            None,
            Err("Parameters.P.Allowed: not understood by local-cognito"),
        );
        check(
            "pattern",
            json!({"Type": "String", "Default": "a", "AllowedPattern": "(?=a)"}),
            None,
            Err("Parameters.P.AllowedPattern: not understood by local-cognito"),
        );
        let problems = Problems::default();
        let given = BTreeMap::from([("Q".to_owned(), "secret".to_owned())]);
        values(&Map::new(), &given, &Place::root(&problems));
        assert_eq!(
            problems.take(),
            ["--parameter Q: the template has no such parameter"]
        );
    }
}
