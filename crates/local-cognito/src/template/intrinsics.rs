//! The functions of the template language, as they stand for values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::NOT_UNDERSTOOD;
use super::place::Place;
use super::scope::Scope;
use super::substitution::{Part, parts};

impl Scope {
    /// The value with every function in it replaced by what it stands for; `None` for `AWS::NoValue`.
    ///
    /// `null` stands where a problem was noted.
    pub(super) fn resolve(&self, value: &Value, place: &Place) -> Option<Value> {
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let resolved =
                    items.filter_map(|(index, item)| self.resolve(item, &place.item(index)));
                Some(resolved.collect())
            }
            Value::Object(members) => match function_call(members) {
                Some(("Ref", argument)) => self.reference(argument, place),
                Some(("Fn::If", argument)) => self.choose(argument, &place.member("Fn::If")),
                Some((function, argument)) => Some(
                    self.call(function, argument, &place.member(function))
                        .unwrap_or(Value::Null),
                ),
                None => {
                    let members = members.iter().filter_map(|(name, member)| {
                        let place = place.member(name);
                        if is_function(name) {
                            place.problem("a function stands alone in its mapping");
                        }
                        Some((name.clone(), self.resolve(member, &place)?))
                    });
                    Some(members.collect::<Map<_, _>>().into())
                }
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Some(value.clone())
            }
        }
    }

    /// The value as a text; `None` when it is none, which was noted.
    pub(super) fn text(&self, value: &Value, place: &Place) -> Option<String> {
        let resolved = self.resolve(value, place);
        if resolved == Some(Value::Null) {
            return None;
        }
        let text = resolved.as_ref().and_then(as_text);
        if text.is_none() {
            place.problem("expected a text");
        }
        text
    }

    fn list(&self, value: &Value, place: &Place) -> Option<Vec<Value>> {
        match self.resolve(value, place) {
            Some(Value::Array(items)) => Some(items),
            Some(Value::Null) => None,
            _ => {
                place.problem("expected a list");
                None
            }
        }
    }

    fn reference(&self, argument: &Value, place: &Place) -> Option<Value> {
        let Some(name) = argument.as_str() else {
            place.problem("Ref takes a name");
            return Some(Value::Null);
        };
        if name == "AWS::NoValue" {
            return None;
        }
        Some(self.named(name, place).unwrap_or(Value::Null))
    }

    fn choose(&self, argument: &Value, place: &Place) -> Option<Value> {
        let Some([condition, when_true, when_false]) = arguments(argument, place) else {
            return Some(Value::Null);
        };
        match self.condition(condition, &place.item(0)) {
            Some(true) => self.resolve(when_true, &place.item(1)),
            Some(false) => self.resolve(when_false, &place.item(2)),
            None => Some(Value::Null),
        }
    }

    /// `None` when a problem was noted.
    fn call(&self, function: &str, argument: &Value, place: &Place) -> Option<Value> {
        match function {
            "Fn::FindInMap" => self.find_in_map(argument, place),
            "Fn::GetAtt" => self.get_attribute(argument, place).map(Value::from),
            "Fn::Join" => self.join(argument, place).map(Value::from),
            "Fn::Select" => self.select(argument, place),
            "Fn::Split" => self.split(argument, place),
            "Fn::Sub" => self.substitute(argument, place).map(Value::from),
            "Fn::And" | "Fn::Equals" | "Fn::Not" | "Fn::Or" => {
                place.problem("only allowed in Conditions");
                None
            }
            _ => {
                place.problem(NOT_UNDERSTOOD);
                None
            }
        }
    }

    fn get_attribute(&self, argument: &Value, place: &Place) -> Option<String> {
        let target = match argument {
            Value::String(target) => target.split_once('.'),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(name), Value::String(attribute)] => Some((&**name, &**attribute)),
                _ => None,
            },
            _ => None,
        };
        let Some((name, attribute)) = target else {
            place.problem("expected a resource and an attribute");
            return None;
        };
        self.attribute(name, attribute, place)
    }

    fn join(&self, argument: &Value, place: &Place) -> Option<String> {
        let [between, items] = arguments(argument, place)?;
        let between = self.text(between, &place.item(0))?;
        let items = self.list(items, &place.item(1))?;
        let texts = items.iter().enumerate().map(|(index, item)| {
            let place = place.item(1).item(index);
            self.text(item, &place)
        });
        Some(texts.collect::<Option<Vec<_>>>()?.join(&between))
    }

    fn split(&self, argument: &Value, place: &Place) -> Option<Value> {
        let [between, text] = arguments(argument, place)?;
        let between = self.text(between, &place.item(0))?;
        let text = self.text(text, &place.item(1))?;
        if between.is_empty() {
            place.item(0).problem("expected a text that is not empty");
            return None;
        }
        Some(text.split(&between).map(Value::from).collect())
    }

    fn select(&self, argument: &Value, place: &Place) -> Option<Value> {
        let [index, items] = arguments(argument, place)?;
        let index = self.text(index, &place.item(0))?;
        let items = self.list(items, &place.item(1))?;
        let selected = index
            .parse()
            .ok()
            .and_then(|index: usize| items.get(index).cloned());
        if selected.is_none() {
            let count = items.len();
            place
                .item(0)
                .problem(format_args!("no index of a list of {count}"));
        }
        selected
    }

    fn find_in_map(&self, argument: &Value, place: &Place) -> Option<Value> {
        let [map, top, second] = arguments(argument, place)?;
        let map = self.text(map, &place.item(0))?;
        let top = self.text(top, &place.item(1))?;
        let second = self.text(second, &place.item(2))?;
        let found = self
            .mappings
            .get(&map)
            .and_then(|map| map.get(&top)?.get(&second));
        if found.is_none() {
            place.problem("no such entry in Mappings");
        }
        found.cloned()
    }

    fn substitute(&self, argument: &Value, place: &Place) -> Option<String> {
        let no_variables = Map::new();
        let (template, variables) = match argument {
            Value::Array(items) => match items.as_slice() {
                [template, Value::Object(variables)] => (template, variables),
                _ => {
                    place.problem("expected a text, or a list of a text and variables");
                    return None;
                }
            },
            template => (template, &no_variables),
        };
        let Some(parts) = template.as_str().and_then(parts) else {
            place.problem("expected a text in which every ${ is closed");
            return None;
        };
        let texts = parts.into_iter().map(|part| match part {
            Part::Text(text) => Some(text.to_owned()),
            Part::Literal(name) => Some(format!("${{{name}}}")),
            Part::Variable(name) => self.variable(name, variables, place),
        });
        // Collected first, so that every part's problem is noted.
        let texts: Vec<_> = texts.collect();
        texts.into_iter().collect()
    }

    fn variable(&self, name: &str, own: &Map<String, Value>, place: &Place) -> Option<String> {
        if let Some(value) = own.get(name) {
            return self.text(value, &place.item(1).member(name));
        }
        if let Some((resource, attribute)) = name.split_once('.') {
            return self.attribute(resource, attribute, place);
        }
        let value = self.named(name, place)?;
        let text = as_text(&value);
        if text.is_none() && !value.is_null() {
            place.problem(format_args!("{name} is not a text"));
        }
        text
    }
}

