use std::collections::BTreeMap;

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::input;
use crate::identity_pool::identities::{Login, Shown};
use crate::identity_pool::logins::{self, Logins};
use crate::identity_pool::refused::Refused;
use crate::identity_pool::{OpenIdToken, principal_tags};
use crate::stand_in::StandIn;

/// How long the token lives unless the request says otherwise, and the longest that it may, in seconds (D).
const DEFAULT_SECONDS: i64 = 900;
const LONGEST_SECONDS: i64 = 86_400;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    identity_pool_id: String,
    logins: Logins,
    identity_id: Option<String>,
    #[serde(default)]
    principal_tags: BTreeMap<String, String>,
    token_duration: Option<i64>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html>
pub(super) async fn run(stand_in: &StandIn, mut input: Input) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let seconds = input.token_duration.unwrap_or(DEFAULT_SECONDS);
    check_duration(seconds)?;
    check_tags(&input.principal_tags)?;
    logins::check(&input.logins)?;
    if let Some(id) = &input.identity_id {
        input::check_id(id, "identityId")?;
        if pool.identities().get(id).is_none() {
            return Err(Refused::no_such_identity(id));
        }
    }
    let provider = pool.config.developer_provider_name.as_deref();
    let provider = provider.ok_or_else(unsupported_provider)?;
    let user = input
        .logins
        .remove(provider)
        .ok_or_else(unsupported_provider)?;
    let user = user.expose_secret();
    input::check_length(user, "logins", 1, 1_024)?;
    let proven = logins::verify(stand_in, &pool.config, &input.logins).await?;
    let mut shown = vec![Login::new(provider, user)];
    shown.extend(logins::of(&proven));
    let shown = Shown {
        logins: &shown,
        identity_id: input.identity_id.as_deref(),
        developer_provider: Some(provider),
    };
    let now = stand_in.clock.now();
    let region = &stand_in.stack.region;
    let identity_id = pool.identities().resolve(&shown, region, now)?;
    let mut amr = logins::amr(&proven);
    amr.insert(1, provider.to_owned());
    amr.insert(2, format!("{provider}:{}:{user}", pool.config.id));
    let token = OpenIdToken {
        issuer: stand_in.issuer.of_identity_pools(),
        identity_id: identity_id.clone(),
        identity_pool_id: pool.config.id.clone(),
        identity_pool_arn: pool.config.arn.clone(),
        amr,
        principal_tags: input.principal_tags,
        issued: now,
        expires: now + seconds,
    };
    let token = token.signed(&stand_in.open_id_key);
    Ok(json!({ "IdentityId": identity_id, "Token": token }))
}

/// The type is not known (U).
fn unsupported_provider() -> Refused {
    Refused::InvalidParameter(
        "This identity pool does not support the specified developer provider".to_owned(), // W
    )
}

fn check_duration(seconds: i64) -> Result<(), Refused> {
    let bound = match seconds {
        ..1 => "greater than or equal to 1",
        1..=LONGEST_SECONDS => return Ok(()),
        _ => "less than or equal to 86400",
    };
    Err(Refused::Validation(format!(
        "Value '{seconds}' at 'tokenDuration' failed to satisfy constraint: Member must have value {bound}"
    )))
}

/// Values of at least one character here, whereas STS takes empty ones (D).
fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), Refused> {
    for value in tags.values() {
        input::check_length(value, "principalTags", 1, 256)?;
    }
    principal_tags::check(tags).map_err(Refused::InvalidParameter)
}
