//! What must be there before what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::substitution::{Part, parts};

/// Names with the names that each of them refers to.
pub(super) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The names of a graph in an order in which each stands behind those that it refers to, and the circles that make this impossible.
/// References to names outside of the graph do not count.
pub(super) fn in_order(graph: &Graph) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut order = Vec::new();
    let mut circles = Vec::new();
    let mut seen = BTreeSet::new();
    let mut finished = BTreeSet::new();
    // Depth first with a stack of our own: a chain of references can be longer than the thread's stack is deep.
    let mut stack: Vec<(&str, std::collections::btree_set::Iter<'_, String>)> = Vec::new();
    for (name, references) in graph {
        if seen.insert(name.as_str()) {
            stack.push((name, references.iter()));
        }
        while let Some((name, references)) = stack.last_mut() {
            let name = *name;
            let Some(next) = references.next() else {
                order.push(name);
                finished.insert(name);
                stack.pop();
                continue;
            };
            let Some((next, references)) = graph.get_key_value(next) else {
                continue;
            };
            if seen.insert(next.as_str()) {
                stack.push((next, references.iter()));
            } else if !finished.contains(next.as_str()) {
                // Begun and not finished: it waits on the stack for what refers back to it.
                let open = stack.iter().map(|(open, _)| *open);
                circles.push(open.skip_while(|open| open != next).collect());
            }
        }
    }
    (order, circles)
}

/// The names that a value refers to, by `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Condition`.
pub(super) fn references(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("Ref" | "Condition", Value::String(name)) => {
                        found.insert(name.clone());
                    }
                    ("Fn::GetAtt", Value::String(target)) => {
                        found.insert(first_of(target));
                    }
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        found.extend(parts.first().and_then(Value::as_str).map(first_of));
                    }
                    ("Fn::Sub", Value::String(template)) => collect_template(template, found),
                    ("Fn::Sub", Value::Array(arguments)) => {
                        if let Some(template) = arguments.first().and_then(Value::as_str) {
                            collect_template(template, found);
                        }
                        arguments.iter().for_each(|item| collect(item, found));
                    }
                    _ => collect(member, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn collect_template(template: &str, found: &mut BTreeSet<String>) {
    for part in parts(template).unwrap_or_default() {
        if let Part::Variable(name) = part {
            found.insert(first_of(name));
        }
    }
}

fn first_of(target: &str) -> String {
    let first = target.split_once('.').map_or(target, |(first, _)| first);
    first.to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        edges
            .iter()
            .map(|(name, references)| {
                let references = references.iter().map(|name| (*name).to_owned());
                ((*name).to_owned(), references.collect())
            })
            .collect()
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let graph = graph(&[
            ("A", &["C", "B"]),
            ("B", &["D"]),
            ("C", &["elsewhere"]),
            ("D", &[]),
        ]);
        assert_eq!(in_order(&graph), (vec!["D", "B", "C", "A"], vec![]));
    }

    #[test]
    fn circles_are_found_each_once() {
        let graph = graph(&[("A", &["B"]), ("B", &["C"]), ("C", &["B"]), ("D", &["D"])]);
        assert_eq!(in_order(&graph).1, [vec!["B", "C"], vec!["D"]]);
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let graph: Graph = (0..20_000_u32)
            .map(|n| (format!("{n:06}"), BTreeSet::from([format!("{:06}", n + 1)])))
            .collect();
        let (order, circles) = in_order(&graph);
        assert_eq!((order.len(), order[0], circles), (20_000, "019999", vec![]));
    }

    #[test]
    fn every_form_of_reference_is_seen() {
        let value = json!({
            "Ref": "A",
            "Fn::GetAtt": "B.Arn",
            "list": [{"Fn::GetAtt": ["C", "Arn"]}, {"Condition": "D"}],
            "text": {"Fn::Sub": "${E}-${F.Arn}-${!G}"},
            "with": {"Fn::Sub": ["${H}", {"H": {"Ref": "I"}}]},
        });
        let names = ["A", "B", "C", "D", "E", "F", "H", "I"];
        assert_eq!(references(&value), names.map(str::to_owned).into());
    }
}
