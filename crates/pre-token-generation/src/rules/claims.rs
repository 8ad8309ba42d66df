use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde_json::Value;

use super::Refusal;
use crate::claim_name::{self, UnusableName};
use crate::config::{Config, SIMPLE_IN_ID_TOKEN};
use crate::membership::Membership;

/// A token's claims by their names.
pub(super) type Claims<Claim> = BTreeMap<String, Claim>;

/// A claim that the membership has and a token does not get.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Its name, as far as names may go.
    pub(crate) claim: String,
    pub(crate) reason: Reason,
}

/// Why a token does not get a claim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Nobody but Cognito and the user pool may set it, or its name could be mistaken for another.
    Name(UnusableName),
    /// The configuration gives the name to the tenant, the roles, the permissions or the methods of the sign-in.
    NameOfAttribute,
    /// A null, binary data, or lists and maps too deep: nothing that a claim can hold.
    Value,
    /// The ID token takes this claim as text, number or boolean alone.
    NotSimple,
    /// A V1_0 token's lists are joined by blanks, and one of this list's texts is empty or has a blank in it: a reader would split
    /// `billing admin` into two roles, of which one is `admin`.
    NotJoinable,
}

fn leave_out(left_out: &mut Vec<LeftOut>, claim: &str, reason: Reason) {
    let claim = claim.chars().take(claim_name::MAX_LENGTH).collect();
    left_out.push(LeftOut { claim, reason });
}

/// The membership's tenant, roles and permissions under their configured names, and its free claims.
pub(super) fn of_membership(
    membership: Membership,
    config: &Config,
    left_out: &mut Vec<LeftOut>,
) -> Claims<Value> {
    let attributes = [
        (&config.tenant_claim, membership.tenant.map(Value::from)),
        (&config.roles_claim, membership.roles.map(Value::from)),
        (
            &config.permissions_claim,
            membership.permissions.map(Value::from),
        ),
    ];
    let methods_claim = config
        .methods
        .as_ref()
        .map(|methods| methods.claim.as_str());
    let mut claims = Claims::new();
    for (name, value) in membership.claims.unwrap_or_default() {
        let of_attribute = attributes.iter().any(|(taken, _)| taken.as_str() == name)
            || methods_claim.is_some_and(|taken| taken == name);
        match (claim_name::check(&name), value) {
            (Err(unusable), _) => leave_out(left_out, &name, Reason::Name(unusable)),
            (Ok(()), _) if of_attribute => leave_out(left_out, &name, Reason::NameOfAttribute),
            (Ok(()), None) => leave_out(left_out, &name, Reason::Value),
            (Ok(()), Some(value)) => {
                claims.insert(name, value);
            }
        }
    }
    for (name, value) in attributes {
        claims.extend(value.map(|value| (name.as_str().to_owned(), value)));
    }
    claims
}

/// The claims as a V2_0 or V3_0 ID token takes them.
pub(super) fn for_id_token(
    mut claims: Claims<Value>,
    left_out: &mut Vec<LeftOut>,
) -> Claims<Value> {
    for name in SIMPLE_IN_ID_TOKEN {
        if let Some(Value::Array(_) | Value::Object(_)) = claims.get(name) {
            claims.remove(name);
            leave_out(left_out, name, Reason::NotSimple);
        }
    }
    claims
}

/// The claims as a V1_0 ID token takes them, where each is a text: a list of plain values is joined by blanks, as OAuth writes scopes;
/// everything else that is not text is its JSON.
pub(super) fn as_texts(claims: Claims<Value>, left_out: &mut Vec<LeftOut>) -> Claims<String> {
    let mut texts = Claims::new();
    for (name, value) in claims {
        match as_text(value) {
            Some(text) => {
                texts.insert(name, text);
            }
            None => leave_out(left_out, &name, Reason::NotJoinable),
        }
    }
    texts
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(values)
            if !values
                .iter()
                .any(|value| value.is_array() || value.is_object()) =>
        {
            let texts: Vec<String> = values.into_iter().filter_map(as_text).collect();
            let is_joinable =
                |text: &String| !text.is_empty() && !text.contains(char::is_whitespace);
            texts.iter().all(is_joinable).then(|| texts.join(" "))
        }
        other => Some(other.to_string()),
    }
}

/// Refuses claims that would make a token too large for the headers and cookies that carry it.
pub(super) fn check_size(claims: &impl Serialize, config: &Config) -> Result<(), Refusal> {
    let mut size = ByteCount(0);
    serde_json::to_writer(&mut size, claims).expect("names are texts, and counting does not fail");
    let (ByteCount(bytes), max_bytes) = (size, config.max_claims_bytes);
    if bytes > max_bytes {
        return Err(Refusal::ClaimsTooLarge { bytes, max_bytes });
    }
    Ok(())
}

struct ByteCount(usize);

impl io::Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
