//! What an answer changed in the event's response.

use serde_json::Value;

/// A line for each member that differs, by its path.
pub(super) fn between(sent: &Value, answered: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    walk("", sent, answered, &mut lines);
    lines
}

fn walk(path: &str, sent: &Value, answered: &Value, lines: &mut Vec<String>) {
    let empty = serde_json::Map::new();
    match (sent, answered) {
        _ if sent == answered => {}
        // What was null or absent is shown member by member too.
        (Value::Object(_) | Value::Null, Value::Object(after)) if !after.is_empty() => {
            let before = sent.as_object().unwrap_or(&empty);
            for (name, value) in after {
                walk(
                    &member(path, name),
                    before.get(name).unwrap_or(&Value::Null),
                    value,
                    lines,
                );
            }
            for name in before.keys().filter(|name| !after.contains_key(*name)) {
                lines.push(format!("{}: left out", member(path, name)));
            }
        }
        _ => lines.push(format!("{path}: {sent} -> {answered}")),
    }
}

fn member(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_shown_by_its_path() {
        let sent = json!({"confirm": false, "verify": false, "claims": null, "gone": 1});
        let answered = json!({"confirm": true, "verify": false, "claims": {"add": {"plan": "team"}, "drop": []}});
        assert_eq!(
            between(&sent, &answered),
            [
                "claims.add.plan: null -> \"team\"",
                "claims.drop: null -> []",
                "confirm: false -> true",
                "gone: left out",
            ]
        );
        assert!(between(&sent, &sent).is_empty());
    }
}
