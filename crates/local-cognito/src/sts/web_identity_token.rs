//! The tokens that STS takes: the identity pools' own, and those of providers that the account trusts.

use super::refused::Refused;
use crate::identity_pool::open_id::{self, NotVerified};
use crate::identity_pool::{OpenIdToken, PROVIDER, principal_tags_of_token};
use crate::roles::WebIdentity;
use crate::stand_in::StandIn;

/// Whom a token is for, once it is verified.
pub(super) async fn verify(stand_in: &StandIn, token: &str) -> Result<WebIdentity, Refused> {
    let issuer = open_id::claimed_issuer(token).ok_or_else(|| {
        Refused::InvalidIdentityToken(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)".to_owned(),
        ) // W
    })?;
    if issuer == stand_in.issuer.of_identity_pools() {
        return of_identity_pool(stand_in, token);
    }
    let mut providers = stand_in.stack.open_id_connect_providers.iter();
    let provider = providers.find(|provider| provider.url == issuer);
    let provider = provider.ok_or_else(|| {
        Refused::InvalidIdentityToken(format!(
            "No OpenIDConnect provider found in your account for {issuer}"
        )) // W
    })?;
    let verified = open_id::verify(provider, token, stand_in.clock.now()).await;
    let verified = verified.map_err(|problem| match problem {
        NotVerified::OtherAudience | NotVerified::NoAudience => {
            Refused::InvalidIdentityToken("Incorrect token audience".to_owned()) // W
        }
        NotVerified::Expired { now, expired } => Refused::ExpiredToken { now, expired },
        NotVerified::Unreachable => Refused::IdpCommunication,
        NotVerified::Malformed
        | NotVerified::NotYet
        | NotVerified::OtherIssuer
        | NotVerified::BadSignature => not_validated(),
    })?;
    Ok(WebIdentity {
        principal: provider.arn.clone(),
        provider: provider.name().to_owned(),
        subject: verified.subject,
        audience: verified.audience,
        amr: Vec::new(),
        tags: principal_tags_of_token(&verified.claims),
    })
}

fn of_identity_pool(stand_in: &StandIn, token: &str) -> Result<WebIdentity, Refused> {
    let token = OpenIdToken::verified(token, &stand_in.open_id_key);
    let token = token.map_err(|_| not_validated())?;
    let now = stand_in.clock.now();
    if now >= token.expires {
        let expired = token.expires;
        return Err(Refused::ExpiredToken { now, expired });
    }
    Ok(WebIdentity {
        principal: PROVIDER.to_owned(),
        provider: PROVIDER.to_owned(),
        subject: token.identity_id,
        audience: token.identity_pool_id,
        amr: token.amr,
        tags: token.principal_tags,
    })
}

fn not_validated() -> Refused {
    Refused::InvalidIdentityToken(
        "Provided Token is not a valid JWT or its signature could not be validated".to_owned(), // ours
    )
}
