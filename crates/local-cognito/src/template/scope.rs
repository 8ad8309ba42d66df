//! What a template can refer to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::place::Place;
use super::{NOT_UNDERSTOOD, Settings};

/// The names of a template, and what they stand for.
pub(super) struct Scope {
    parameters: BTreeMap<String, Value>,
    pseudo_parameters: BTreeMap<&'static str, String>,
    pub(super) mappings: Map<String, Value>,
    /// A condition that could not be evaluated counts as false; its problem was noted.
    pub(super) conditions: BTreeMap<String, bool>,
    pub(super) resources: BTreeMap<String, Outcome>,
}

/// How far a resource of the template has come.
pub(super) enum Outcome {
    /// Its problems were noted; whoever refers to it has none besides.
    Failed,
    /// Its condition is false.
    LeftOut,
    /// What `Ref` and `Fn::GetAtt` give.
    Made(References),
}

/// What other resources can learn of a resource.
#[derive(Default)]
pub(super) struct References {
    /// `None` where AWS's documentation does not settle it.
    pub(super) reference: Option<String>,
    pub(super) attributes: BTreeMap<&'static str, String>,
}

impl Scope {
    pub(super) fn new(
        settings: &Settings,
        parameters: BTreeMap<String, Value>,
        mappings: Map<String, Value>,
    ) -> Self {
        let pseudo_parameters = BTreeMap::from([
            ("AWS::AccountId", settings.account_id.clone()),
            ("AWS::Partition", settings.partition().to_owned()),
            ("AWS::Region", settings.region.clone()),
            ("AWS::StackName", settings.stack_name.clone()),
            ("AWS::URLSuffix", settings.url_suffix().to_owned()),
        ]);
        Self {
            parameters,
            pseudo_parameters,
            mappings,
            conditions: BTreeMap::new(),
            resources: BTreeMap::new(),
        }
    }

    /// What `Ref` of this name gives.
    pub(super) fn named(&self, name: &str, place: &Place) -> Option<Value> {
        if let Some(value) = self.parameters.get(name) {
            return Some(value.clone());
        }
        if let Some(value) = self.pseudo_parameters.get(name) {
            return Some(value.clone().into());
        }
        let made = self.made(name, place)?;
        if made.reference.is_none() {
            place.problem(format_args!("Ref of {name} is {NOT_UNDERSTOOD}"));
        }
        made.reference.clone().map(Value::from)
    }

    /// What `Fn::GetAtt` of this attribute gives.
    pub(super) fn attribute(&self, name: &str, attribute: &str, place: &Place) -> Option<String> {
        let value = self.made(name, place)?.attributes.get(attribute);
        if value.is_none() {
            place.problem(format_args!("{name}.{attribute} is {NOT_UNDERSTOOD}"));
        }
        value.cloned()
    }

    fn made(&self, name: &str, place: &Place) -> Option<&References> {
        match self.resources.get(name) {
            Some(Outcome::Made(references)) => return Some(references),
            Some(Outcome::Failed) => {}
            Some(Outcome::LeftOut) => {
                place.problem(format_args!("the condition of {name} is false"))
            }
            None => place.problem(format_args!("nothing here has the name {name}")),
        }
        None
    }

    /// Whether the condition of this name holds.
    pub(super) fn condition(&self, name: &Value, place: &Place) -> Option<bool> {
        let holds = name
            .as_str()
            .and_then(|name| self.conditions.get(name).copied());
        if holds.is_none() {
            place.problem("no such condition");
        }
        holds
    }
}
