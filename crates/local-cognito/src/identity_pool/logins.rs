//! What a client brings along: tokens of providers, each verified before anything is made of it. One that fails fails them all.

pub(crate) mod open_id;
#[cfg(test)]
pub(super) mod tests;
mod unverified;
mod user_pool;

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use self::open_id::NotVerified;
use super::PROVIDER;
use super::identities::Login;
use super::refused::{InvalidToken, Refused};
use crate::stand_in::StandIn;
use crate::template::IdentityPool;
use crate::tokens::Claims;

/// Tokens by the name of their provider, as they come.
pub(super) type Logins = BTreeMap<String, SecretString>;

/// The most logins of a request, and the most characters of one (D).
const MOST_LOGINS: usize = 10;
const LONGEST_LOGIN: usize = 50_000;

/// Who somebody is at a provider, which their token has proven. Its claims are user data, so nothing prints them.
pub(super) struct Proven {
    pub(super) login: Login,
    /// How `amr` tells it, after `authenticated`.
    pub(super) amr: [String; 2],
    /// What role mappings call the provider.
    pub(super) mapping_key: Option<String>,
    pub(super) claims: Claims,
}

/// `amr` of somebody with these logins.
pub(super) fn amr(proven: &[Proven]) -> Vec<String> {
    let methods = proven.iter().flat_map(|proven| proven.amr.iter().cloned());
    ["authenticated".to_owned()]
        .into_iter()
        .chain(methods)
        .collect()
}

/// The logins alone.
pub(super) fn of(proven: &[Proven]) -> Vec<Login> {
    proven.iter().map(|proven| proven.login.clone()).collect()
}

/// Verifies each login, all of them public: of providers that the pool has.
pub(super) async fn verify(
    stand_in: &StandIn,
    pool: &IdentityPool,
    logins: &Logins,
) -> Result<Vec<Proven>, Refused> {
    check(logins)?;
    let mut proven = Vec::new();
    for (provider, token) in logins {
        if provider == PROVIDER {
            return Err(InvalidToken::OfCognito.into());
        }
        if pool.developer_provider_name.as_ref() == Some(provider) {
            return Err(Refused::InvalidParameter(
                "Please provide a valid public provider".to_owned(),
            )); // W
        }
        let token = token.expose_secret();
        let own = user_pool::provider_name(stand_in, provider);
        proven.push(match own.starts_with("cognito-idp.") {
            true => user_pool::verify(stand_in, pool, &own, token)?,
            false => verify_open_id(stand_in, pool, provider, token).await?,
        });
    }
    Ok(proven)
}

/// Whether the map is within its bounds.
pub(super) fn check(logins: &Logins) -> Result<(), Refused> {
    if logins.len() > MOST_LOGINS {
        return Err(Refused::Validation(format!(
            "Value at 'logins' failed to satisfy constraint: Map value must have length less than or equal to {MOST_LOGINS}"
        )));
    }
    let too_long = |text: &SecretString| !(1..=LONGEST_LOGIN).contains(&text.expose_secret().len());
    if logins.values().any(too_long) {
        return Err(Refused::Validation(format!(
            "Value at 'logins' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to {LONGEST_LOGIN}, Member must have length greater than or equal to 1]"
        )));
    }
    Ok(())
}

async fn verify_open_id(
    stand_in: &StandIn,
    pool: &IdentityPool,
    provider: &str,
    token: &str,
) -> Result<Proven, Refused> {
    let mut trusted = stand_in.stack.open_id_connect_providers.iter();
    let trusted = trusted.find(|known| {
        known.name() == provider && pool.open_id_connect_provider_arns.contains(&known.arn)
    });
    let trusted = trusted.ok_or(Refused::UnsupportedProvider)?;
    let verified = open_id::verify(trusted, token, stand_in.clock.now()).await;
    let verified = verified.map_err(|problem| match problem {
        NotVerified::Malformed | NotVerified::NotYet => InvalidToken::Malformed.into(),
        NotVerified::NoAudience => InvalidToken::NoAudience.into(),
        NotVerified::OtherIssuer => InvalidToken::OtherIssuer.into(),
        NotVerified::OtherAudience => Refused::UnsupportedProvider,
        NotVerified::BadSignature => InvalidToken::BadSignature.into(),
        NotVerified::Expired { now, expired } => InvalidToken::Expired { now, expired }.into(),
        NotVerified::Unreachable => Refused::ExternalService(provider.to_owned()),
    })?;
    Ok(Proven {
        amr: [
            provider.to_owned(),
            format!("{}:OIDC:{}", trusted.arn, verified.subject),
        ],
        login: Login::new(provider, &verified.subject),
        mapping_key: Some(trusted.arn.clone()),
        claims: verified.claims,
    })
}
