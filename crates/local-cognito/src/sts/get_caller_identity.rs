use axum::http::request::Parts;

use super::element;
use crate::signature::Refused;
use crate::stand_in::StandIn;

/// No permission is needed for it: every key that is good may ask whose it is.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
pub(super) fn run(stand_in: &StandIn, request: &Parts, body: &[u8]) -> Result<String, Refused> {
    let caller = stand_in.caller("sts", request, body)?;
    let caller = caller.ok_or(Refused::Unsigned)?;
    let members = [
        ("Arn", &caller.arn),
        ("UserId", &caller.user_id),
        ("Account", &caller.account),
    ];
    Ok(members.map(|(name, text)| element(name, text)).concat())
}
