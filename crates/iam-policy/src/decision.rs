//! From policies to one answer.

use crate::context::Context;
use crate::document::{Policy, PolicyKind};
use crate::principal::Principal;
use crate::statement::{Effect, Request};

/// What policies say to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A statement allows it, and none denies it.
    Allowed {
        /// The policy's name and the statement's `Sid`, or its place.
        by: String,
    },
    /// A statement denies it.
    Denied {
        /// The policy's name and the statement's `Sid`, or its place.
        by: String,
        /// What kind of policy the statement stands in.
        kind: PolicyKind,
    },
    /// No statement allows it.
    NotAllowed {
        /// The kind of policy that would have to.
        kind: PolicyKind,
    },
}

/// What the policies of a principal say to an action on a resource.
///
/// `session` are the policies that its session was narrowed by: one of them must allow it too. `None` is a session that nothing narrows.
pub fn decide(
    policies: &[Policy],
    session: Option<&[Policy]>,
    action: &str,
    resource: &str,
    context: &Context,
) -> Decision {
    let request = Request {
        principal: None,
        action,
        resource: Some(resource),
        context,
    };
    for policies in [policies, session.unwrap_or_default()] {
        if let Some((policy, by)) = first(policies, Effect::Deny, &request) {
            let kind = policy.kind();
            return Decision::Denied { by, kind };
        }
    }
    let Some((_, by)) = first(policies, Effect::Allow, &request) else {
        let kind = PolicyKind::IdentityBased;
        return Decision::NotAllowed { kind };
    };
    if session.is_some_and(|session| first(session, Effect::Allow, &request).is_none()) {
        let kind = PolicyKind::Session;
        return Decision::NotAllowed { kind };
    }
    Decision::Allowed { by }
}

/// What a policy that is attached to a resource says to an action of a principal on that resource: a trust policy, a key's policy.
pub fn trusts(
    policy: &Policy,
    principal: Principal<'_>,
    action: &str,
    context: &Context,
) -> Decision {
    let request = Request {
        principal: Some(principal),
        action,
        resource: None,
        context,
    };
    let kind = policy.kind();
    let policy = std::slice::from_ref(policy);
    if let Some((_, by)) = first(policy, Effect::Deny, &request) {
        return Decision::Denied { by, kind };
    }
    match first(policy, Effect::Allow, &request) {
        Some((_, by)) => Decision::Allowed { by },
        None => Decision::NotAllowed { kind },
    }
}

/// The first statement with this effect that matches, by its name.
fn first<'p>(
    policies: &'p [Policy],
    effect: Effect,
    request: &Request<'_>,
) -> Option<(&'p Policy, String)> {
    policies.iter().find_map(|policy| {
        let statement = policy.matching(effect, request)?;
        Some((policy, policy.place_of(statement)))
    })
}
