use serde::Deserialize;
use serde_json::{Value, json};

use super::get_credentials_for_identity::check_guest;
use super::input;
use crate::identity_pool::identities::Shown;
use crate::identity_pool::logins::{self, Logins};
use crate::identity_pool::refused::Refused;
use crate::identity_pool::{IdentityPool, OpenIdToken};
use crate::stand_in::StandIn;

/// How long the token lives; nobody can choose (D).
const TOKEN_SECONDS: i64 = 600;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    identity_id: String,
    logins: Option<Logins>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Refused> {
    let pool = input::pool_of_identity(stand_in, &input.identity_id)?;
    check_classic_flow(&pool)?;
    let logins = input.logins.unwrap_or_default();
    let now = stand_in.clock.now();
    let (identity_id, amr) = if logins.is_empty() {
        check_guest(&pool, &input.identity_id)?;
        (input.identity_id, vec!["unauthenticated".to_owned()])
    } else {
        let proven = logins::verify(stand_in, &pool.config, &logins).await?;
        let shown = Shown {
            logins: &logins::of(&proven),
            identity_id: Some(&input.identity_id),
            developer_provider: pool.config.developer_provider_name.as_deref(),
        };
        let region = &stand_in.stack.region;
        let id = pool.identities().resolve(&shown, region, now)?;
        (id, logins::amr(&proven))
    };
    let token = OpenIdToken {
        issuer: stand_in.issuer.of_identity_pools(),
        identity_id: identity_id.clone(),
        identity_pool_id: pool.config.id.clone(),
        identity_pool_arn: pool.config.arn.clone(),
        amr,
        principal_tags: Default::default(),
        issued: now,
        expires: now + TOKEN_SECONDS,
    };
    let token = token.signed(&stand_in.open_id_key);
    Ok(json!({ "IdentityId": identity_id, "Token": token }))
}

/// A pool that chooses roles or tags has no flow in which the client does.
fn check_classic_flow(pool: &IdentityPool) -> Result<(), Refused> {
    let problem = if !pool.config.allow_classic_flow {
        "Basic (classic) flow is not enabled, please use enhanced flow." // W
    } else if !pool.config.role_mappings.is_empty() {
        "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow." // W
    } else if !pool.config.principal_tags.is_empty() {
        "Basic (classic) flow is not supported with PrincipalTags, please use enhanced flow." // ours
    } else {
        return Ok(());
    };
    Err(Refused::InvalidParameter(problem.to_owned()))
}
