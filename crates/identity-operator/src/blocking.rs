use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use entrypoint::Decided;
use serde::Deserialize;

use crate::Outside;
use crate::body::{self, Named};
use crate::problem::NoAnswer;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    identifier: Named,
    blocked: bool,
}

/// Has nobody get anything by the identifier from now on, or ends that. Credentials that were given live on until they expire.
pub(crate) async fn answer(
    request: &ApiGatewayV2httpRequest,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let Asked {
        identifier: Named(identifier),
        blocked,
    } = body::read(request)?;
    outside.identities.set_blocked(&identifier, blocked).await?;
    let reason = if blocked { "Blocked" } else { "Unblocked" };
    Ok(Decided::by(reason, http_answers::done()))
}
