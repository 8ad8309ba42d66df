use std::fmt;
use std::str::FromStr;

/// The name of a claim that this function may set.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ClaimName(String);

impl ClaimName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClaimName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl FromStr for ClaimName {
    type Err = UnusableName;

    fn from_str(name: &str) -> Result<Self, UnusableName> {
        check(name)?;
        Ok(Self(name.to_owned()))
    }
}

/// Why a claim cannot have this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnusableName {
    /// Blanks, control characters and letters that only look like ASCII could pass for another claim in front of a careless reader.
    #[error("expected a claim name of 1 to {MAX_LENGTH} visible ASCII characters")]
    Malformed,
    /// Cognito or OpenID Connect gives the claim its meaning.
    #[error("expected the name of a claim that is neither Cognito's own nor about an address")]
    Reserved,
}

/// Long enough for a claim that is named by a URL; everything in a token is sent with each request.
pub(crate) const MAX_LENGTH: usize = 128;

/// Whether this function may set a claim of this name.
///
/// Names are case-sensitive in a token, but not to every reader: some libraries would take `Sub` for `sub`, and the later one for true.
pub(crate) fn check(name: &str) -> Result<(), UnusableName> {
    let well_formed =
        (1..=MAX_LENGTH).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    if !well_formed {
        return Err(UnusableName::Malformed);
    }
    let name = name.to_ascii_lowercase();
    let reserved = RESERVED.contains(&&*name)
        || TRUSTED.contains(&&*name)
        || RESERVED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix));
    if reserved {
        return Err(UnusableName::Reserved);
    }
    Ok(())
}

/// Claims that Cognito alone sets, in one token or in both. It is not documented whether naming one is ignored or fails the sign-in.
///
/// Source: the developer guide's list of claims that this trigger cannot change. `aud` may be added to an access token, but only as
/// the app client's id, which that token has as `client_id` anyway; `scope` changes through the list of scopes alone.
const RESERVED: [&str; 22] = [
    "acr",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "client_id",
    "device_key",
    "event_id",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "scope",
    "sub",
    "token_use",
    "username",
    "version",
];

/// Cognito's own claims (groups and roles among them, which change through the group override alone) and developer-only attributes.
const RESERVED_PREFIXES: [&str; 2] = ["cognito:", "dev:"];

/// Addresses and the word that they were verified. Cognito would let us set them, but apps find and link accounts by them: they are
/// the user pool's to say, which has sent the code.
const TRUSTED: [&str; 4] = [
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the claim table in AWS's guide and of the decision about addresses, written once more on purpose.
    const EVERY_RESERVED_NAME: &str = "acr amr at_hash aud auth_time azp client_id device_key event_id exp iat identities iss jti \
        nbf nonce origin_jti scope sub token_use username version \
        cognito:username cognito:groups cognito:roles cognito:preferred_role cognito:anything cognito: dev:custom:level dev: \
        email email_verified phone_number phone_number_verified";

    #[test]
    fn every_reserved_name_is_refused_in_any_case() {
        for name in EVERY_RESERVED_NAME.split_whitespace() {
            let capitals = name.to_ascii_uppercase();
            for name in [name, &capitals] {
                assert_eq!(check(name), Err(UnusableName::Reserved), "{name}");
            }
        }
    }

    #[test]
    fn look_alikes_are_malformed() {
        let too_long = "x".repeat(129);
        for name in [
            "",
            " ",
            " sub",
            "sub ",
            "sub\t",
            "\nsub",
            "sub\0",
            "s ub",
            "\u{a0}sub",
            "sub\u{200b}",
            "\u{455}ub",
            &too_long,
        ] {
            assert_eq!(check(name), Err(UnusableName::Malformed), "{name:?}");
        }
    }

    #[test]
    fn other_names_are_ours() {
        let longest = "x".repeat(128);
        for name in [
            "tenant",
            "roles",
            "subject",
            "issuer",
            "Subject",
            "cognito",
            "developer",
            "custom:plan",
            "name",
            "address",
            "updated_at",
            "https://example.com/claims/plan",
            &longest,
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }
}