/// The outputs whose condition holds.
pub(super) fn outputs(
    section: &Map<String, Value>,
    scope: &Scope,
    place: &Place,
) -> BTreeMap<String, String> {
    let outputs = section.iter().filter_map(|(name, output)| {
        let place = place.member(name);
        if let Some(condition) = output.get("Condition")
            && !scope.condition(condition, &place.member("Condition"))?
        {
            return None;
        }
        let Some(value) = output.get("Value") else {
            place.problem("expected a Value");
            return None;
        };
        Some((name.clone(), scope.text(value, &place.member("Value"))?))
    });
    outputs.collect()
}

/// A scalar as the text that CloudFormation takes it for.
pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The function and its argument, when the mapping is a call of one.
pub(super) fn function_call(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut members = members.iter();
    let (name, argument) = members.next()?;
    (is_function(name) && members.next().is_none()).then_some((name, argument))
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// The arguments of a function that takes a fixed number of them.
pub(super) fn arguments<'v, const N: usize>(
    argument: &'v Value,
    place: &Place,
) -> Option<&'v [Value; N]> {
    let arguments = argument
        .as_array()
        .and_then(|list| list.as_slice().try_into().ok());
    if arguments.is_none() {
        place.problem(format_args!("expected a list of {N}"));
    }
    arguments
}

#[cfg(test)]
mod tests;
