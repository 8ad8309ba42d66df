use std::collections::BTreeMap;
use std::fmt;

use cognito_events::pre_token_generation::{
    AccessTokenGeneration, GroupOverrideDetails, ResponseV1, ResponseV2,
};
use serde_json::{Value, json};

use super::{Claims, TokenClaims};
use crate::error::Error;
use crate::strictness::{Doubt, Strictness};

/// What the pre token generation trigger answered.
pub(crate) enum TokenChanges {
    /// There is no such trigger, or it left the tokens as they are.
    None,
    V1(ResponseV1),
    V2(ResponseV2<Value>),
}

impl TokenClaims {
    /// The claims as the trigger changed them.
    ///
    /// What the trigger may not touch stays as it was, and [`TokenClaims::judged`] tells of it.
    pub(crate) fn changed(mut self, changes: &TokenChanges) -> Self {
        match changes {
            TokenChanges::None => {}
            TokenChanges::V1(response) => self.change_by_v1(response),
            TokenChanges::V2(response) => self.change_by_v2(response),
        }
        self
    }

    /// The claims of a machine client's token as the trigger changed them: it has no groups, and no ID token stands beside it (D).
    pub(crate) fn changed_for_client(mut self, changes: &TokenChanges) -> Self {
        let TokenChanges::V2(response) = changes else {
            return self;
        };
        let Some(details) = &response.claims_and_scope_override_details else {
            return self;
        };
        if details.group_override_details.is_some() {
            self.ignored
                .push("a machine client has no groups".to_owned());
        }
        if details.id_token_generation.is_some() {
            self.ignored
                .push("a machine client gets no ID token".to_owned());
        }
        self.change_access(details.access_token_generation.as_ref());
        self
    }

    /// Whether the trigger's wishes that were not granted are to be borne.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidLambdaResponse`] where they are not.
    pub(crate) fn judged(&self, strictness: &Strictness) -> Result<(), Error> {
        self.ignored.iter().try_for_each(|ignored| {
            strictness.judge("PreTokenGeneration", Doubt::ForbiddenClaim, ignored)
        })
    }

    fn change_by_v1(&mut self, response: &ResponseV1) {
        let Some(details) = &response.claims_override_details else {
            return;
        };
        self.override_groups(details.group_override_details.as_ref());
        let add = details.claims_to_add_or_override.iter().flatten();
        let add = add
            .map(|(name, text)| (name.clone(), json!(text)))
            .collect();
        self.change(Token::Id, Some(&add), details.claims_to_suppress.as_deref());
    }

    fn change_by_v2(&mut self, response: &ResponseV2<Value>) {
        let Some(details) = &response.claims_and_scope_override_details else {
            return;
        };
        self.override_groups(details.group_override_details.as_ref());
        if let Some(id) = &details.id_token_generation {
            self.change(
                Token::Id,
                id.claims_to_add_or_override.as_ref(),
                id.claims_to_suppress.as_deref(),
            );
        }
        self.change_access(details.access_token_generation.as_ref());
    }

    fn change_access(&mut self, access: Option<&AccessTokenGeneration<Value>>) {
        let Some(access) = access else { return };
        self.change(
            Token::Access,
            access.claims_to_add_or_override.as_ref(),
            access.claims_to_suppress.as_deref(),
        );
        self.change_scopes(
            access.scopes_to_add.as_deref(),
            access.scopes_to_suppress.as_deref(),
        );
    }

    /// Replaces all groups and roles. What the object does not name is gone, so that an empty one removes everything.
    fn override_groups(&mut self, details: Option<&GroupOverrideDetails>) {
        let Some(details) = details else { return };
        self.set_groups(
            details.groups_to_override.as_deref().unwrap_or_default(),
            details.iam_roles_to_override.as_deref().unwrap_or_default(),
            details.preferred_role.as_deref(),
        );
    }

    /// Adds claims and then suppresses, since suppressing wins.
    fn change(
        &mut self,
        token: Token,
        add: Option<&BTreeMap<String, Value>>,
        suppress: Option<&[String]>,
    ) {
        let claims = match token {
            Token::Id => &mut self.id,
            Token::Access => &mut self.access,
        };
        for (name, value) in add.into_iter().flatten() {
            if may_set(token, name, value, claims) {
                claims.insert(name.clone(), value.clone());
            } else {
                self.ignored
                    .push(format!("{token}: `{name}` cannot be set to this value"));
            }
        }
        for name in suppress.into_iter().flatten() {
            if name == "cognito:groups" {
                // The roles go with the groups.
                claims.retain(|name, _| {
                    !["cognito:groups", "cognito:roles", "cognito:preferred_role"]
                        .contains(&name.as_str())
                });
            } else if may_suppress(token, name) {
                claims.remove(name);
            } else {
                self.ignored
                    .push(format!("{token}: `{name}` cannot be suppressed"));
            }
        }
    }

    fn change_scopes(&mut self, add: Option<&[String]>, suppress: Option<&[String]>) {
        let scope = self
            .access
            .get("scope")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut scopes: Vec<&str> = scope.split_whitespace().collect();
        for scope in add.into_iter().flatten() {
            if scope.is_empty() || scope.contains(char::is_whitespace) {
                self.ignored.push(format!(
                    "{}: a scope that is empty or has blanks cannot be added",
                    Token::Access
                ));
            } else if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        scopes.retain(|scope| {
            !suppress
                .into_iter()
                .flatten()
                .any(|suppressed| suppressed == scope)
        });
        let scope = json!(scopes.join(" "));
        self.access.insert("scope".to_owned(), scope);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Id,
    Access,
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Id => "ID token",
            Self::Access => "access token",
        })
    }
}

/// Claims that no trigger may touch in either token; nor any whose name begins with `cognito:`.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>, "Excluded claims"
const RESERVED: [&str; 15] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
];

/// Claims that no trigger may touch in an access token; `scope` changes only by its own lists.
const RESERVED_IN_ACCESS: [&str; 6] = [
    "client_id",
    "device_key",
    "event_id",
    "scope",
    "username",
    "version",
];

/// Claims of the ID token that cannot become objects or lists.
const SIMPLE: [&str; 4] = [
    "address",
    "email_verified",
    "phone_number_verified",
    "updated_at",
];

fn may_set(token: Token, name: &str, value: &Value, claims: &Claims) -> bool {
    // Text, numbers, booleans, lists and objects are claims; null is none.
    !is_reserved(name)
        && !name.starts_with("dev:")
        && !value.is_null()
        && match token {
            Token::Id => {
                name != "aud"
                    && !(SIMPLE.contains(&name) && (value.is_object() || value.is_array()))
            }
            // An audience may be added, but only the app client itself.
            Token::Access => {
                !RESERVED_IN_ACCESS.contains(&name)
                    && (name != "aud" || Some(value) == claims.get("client_id"))
            }
        }
}

fn may_suppress(token: Token, name: &str) -> bool {
    !is_reserved(name)
        && match token {
            Token::Id => name != "aud",
            Token::Access => !RESERVED_IN_ACCESS.contains(&name),
        }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || name.starts_with("cognito:")
}

#[cfg(test)]
mod tests;
