mod admitted;
mod claims;
mod groups;
mod methods;
mod scopes;

use cognito_events::pre_token_generation::{
    AccessTokenGeneration, ClaimsAndScopeOverrideDetails, ClaimsOverrideDetails, Event,
    GroupOverrideDetails, IdTokenGeneration, ResponseV1, ResponseV2, TriggerSource,
};
use serde::Serialize;
use serde_json::Value;
use sign_in_methods::Passed;

use crate::config::Config;
use crate::membership::Membership;

pub(crate) use admitted::{admitted, subjects};
use claims::Claims;
pub(crate) use claims::LeftOut;

/// What the tokens bear of this membership, and of how the user signed in.
pub(crate) fn decide(
    event: &Event,
    membership: Membership,
    passed: Option<&Passed>,
    config: &Config,
) -> Result<Decision, Refusal> {
    let groups = groups::replacement(event, &membership, config);
    let scopes = scopes::to_add(event, &membership, config);
    let mut left_out = Vec::new();
    let mut claims = claims::of_membership(membership, config, &mut left_out);
    claims.extend(methods::claim(event, passed, config));

    let response = if is_v1(event) {
        let id_claims = if config.claims_in_id_token && !is_machine_client(event) {
            claims::as_texts(claims, &mut left_out)
        } else {
            Claims::new()
        };
        claims::check_size(&id_claims, config)?;
        response_v1(id_claims, groups)
    } else {
        let id_claims = if config.claims_in_id_token && !is_machine_client(event) {
            claims::for_id_token(claims.clone(), &mut left_out)
        } else {
            Claims::new()
        };
        let access_claims = if config.claims_in_access_token {
            claims
        } else {
            Claims::new()
        };
        claims::check_size(&id_claims, config)?;
        claims::check_size(&access_claims, config)?;
        response_v2(id_claims, access_claims, scopes, groups)
    };
    Ok(Decision { response, left_out })
}

/// What the tokens bear when nobody knows the membership: nothing of ours, and no groups where the table says which.
///
/// A pass-through would be an escalation: the pool's groups may be the very ones that the table takes away.
pub(crate) fn decide_without_membership(event: &Event, config: &Config) -> Response {
    let groups = groups::removal(event, config);
    if is_v1(event) {
        response_v1(Claims::new(), groups)
    } else {
        response_v2(Claims::new(), Claims::new(), Vec::new(), groups)
    }
}

/// What was decided, and what an operator should know about it.
#[derive(Debug, PartialEq)]
pub(crate) struct Decision {
    pub(crate) response: Response,
    pub(crate) left_out: Vec<LeftOut>,
}

/// Why there are no tokens. The text is shown to the end user.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// A part of the claims could deny as well as grant, so none is dropped silently.
    #[error("Your account has more rights than a sign-in can carry, please ask for help")]
    ClaimsTooLarge { bytes: usize, max_bytes: usize },
}

/// The answer, in the form of the event's version.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Response {
    /// To a V1_0 event.
    V1(ResponseV1),
    /// To a V2_0 or V3_0 event.
    V2(ResponseV2<Value>),
}

/// A version that did not exist when this was written is more likely to extend the latest form than to bring back the first.
fn is_v1(event: &Event) -> bool {
    matches!(event.version.as_str(), "1" | "")
}

/// A machine client has no ID token and no groups.
fn is_machine_client(event: &Event) -> bool {
    event.trigger_source == TriggerSource::ClientCredentials
}

/// Everything absent means no change; an empty part is not the same to Cognito (empty groups remove all).
fn response_v1(id_claims: Claims<String>, groups: Option<GroupOverrideDetails>) -> Response {
    let details = ClaimsOverrideDetails {
        claims_to_add_or_override: unless_empty(id_claims),
        claims_to_suppress: None,
        group_override_details: groups,
    };
    let is_change = details != ClaimsOverrideDetails::default();
    Response::V1(ResponseV1 {
        claims_override_details: is_change.then_some(details),
    })
}

fn response_v2(
    id_claims: Claims<Value>,
    access_claims: Claims<Value>,
    scopes: Vec<String>,
    groups: Option<GroupOverrideDetails>,
) -> Response {
    let id_token = unless_empty(id_claims).map(|claims| IdTokenGeneration {
        claims_to_add_or_override: Some(claims),
        claims_to_suppress: None,
    });
    let is_access_change = !access_claims.is_empty() || !scopes.is_empty();
    let access_token = is_access_change.then(|| AccessTokenGeneration {
        claims_to_add_or_override: unless_empty(access_claims),
        claims_to_suppress: None,
        scopes_to_add: Some(scopes).filter(|scopes| !scopes.is_empty()),
        scopes_to_suppress: None,
    });
    let is_change = id_token.is_some() || access_token.is_some() || groups.is_some();
    Response::V2(ResponseV2 {
        claims_and_scope_override_details: is_change.then_some(ClaimsAndScopeOverrideDetails {
            id_token_generation: id_token,
            access_token_generation: access_token,
            group_override_details: groups,
        }),
    })
}

fn unless_empty<Claim>(claims: Claims<Claim>) -> Option<Claims<Claim>> {
    Some(claims).filter(|claims| !claims.is_empty())
}

#[cfg(test)]
mod tests;
