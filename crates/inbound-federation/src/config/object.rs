use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object of the configuration, whose members are taken one by one. What nobody has taken at the end is not understood.
///
/// A member that is there but wrong is noted and counts as absent.
pub(super) struct Object<'json> {
    place: String,
    members: BTreeMap<String, &'json RawValue>,
}

impl<'json> Object<'json> {
    /// Reads the text of an object; `place` says where it stands.
    pub(super) fn read(json: &'json str, place: &str, notes: &mut Vec<String>) -> Option<Self> {
        let mut object = Self {
            place: place.to_owned(),
            members: BTreeMap::new(),
        };
        let Ok(Members(members)) = serde_json::from_str(json) else {
            object.note("expected a JSON object", notes);
            return None;
        };
        for (name, value) in members {
            if object.members.insert(name.clone(), value).is_some() {
                object.note(&format!("`{name}` is there twice"), notes);
            }
        }
        Some(object)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Notes something about the object.
    pub(super) fn note(&self, problem: &str, notes: &mut Vec<String>) {
        notes.push(if self.place.is_empty() {
            problem.to_owned()
        } else {
            format!("{}: {problem}", self.place)
        });
    }

    /// Where a member stands.
    pub(super) fn place(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    /// Takes a value of that name and type; `expected` says what it should be.
    pub(super) fn take<T: Deserialize<'json>>(
        &mut self,
        name: &str,
        expected: &str,
        notes: &mut Vec<String>,
    ) -> Option<T> {
        let value = self.members.remove(name)?;
        let read = serde_json::from_str(value.get()).ok();
        if read.is_none() {
            notes.push(format!("{}: expected {expected}", self.place(name)));
        }
        read
    }

    /// Takes a list that names something: an empty one must not count as none.
    pub(super) fn take_list(
        &mut self,
        name: &str,
        expected: &str,
        notes: &mut Vec<String>,
    ) -> Option<Vec<String>> {
        let list: Vec<String> = self.take(name, expected, notes)?;
        if list.is_empty() || list.iter().any(String::is_empty) {
            notes.push(format!("{}: expected {expected}", self.place(name)));
            return None;
        }
        Some(list)
    }

    /// Takes a list that has to be there.
    pub(super) fn required_list(
        &mut self,
        name: &str,
        expected: &str,
        notes: &mut Vec<String>,
    ) -> Option<Vec<String>> {
        self.require(name, expected, notes);
        self.take_list(name, expected, notes)
    }

    /// Takes a text with something in it that has to be there.
    pub(super) fn required_name(&mut self, name: &str, notes: &mut Vec<String>) -> Option<String> {
        self.require(name, "a name", notes);
        let text: String = self.take(name, "a name", notes)?;
        if text.is_empty() {
            notes.push(format!("{}: expected a name", self.place(name)));
            return None;
        }
        Some(text)
    }

    fn require(&self, name: &str, expected: &str, notes: &mut Vec<String>) {
        if !self.members.contains_key(name) {
            notes.push(format!("{}: expected {expected}", self.place(name)));
        }
    }

    /// Takes an object.
    pub(super) fn take_object(&mut self, name: &str, notes: &mut Vec<String>) -> Option<Self> {
        let value = self.members.remove(name)?;
        Self::read(value.get(), &self.place(name), notes)
    }

    /// Takes all members, where their names are the operator's.
    pub(super) fn into_members(self) -> BTreeMap<String, &'json RawValue> {
        self.members
    }

    /// Notes what nobody has taken.
    pub(super) fn close(self, notes: &mut Vec<String>) {
        for name in self.members.keys() {
            self.note(&format!("`{name}` is not understood"), notes);
        }
    }
}

/// All members as they were written: a map would silently keep the last of two with the same name.
struct Members<'json>(Vec<(String, &'json RawValue)>);

impl<'json> Deserialize<'json> for Members<'json> {
    fn deserialize<D: Deserializer<'json>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'json> Visitor<'json> for MembersVisitor {
    type Value = Vec<(String, &'json RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'json>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
