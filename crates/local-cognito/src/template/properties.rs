use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::NOT_UNDERSTOOD;
use super::intrinsics::as_text;
use super::place::Place;

/// The resolved properties of a resource, taken one by one. What nobody has taken at the end is not understood.
///
/// A property that is there but wrong is noted and counts as absent. `null` stands for a value whose problem was noted before.
pub(super) struct Properties<'p> {
    rest: Map<String, Value>,
    place: Place<'p>,
}

impl<'p> Properties<'p> {
    /// Reads a mapping and notes what `read` leaves.
    pub(super) fn of<T>(
        value: Value,
        place: Place<'p>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        match value {
            Value::Object(rest) => {
                let mut properties = Self { rest, place };
                let result = read(&mut properties);
                for name in properties.rest.keys() {
                    properties.place.member(name).problem(NOT_UNDERSTOOD);
                }
                Some(result)
            }
            Value::Null => None,
            _ => {
                place.problem("expected a mapping");
                None
            }
        }
    }

    /// Where the property of this name stands.
    pub(super) fn place(&self, name: &str) -> Place<'p> {
        self.place.member(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.rest.contains_key(name)
    }

    /// Passes over properties that mean nothing in the stand-in.
    pub(super) fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.rest.remove(*name);
        }
    }

    /// Passes over everything, where the whole resource was noted.
    pub(super) fn ignore_all(&mut self) {
        self.rest.clear();
    }

    /// Takes everything as texts by name.
    pub(super) fn take_texts(&mut self) -> BTreeMap<String, String> {
        let names: Vec<_> = self.rest.keys().cloned().collect();
        let texts = names.into_iter().filter_map(|name| {
            let text = self.text(&name)?;
            Some((name, text))
        });
        texts.collect()
    }

    /// The property as it stands.
    pub(super) fn raw(&mut self, name: &str) -> Option<Value> {
        self.rest.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.raw(name)?;
        let text = as_text(&value);
        if text.is_none() {
            self.place(name).problem("expected a text");
        }
        text
    }

    /// An empty text when it is not there, which is noted.
    pub(super) fn required_text(&mut self, name: &str) -> String {
        if !self.has(name) {
            self.place.problem(format_args!("expected {name}"));
        }
        self.text(name).unwrap_or_default()
    }

    /// One of these words.
    pub(super) fn word(&mut self, name: &str, allowed: &[&str]) -> Option<String> {
        let word = self.text(name)?;
        if allowed.contains(&word.as_str()) {
            return Some(word);
        }
        expected_one_of(&word, allowed, &self.place(name));
        None
    }

    /// A list of these words.
    pub(super) fn words(&mut self, name: &str, allowed: &[&str]) -> Option<Vec<String>> {
        let words = self.texts(name)?;
        for (index, word) in words.iter().enumerate() {
            if !allowed.contains(&word.as_str()) {
                expected_one_of(word, allowed, &self.place(name).item(index));
            }
        }
        Some(words)
    }

    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let place = self.place(name);
        let Value::Array(items) = self.raw(name)? else {
            place.problem("expected a list");
            return None;
        };
        let texts = items.iter().enumerate().filter_map(|(index, item)| {
            let text = as_text(item);
            if text.is_none() && !item.is_null() {
                place.item(index).problem("expected a text");
            }
            text
        });
        Some(texts.collect())
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let text = self.text(name)?;
        let flag = text.parse().ok();
        if flag.is_none() {
            self.place(name).problem("expected true or false");
        }
        flag
    }

    /// A whole number in this range.
    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let text = self.text(name)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = range.into_inner();
            self.place(name).problem(format_args!(
                "expected a whole number from {least} to {most}"
            ));
        }
        number
    }

    /// Reads a mapping within this one.
    pub(super) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let value = self.raw(name)?;
        Self::of(value, self.place(name), read)
    }

    /// Reads each mapping of this one, by its name.
    pub(super) fn members<T>(&mut self, mut read: impl FnMut(&str, &mut Self) -> T) -> Vec<T> {
        let members = std::mem::take(&mut self.rest).into_iter();
        let place = &self.place;
        members
            .filter_map(|(name, member)| {
                Self::of(member, place.member(&name), |member| read(&name, member))
            })
            .collect()
    }

    /// Reads each mapping of a list.
    pub(super) fn each<T>(&mut self, name: &str, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let place = self.place(name);
        match self.raw(name) {
            Some(Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                items
                    .filter_map(|(index, item)| Self::of(item, place.item(index), &mut read))
                    .collect()
            }
            Some(_) => {
                place.problem("expected a list");
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

fn expected_one_of(word: &str, allowed: &[&str], place: &Place) {
    let allowed = allowed.join(", ");
    place.problem(format_args!(
        "{word} is {NOT_UNDERSTOOD}; it knows {allowed}"
    ));
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde_json::json;

    use super::super::place::Problems;
    use super::*;

    #[track_caller]
    fn check<T: Debug + PartialEq>(
        value: Value,
        read: impl FnOnce(&mut Properties) -> T,
        expected: T,
        expected_problems: &[&str],
    ) {
        let problems = Problems::default();
        let found = Properties::of(value, Place::root(&problems).member("R"), read);
        assert_eq!(found, Some(expected));
        assert_eq!(problems.take(), expected_problems);
    }

    #[test]
    fn texts_stand_for_numbers_and_flags() {
        check(json!({"A": "7"}), |p| p.number("A", 1..=9), Some(7), &[]);
        check(json!({"A": 7}), |p| p.text("A"), Some("7".to_owned()), &[]);
        check(json!({"A": "true"}), |p| p.flag("A"), Some(true), &[]);
        check(json!({}), |p| p.flag("A"), None, &[]);
    }

    #[test]
    fn wrong_values_are_named() {
        check(
            json!({"A": []}),
            |p| p.text("A"),
            None,
            &["R.A: expected a text"],
        );
        check(
            json!({}),
            |p| p.required_text("A"),
            String::new(),
            &["R: expected A"],
        );
        check(
            json!({"A": "yes"}),
            |p| p.flag("A"),
            None,
            &["R.A: expected true or false"],
        );
        check(
            json!({"A": 10}),
            |p| p.number("A", 1..=9),
            None,
            &["R.A: expected a whole number from 1 to 9"],
        );
        check(
            json!({"A": -1}),
            |p| p.number("A", 1..=9),
            None,
            &["R.A: expected a whole number from 1 to 9"],
        );
        check(
            json!({"A": "x"}),
            |p| p.texts("A"),
            None,
            &["R.A: expected a list"],
        );
        check(
            json!({"A": [{}]}),
            |p| p.texts("A"),
            Some(vec![]),
            &["R.A[0]: expected a text"],
        );
        check(
            json!({"A": "z"}),
            |p| p.word("A", &["x", "y"]),
            None,
            &["R.A: z is not understood by local-cognito; it knows x, y"],
        );
        check(
            json!({"A": ["x", "z"]}),
            |p| p.words("A", &["x"]).map(|words| words.len()),
            Some(2),
            &["R.A[1]: z is not understood by local-cognito; it knows x"],
        );
        check(
            json!({"A": 1}),
            |p| p.within("A", |_| ()),
            None,
            &["R.A: expected a mapping"],
        );
        check(
            json!({"A": 1}),
            |p| p.each("A", |_| ()),
            vec![],
            &["R.A: expected a list"],
        );
    }

    #[test]
    fn what_nobody_takes_is_named() {
        check(
            json!({"A": 1, "B": 2, "C": {"D": 3}, "E": [{"F": 4}]}),
            |p| {
                p.ignore(&["A"]);
                p.within("C", |_| ());
                p.each("E", |_| ());
            },
            (),
            &[
                "R.C.D: not understood by local-cognito",
                "R.E[0].F: not understood by local-cognito",
                "R.B: not understood by local-cognito",
            ],
        );
    }

    #[test]
    fn what_was_noted_before_is_not_noted_again() {
        check(
            json!({"A": null}),
            |p| p.required_text("A"),
            String::new(),
            &[],
        );
        check(json!({"A": [null]}), |p| p.texts("A"), Some(vec![]), &[]);
    }
}
