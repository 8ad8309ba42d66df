use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use entrypoint::Decided;
use serde::Deserialize;

use crate::Outside;
use crate::body::{self, Named};
use crate::problem::{NoAnswer, Problem};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    identifier: Named,
}

/// Takes a linked login from its account, or its identity from an account, which gets another at the next sign-in.
pub(crate) async fn answer(
    request: &ApiGatewayV2httpRequest,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let Asked {
        identifier: Named(identifier),
    } = body::read(request)?;
    let (pool, identities) = (&outside.identity_pool, &outside.identities);
    let record = identities.find(&identifier).await?.unwrap_or_default();
    if let Some(account) = record.linked_to {
        identities.unlink(&identifier, &account).await?;
        return Ok(Decided::by("LoginUnlinked", http_answers::done()));
    }
    if !record.logins.is_empty() {
        return Err(Problem::HasLogins.into());
    }
    match pool.of_user(&identifier).await? {
        Some(known) => pool.unlink(&known.identity_id, &identifier).await?,
        None if record.identity_id.is_none() => return Err(Problem::Unknown.into()),
        // The pool was told before, by a request that was cut.
        None => {}
    }
    identities.forget_identity(&identifier).await?;
    Ok(Decided::by("IdentityUnlinked", http_answers::done()))
}
