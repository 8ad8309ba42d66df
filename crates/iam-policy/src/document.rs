//! A policy document becomes a policy.

use std::fmt;

use serde_json::{Map, Value};

use crate::statement::{Effect, Request, Statement};

/// The only version that has variables; the older one would take them for text.
const VERSION: &str = "2012-10-17";

/// A policy document that was read.
#[derive(Debug, Clone)]
pub struct Policy {
    kind: PolicyKind,
    /// Empty where it has none.
    name: String,
    statements: Vec<Statement>,
}

/// What a policy is attached to, which settles what its statements have to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// What a role or user may do.
    IdentityBased,
    /// What one session of a role may do of that.
    Session,
    /// Who may assume a role.
    Trust,
    /// Who may do what with a resource, such as a key.
    ResourceBased,
}

/// As AWS says it in the texts of its refusals.
impl fmt::Display for PolicyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::IdentityBased => "identity-based policy",
            Self::Session => "session policy",
            Self::Trust => "role trust policy",
            Self::ResourceBased => "resource-based policy",
        })
    }
}

/// Something in a policy document is wrong, or is not known here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Unsupported {
    /// Such as `Statement[0].Condition.StringEqual`.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl Unsupported {
    pub(crate) fn at(place: &str, what: impl Into<String>) -> Self {
        Self {
            place: place.to_owned(),
            what: what.into(),
        }
    }
}

impl Policy {
    /// Reads a policy document.
    ///
    /// # Errors
    ///
    /// The first thing in it that is wrong or not known, with its place.
    pub fn parse(kind: PolicyKind, document: &Value) -> Result<Self, Unsupported> {
        let Value::Object(members) = document else {
            return Err(Unsupported::at("the policy", "expected an object"));
        };
        known(members, "the policy", &["Version", "Id", "Statement"])?;
        if members.get("Version").and_then(Value::as_str) != Some(VERSION) {
            return Err(Unsupported::at("Version", format!("expected {VERSION}")));
        }
        let statements = match members.get("Statement") {
            Some(Value::Array(statements)) if !statements.is_empty() => {
                let statements = statements.iter().enumerate();
                statements
                    .map(|(index, one)| Statement::parse(kind, one, &format!("Statement[{index}]")))
                    .collect::<Result<_, _>>()?
            }
            Some(one @ Value::Object(_)) => vec![Statement::parse(kind, one, "Statement")?],
            _ => return Err(Unsupported::at("Statement", "expected one, or a list")),
        };
        Ok(Self {
            kind,
            name: String::new(),
            statements,
        })
    }

    /// The same, with a name for [`crate::Decision`] to say.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// What it is attached to.
    pub fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// The condition keys and variables that it asks for, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(Statement::keys)
    }

    pub(crate) fn matching(&self, effect: Effect, request: &Request<'_>) -> Option<&Statement> {
        let mut statements = self.statements.iter();
        statements.find(|statement| statement.effect == effect && statement.matches(request))
    }

    pub(crate) fn place_of(&self, statement: &Statement) -> String {
        if self.name.is_empty() {
            statement.place.clone()
        } else {
            format!("{}: {}", self.name, statement.place)
        }
    }
}

/// Refuses members that are not among these.
pub(crate) fn known(
    members: &Map<String, Value>,
    place: &str,
    names: &[&str],
) -> Result<(), Unsupported> {
    match members.keys().find(|name| !names.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Unsupported::at(
            &format!("{place}.{name}"),
            "the element is not known",
        )),
    }
}

/// One text, or a list of texts.
pub(crate) fn texts(value: &Value, place: &str) -> Result<Vec<String>, Unsupported> {
    let wrong = || Unsupported::at(place, "expected a text, or a list of texts");
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect(),
        _ => Err(wrong()),
    }
}
