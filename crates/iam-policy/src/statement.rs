//! One statement of a policy.

use serde_json::{Map, Value};

use crate::condition::Condition;
use crate::context::Context;
use crate::document::{PolicyKind, Unsupported, known, texts};
use crate::pattern::{Allows, Pattern, matches};
use crate::principal::{Principal, Principals};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// What somebody wants to do.
pub(crate) struct Request<'a> {
    /// Who, where the policy is not theirs.
    pub(crate) principal: Option<Principal<'a>>,
    pub(crate) action: &'a str,
    /// With what, where the policy is not that resource's.
    pub(crate) resource: Option<&'a str>,
    pub(crate) context: &'a Context,
}

#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// Its `Sid`, or where it stands.
    pub(crate) place: String,
    pub(crate) effect: Effect,
    principals: Option<Principals>,
    actions: Patterns,
    resources: Option<Patterns>,
    conditions: Vec<Condition>,
}

/// `Action` and `NotAction`, `Resource` and `NotResource`.
#[derive(Debug, Clone)]
struct Patterns {
    of: Vec<Pattern>,
    /// All others, instead of these.
    not: bool,
}

impl Statement {
    pub(crate) fn parse(kind: PolicyKind, value: &Value, place: &str) -> Result<Self, Unsupported> {
        let Value::Object(members) = value else {
            return Err(Unsupported::at(place, "expected an object"));
        };
        known(members, place, elements(kind))?;
        let sid = match members.get("Sid") {
            None => None,
            Some(Value::String(sid)) => Some(sid),
            Some(_) => return Err(Unsupported::at(&format!("{place}.Sid"), "expected a text")),
        };
        let effect = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => {
                let place = format!("{place}.Effect");
                return Err(Unsupported::at(&place, "expected Allow or Deny"));
            }
        };
        let principals = match (kind, members.get("Principal")) {
            (PolicyKind::IdentityBased | PolicyKind::Session, _) => None,
            (PolicyKind::Trust | PolicyKind::ResourceBased, None) => {
                return Err(Unsupported::at(place, "expected a Principal"));
            }
            (PolicyKind::Trust | PolicyKind::ResourceBased, Some(value)) => {
                Some(Principals::parse(value, &format!("{place}.Principal"))?)
            }
        };
        let resources = match kind {
            PolicyKind::Trust => None,
            PolicyKind::IdentityBased | PolicyKind::Session | PolicyKind::ResourceBased => {
                Some(patterns(members, "Resource", place, resource)?)
            }
        };
        let only_itself = resources
            .as_ref()
            .is_none_or(|resources| !resources.not && resources.of.iter().all(Pattern::is_any));
        if kind == PolicyKind::ResourceBased && !only_itself {
            // Such as a key's policy, in which `*` is that key.
            return Err(Unsupported::at(&format!("{place}.Resource"), "expected *"));
        }
        Ok(Self {
            place: sid.map_or_else(|| place.to_owned(), String::clone),
            effect,
            principals,
            actions: patterns(members, "Action", place, action)?,
            resources,
            conditions: match members.get("Condition") {
                None => Vec::new(),
                Some(block) => Condition::parse_all(block, &format!("{place}.Condition"))?,
            },
        })
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let resources = self.resources.iter().flat_map(|resources| &resources.of);
        let conditions = self.conditions.iter().flat_map(Condition::keys);
        resources.flat_map(Pattern::keys).chain(conditions)
    }

    /// Whether it is about this request. A variable without a value makes it about nothing.
    pub(crate) fn matches(&self, request: &Request<'_>) -> bool {
        let principal = match (&self.principals, request.principal) {
            (Some(principals), Some(principal)) => principals.contain(principal),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let context = request.context;
        let resource = || match (&self.resources, request.resource) {
            (Some(resources), Some(resource)) => resources.match_resource(resource, context),
            // The resource that the policy is attached to.
            (_, None) => Some(true),
            (None, Some(_)) => Some(false),
        };
        let mut conditions = self.conditions.iter();
        let asks_for = |condition: &Condition| {
            if context.knows(condition.keys()) {
                condition.holds(context) == Some(true)
            } else {
                self.effect == Effect::Deny
            }
        };
        principal
            // Few statements are about the action, and that is soon said.
            && self.actions.match_action(request.action)
            && resource() == Some(true)
            && conditions.all(asks_for)
    }
}

impl Patterns {
    /// The case of an action does not matter; the patterns are in lower case.
    fn match_action(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let nothing = Context::default();
        let matched = self.of.iter().any(|pattern| {
            let tokens = pattern.resolve(&nothing).unwrap_or_default();
            matches(&tokens, &action)
        });
        matched != self.not
    }

    fn match_resource(&self, resource: &str, context: &Context) -> Option<bool> {
        let mut matched = false;
        for pattern in &self.of {
            matched |= matches(&pattern.resolve(context)?, resource);
        }
        Some(matched != self.not)
    }
}

fn elements(kind: PolicyKind) -> &'static [&'static str] {
    match kind {
        PolicyKind::IdentityBased | PolicyKind::Session => &[
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ],
        PolicyKind::Trust => &[
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "NotAction",
            "Condition",
        ],
        PolicyKind::ResourceBased => &[
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "NotAction",
            "Resource",
            "Condition",
        ],
    }
}

/// The element of this name, or the one with `Not` before it.
fn patterns(
    members: &Map<String, Value>,
    name: &str,
    place: &str,
    read: fn(&str, &str) -> Result<Pattern, Unsupported>,
) -> Result<Patterns, Unsupported> {
    let not = format!("Not{name}");
    let (value, element) = match (members.get(name), members.get(&not)) {
        (Some(value), None) => (value, name),
        (None, Some(value)) => (value, not.as_str()),
        _ => {
            let what = format!("expected either {name} or {not}");
            return Err(Unsupported::at(place, what));
        }
    };
    let place = format!("{place}.{element}");
    let texts = texts(value, &place)?;
    let of = texts.iter().map(|text| read(text, &place));
    Ok(Patterns {
        of: of.collect::<Result<_, _>>()?,
        not: element != name,
    })
}

/// `service:Action`, with wildcards behind the colon, or `*`.
fn action(text: &str, place: &str) -> Result<Pattern, Unsupported> {
    let is_service = |service: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !service.is_empty() && service.bytes().all(letter)
    };
    let formed = text.split_once(':');
    if text != "*" && !formed.is_some_and(|(service, name)| is_service(service) && !name.is_empty())
    {
        let what = format!("{text}: expected <service>:<action>, or *");
        return Err(Unsupported::at(place, what));
    }
    let allows = Allows {
        wildcards: true,
        variables: false,
    };
    Pattern::parse(&text.to_ascii_lowercase(), allows, place)
}

/// An ARN, with wildcards, and with variables in its last part, or `*`.
fn resource(text: &str, place: &str) -> Result<Pattern, Unsupported> {
    let allows = Allows {
        wildcards: true,
        variables: true,
    };
    let pattern = Pattern::parse(text, allows, place)?;
    if pattern.is_any() || pattern.is_arn() {
        return Ok(pattern);
    }
    let what = format!("{text}: expected *, or an ARN with variables behind its fifth colon alone");
    Err(Unsupported::at(place, what))
}
