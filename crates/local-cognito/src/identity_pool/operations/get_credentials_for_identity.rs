use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input;
use crate::identity_pool::identities::Shown;
use crate::identity_pool::logins::{self, Logins};
use crate::identity_pool::refused::{InvalidToken, Refused};
use crate::identity_pool::{IdentityPool, OpenIdToken, PROVIDER, guests, principal_tags, roles};
use crate::roles::WebIdentity;
use crate::stand_in::StandIn;
use crate::tokens::TokenProblem;

/// How long the credentials live; nobody can choose (D).
const SESSION_SECONDS: u32 = 3_600;
/// What Cognito calls every session of the enhanced flow.
const SESSION_NAME: &str = "CognitoIdentityCredentials";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    identity_id: String,
    logins: Option<Logins>,
    custom_role_arn: Option<String>,
}

/// Who gets credentials, and of which role.
struct Granted {
    identity_id: String,
    role: String,
    amr: Vec<String>,
    tags: BTreeMap<String, String>,
    guest: bool,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Refused> {
    let pool = input::pool_of_identity(stand_in, &input.identity_id)?;
    let logins = input.logins.as_ref().filter(|logins| !logins.is_empty());
    let custom_role = input.custom_role_arn.as_deref();
    let granted = match logins {
        None => grant_guest(&pool, &input.identity_id, custom_role)?,
        Some(logins) => match logins.get(PROVIDER) {
            Some(token) if logins.len() == 1 => {
                grant_developers(stand_in, &pool, &input.identity_id, token, custom_role)?
            }
            _ => grant(stand_in, &pool, &input.identity_id, logins, custom_role).await?,
        },
    };
    let identity = WebIdentity {
        principal: PROVIDER.to_owned(),
        provider: PROVIDER.to_owned(),
        subject: granted.identity_id.clone(),
        audience: pool.config.id.clone(),
        amr: granted.amr,
        tags: granted.tags,
    };
    let narrowed = granted.guest.then(guests::session_policies);
    let assumed = stand_in.assume_role_with_web_identity(
        &granted.role,
        SESSION_NAME,
        &identity,
        SESSION_SECONDS,
        narrowed,
    );
    // Whatever STS has against the role, Cognito says no more than this.
    let assumed = assumed.map_err(|_| Refused::InvalidIdentityPoolConfiguration)?;
    let credentials = assumed.credentials;
    Ok(json!({
        "IdentityId": granted.identity_id,
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "SecretKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
            "Expiration": credentials.expiration,
        },
    }))
}

/// Without logins everybody may be a guest, and nobody somebody else.
fn grant_guest(
    pool: &IdentityPool,
    identity_id: &str,
    custom_role: Option<&str>,
) -> Result<Granted, Refused> {
    check_guest(pool, identity_id)?;
    if custom_role.is_some() {
        return Err(roles::denied());
    }
    Ok(Granted {
        identity_id: identity_id.to_owned(),
        role: roles::of_guests(&pool.config)?,
        amr: vec!["unauthenticated".to_owned()],
        tags: BTreeMap::new(),
        guest: true,
    })
}

/// Whether an identity is a guest's, and guests are let in.
pub(super) fn check_guest(pool: &IdentityPool, identity_id: &str) -> Result<(), Refused> {
    let guest = pool
        .identities()
        .get(identity_id)
        .is_some_and(|identity| !identity.authenticated && identity.merged_into.is_none());
    if !guest {
        return Err(Refused::Forbidden(identity_id.to_owned()));
    }
    if !pool.config.allow_unauthenticated_identities {
        return Err(Refused::NoGuests);
    }
    Ok(())
}

async fn grant(
    stand_in: &StandIn,
    pool: &IdentityPool,
    identity_id: &str,
    logins: &Logins,
    custom_role: Option<&str>,
) -> Result<Granted, Refused> {
    let proven = logins::verify(stand_in, &pool.config, logins).await?;
    let role = roles::of_logins(&pool.config, &proven, custom_role)?;
    let tags = principal_tags::of_logins(&pool.config, &proven)?;
    let shown = Shown {
        logins: &logins::of(&proven),
        identity_id: Some(identity_id),
        developer_provider: pool.config.developer_provider_name.as_deref(),
    };
    let now = stand_in.clock.now();
    let region = &stand_in.stack.region;
    let identity_id = pool.identities().resolve(&shown, region, now)?;
    Ok(Granted {
        identity_id,
        role,
        amr: logins::amr(&proven),
        tags,
        guest: false,
    })
}

/// The token that a developer's own server got for the identity says who it is.
fn grant_developers(
    stand_in: &StandIn,
    pool: &IdentityPool,
    identity_id: &str,
    token: &SecretString,
    custom_role: Option<&str>,
) -> Result<Granted, Refused> {
    let verified = OpenIdToken::verified(token.expose_secret(), &stand_in.open_id_key);
    let token = verified.map_err(|problem| match problem {
        TokenProblem::Malformed => InvalidToken::Malformed,
        TokenProblem::UnknownKey | TokenProblem::BadSignature => InvalidToken::BadSignature,
    })?;
    if token.issuer != stand_in.issuer.of_identity_pools() {
        return Err(InvalidToken::OtherIssuer.into());
    }
    let (now, expired) = (stand_in.clock.now(), token.expires);
    if now >= expired {
        return Err(InvalidToken::Expired { now, expired }.into());
    }
    let developers = pool.config.developer_provider_name.as_ref();
    let of_developer = developers.is_some_and(|name| token.amr.contains(name));
    let enabled = |id: &str| {
        let identities = pool.identities();
        identities
            .get(id)
            .is_some_and(|identity| identity.merged_into.is_none())
    };
    if token.identity_pool_id != pool.config.id || token.identity_id != identity_id || !of_developer
    {
        return Err(Refused::LoginsDoNotMatch);
    }
    if !enabled(identity_id) {
        return Err(Refused::Forbidden(identity_id.to_owned()));
    }
    if custom_role.is_some() {
        // AWS does not say what becomes of it.
        return Err(roles::denied());
    }
    Ok(Granted {
        identity_id: token.identity_id,
        role: roles::authenticated(&pool.config)?,
        amr: token.amr,
        tags: token.principal_tags,
        guest: false,
    })
}
