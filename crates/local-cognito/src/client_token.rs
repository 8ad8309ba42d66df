//! Access tokens for machine clients: for an app client itself, without a user.
//!
//! Source: Cognito Developer Guide, "Scopes, M2M, and resource servers"; the claims are those of a token that AWS issued (P).

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::tokens::TokenClaims;
use crate::triggers::{ClientTokenRequest, Metadata, pre_token_generation_for_client};
use crate::user_pool::UserPool;

/// A machine client's access token.
pub(crate) struct ClientToken {
    pub(crate) access_token: String,
    pub(crate) expires_in_seconds: u64,
}

/// Issues a token with these scopes, as the pre token generation trigger changes it.
pub(crate) async fn issue(
    stand_in: &StandIn,
    pool: &UserPool,
    client: &UserPoolClient,
    scopes: &[String],
    metadata: Option<&Metadata>,
) -> Result<ClientToken, Error> {
    let asked = ClientTokenRequest {
        client_id: &client.id,
        scopes,
        client_metadata: metadata,
    };
    let changes = pre_token_generation_for_client(stand_in, pool, &asked).await?;
    // While the trigger decided, the client may have been deleted.
    let still = stand_in.pools.get(&pool.config.id);
    let still = still.and_then(|pool| pool.client(&client.id));
    let client = still.ok_or_else(|| Error::no_such_client(&client.id))?;

    let issuer = stand_in.issuer.of_pool(&pool.config.id);
    let seconds = client.access_token_validity.as_secs();
    let claims = TokenClaims::of_client(
        issuer,
        &client.id,
        scopes,
        stand_in.clock.now(),
        i64::try_from(seconds).unwrap_or(i64::MAX),
    );
    let claims = claims.changed_for_client(&changes);
    claims.judged(&stand_in.strictness)?;
    Ok(ClientToken {
        access_token: pool.keys.sign_access(&claims.access),
        expires_in_seconds: seconds,
    })
}

/// The scopes that the client gets: those that it asks for, or all that it may have. `None` when it asks for others, or may have none.
pub(crate) fn granted_scopes(
    pool: &UserPool,
    client: &UserPoolClient,
    asked: &[String],
) -> Option<Vec<String>> {
    // A machine client has scopes of resource servers alone (D), and those that still are.
    let grantable = |scope: &&String| {
        scope.contains('/')
            && pool
                .config
                .unknown_scope(std::slice::from_ref(*scope))
                .is_none()
    };
    let allowed: Vec<String> = client
        .oauth_scopes
        .iter()
        .filter(grantable)
        .cloned()
        .collect();
    let granted = if asked.is_empty() {
        allowed
    } else if asked.iter().all(|scope| allowed.contains(scope)) {
        // Named twice, a scope is granted once.
        let named = asked.iter().enumerate();
        let first = named.filter(|(place, scope)| !asked[..*place].contains(scope));
        first.map(|(_, scope)| scope.clone()).collect()
    } else {
        return None;
    };
    (!granted.is_empty()).then_some(granted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tokens::TokenChanges;

    #[test]
    fn a_trigger_changes_the_access_token_alone() {
        let wishes = json!({ "claimsAndScopeOverrideDetails": {
            "idTokenGeneration": { "claimsToAddOrOverride": { "plan": "team" } },
            "groupOverrideDetails": { "groupsToOverride": ["admins"] },
            "accessTokenGeneration": {
                "claimsToAddOrOverride": { "tenant": "nordwind", "client_id": "another" },
                "scopesToAdd": ["ledger/post"],
                "scopesToSuppress": ["ledger/read"],
            },
        }});
        let changes = TokenChanges::V2(serde_json::from_value(wishes).unwrap());
        let scopes = ["ledger/read".to_owned()];
        let claims = TokenClaims::of_client("issuer".to_owned(), "machine", &scopes, 7, 60)
            .changed_for_client(&changes);
        assert!(claims.id.is_empty());
        let mut access = claims.access;
        assert!(access.remove("jti").is_some());
        let expected = json!({
            "sub": "machine", "client_id": "machine", "token_use": "access", "scope": "ledger/post", "version": 2,
            "iss": "issuer", "auth_time": 7, "iat": 7, "exp": 67, "tenant": "nordwind",
        });
        assert_eq!(json!(access), expected);
        // The groups, the ID token, and the claim that is Cognito's.
        assert_eq!(claims.ignored.len(), 3);
    }
}
