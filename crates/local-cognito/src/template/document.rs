//! A template's text, as one kind of value: the short forms of functions (`!Ref X`) become their long forms (`{"Ref": "X"}`).

use serde_json::{Map, Number, Value};
use serde_norway::Value as Yaml;

use super::place::Place;

/// CloudFormation takes no larger template. Source: CloudFormation quotas, "Template body size in an S3 object".
pub(super) const MAX_BYTES: usize = 1024 * 1024;

/// The mapping that the template's text holds.
pub(super) fn parse(text: &str, place: &Place) -> Option<Map<String, Value>> {
    if text.len() > MAX_BYTES {
        place.problem(format_args!(
            "larger than the {MAX_BYTES} bytes that CloudFormation takes"
        ));
        return None;
    }
    let yaml = match serde_norway::from_str(text) {
        Ok(yaml) => yaml,
        Err(error) => {
            place.problem(format_args!("not valid YAML: {error}"));
            return None;
        }
    };
    match value(yaml, place) {
        Value::Object(sections) => Some(sections),
        Value::Null => None,
        _ => {
            place.problem("expected a mapping with `Resources`");
            None
        }
    }
}

/// The YAML value in JSON. `null` stands where a problem was noted, as a template may hold none.
fn value(yaml: Yaml, place: &Place) -> Value {
    match yaml {
        Yaml::Null => {
            place.problem("CloudFormation allows no null");
            Value::Null
        }
        Yaml::Bool(flag) => flag.into(),
        Yaml::Number(number) => self::number(&number),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| value(item, &place.item(index)))
            .collect(),
        Yaml::Mapping(members) => members
            .into_iter()
            .map(|(name, member)| {
                let name = key(name, place);
                let member = value(member, &place.member(&name));
                (name, member)
            })
            .collect::<Map<_, _>>()
            .into(),
        Yaml::Tagged(tagged) => {
            let function = long_form(&tagged.tag.to_string());
            let argument = value(tagged.value, &place.member(&function));
            Map::from_iter([(function, argument)]).into()
        }
    }
}

fn number(number: &serde_norway::Number) -> Value {
    let whole = number.as_u64().map(Number::from);
    let whole = whole.or_else(|| number.as_i64().map(Number::from));
    match whole.or_else(|| number.as_f64().and_then(Number::from_f64)) {
        Some(number) => number.into(),
        // What JSON has no number for, such as `.inf`, is a text there.
        None => number.to_string().into(),
    }
}

fn key(name: Yaml, place: &Place) -> String {
    match name {
        Yaml::String(name) => name,
        Yaml::Number(number) => number.to_string(),
        Yaml::Bool(flag) => flag.to_string(),
        Yaml::Null | Yaml::Sequence(_) | Yaml::Mapping(_) | Yaml::Tagged(_) => {
            place.problem("a key that is not a text");
            String::new()
        }
    }
}

fn long_form(tag: &str) -> String {
    match tag.trim_start_matches('!') {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::place::Problems;
    use super::*;

    fn parsed(text: &str) -> (Option<Value>, Vec<String>) {
        let problems = Problems::default();
        let sections = parse(text, &Place::root(&problems));
        (sections.map(Value::Object), problems.take())
    }

    #[track_caller]
    fn check(name: &str, text: &str, expected: Value) {
        assert_eq!(parsed(text), (Some(expected), vec![]), "{name}");
    }

    #[track_caller]
    fn check_refused(name: &str, text: &str, problem: &str) {
        assert_eq!(parsed(text).1, [problem], "{name}");
    }

    #[test]
    fn short_forms_become_long_ones() {
        check("Ref", "A: !Ref B", json!({"A": {"Ref": "B"}}));
        check(
            "GetAtt",
            "A: !GetAtt B.C",
            json!({"A": {"Fn::GetAtt": "B.C"}}),
        );
        check(
            "list",
            "A: !Join ['-', [x, 1]]",
            json!({"A": {"Fn::Join": ["-", ["x", 1]]}}),
        );
        check(
            "nested",
            "A: !Not [!Condition B]",
            json!({"A": {"Fn::Not": [{"Condition": "B"}]}}),
        );
        check(
            "block",
            "A: !If\n  - B\n  - !Ref C\n  - d",
            json!({"A": {"Fn::If": ["B", {"Ref": "C"}, "d"]}}),
        );
        check("unknown", "A: !Guess B", json!({"A": {"Fn::Guess": "B"}}));
    }

    #[test]
    fn values_keep_their_type() {
        check(
            "scalars",
            r#"{A: 1, B: "1", C: true, D: 1.5, E: 012, F: 2012-10-17, 7: -3}"#,
            json!({"A": 1, "B": "1", "C": true, "D": 1.5, "E": "012", "F": "2012-10-17", "7": -3}),
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        check_refused("no mapping", "[]", "expected a mapping with `Resources`");
        check_refused("empty", "", "CloudFormation allows no null");
        check_refused("null", "A:\n  B:", "A.B: CloudFormation allows no null");
        check_refused("key", "A: {[b]: c}", "A: a key that is not a text");
        check_refused(
            "broken",
            "A: [",
            "not valid YAML: did not find expected node content at line 2 column 1, while parsing a flow node",
        );
        check_refused(
            "twice",
            "A: 1\nA: 2",
            "not valid YAML: duplicate entry with key \"A\"",
        );
    }

    #[test]
    fn huge_input_is_refused_and_not_read() {
        let text = format!("A: {}", "x".repeat(MAX_BYTES));
        check_refused(
            "bytes",
            &text,
            "larger than the 1048576 bytes that CloudFormation takes",
        );

        let nested = "[".repeat(10_000);
        assert_eq!(parsed(&nested).1.len(), 1, "depth");

        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let previous = format!("*a{}, ", n - 1).repeat(10);
            laughs += &format!("a{n}: &a{n} [{previous}]\n");
        }
        check_refused(
            "aliases",
            &laughs,
            "not valid YAML: repetition limit exceeded",
        );
    }
}
