use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::permission::Granted;
use super::{Resource, skipped};
use crate::template::dependencies::{Graph, references};
use crate::template::place::Place;
use crate::template::properties::Properties;
use crate::template::scope::{Outcome, Scope};
use crate::template::serverless::{merged, role_of};
use crate::template::{NOT_UNDERSTOOD, Settings, Stack};

/// A resource as it stands in the template.
pub(super) struct Source {
    kind: String,
    condition: Option<Value>,
    metadata: Value,
    properties: Value,
}

/// Every resource, and what must be made before it.
pub(super) fn prepare(
    section: Map<String, Value>,
    globals: &Value,
    place: &Place,
) -> (Graph, BTreeMap<String, Source>) {
    let names: Vec<_> = section.keys().cloned().collect();
    let mut graph = Graph::new();
    let mut sources = BTreeMap::new();
    for (name, resource) in section {
        let place = place.member(&name);
        let Value::Object(mut resource) = resource else {
            place.problem("expected a mapping");
            continue;
        };
        let kind = match resource.remove("Type") {
            Some(Value::String(kind)) => kind,
            _ => {
                place.problem("expected a Type");
                continue;
            }
        };
        let mut properties = resource
            .remove("Properties")
            .unwrap_or_else(|| Map::new().into());
        if kind == "AWS::Serverless::Function" {
            properties = merged(globals.clone(), properties);
        }
        let mut needed = references(&properties);
        for other in texts(resource.remove("DependsOn")) {
            if !names.contains(&other) {
                place
                    .member("DependsOn")
                    .problem(format_args!("nothing here has the name {other}"));
            }
            needed.insert(other);
        }
        let source = Source {
            kind,
            condition: resource.remove("Condition"),
            metadata: resource.remove("Metadata").unwrap_or(Value::Null),
            properties,
        };
        for attribute in resource.keys() {
            if attribute != "DeletionPolicy" && attribute != "UpdateReplacePolicy" {
                place.member(attribute).problem(NOT_UNDERSTOOD);
            }
        }
        graph.insert(name.clone(), needed);
        if source.is_function_without_role() {
            graph.insert(role_of(&name), BTreeSet::from([name.clone()]));
        }
        sources.insert(name, source);
    }
    (graph, sources)
}

fn texts(value: Option<Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items
            .into_iter()
            .flat_map(|item| texts(Some(item)))
            .collect(),
        _ => Vec::new(),
    }
}

impl Source {
    /// Whether SAM makes a role for it.
    pub(super) fn is_function_without_role(&self) -> bool {
        self.kind == "AWS::Serverless::Function" && self.properties.get("Role").is_none()
    }

    /// Reads the resource, when its condition holds.
    pub(super) fn make(
        &self,
        logical_id: &str,
        settings: &Settings,
        scope: &Scope,
        stack: &mut Stack,
        permissions: &mut Vec<Granted>,
        place: &Place,
    ) -> Outcome {
        if let Some(condition) = &self.condition {
            match scope.condition(condition, &place.member("Condition")) {
                Some(true) => {}
                Some(false) => return Outcome::LeftOut,
                None => return Outcome::Failed,
            }
        }
        let resource = Resource {
            logical_id,
            metadata: scope
                .resolve(&self.metadata, &place.member("Metadata"))
                .unwrap_or(Value::Null),
            place: place.clone(),
            settings,
        };
        let place = place.member("Properties");
        let properties = scope
            .resolve(&self.properties, &place)
            .unwrap_or(Value::Null);
        if let Some(references) = skipped(&self.kind, &resource) {
            return Outcome::Made(references);
        }
        let made = Properties::of(properties, place, |properties| {
            resource.read(&self.kind, properties, stack, permissions)
        });
        made.flatten().map_or(Outcome::Failed, Outcome::Made)
    }
}
