use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use broker_identities::Identifier;
use entrypoint::Decided;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::Outside;
use crate::body::{self, Named};
use crate::identity_pool::Known;
use crate::problem::{NoAnswer, Problem};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    source: Named,
    destination: Named,
    #[serde(default)]
    dry_run: bool,
}

/// An identity has so many logins at most, and merging refuses more.
const MOST_LOGINS: usize = 20;

/// Has two developer users have one identity, the destination's. What the source's identity has stored stays where it is.
pub(crate) async fn answer(
    request: &ApiGatewayV2httpRequest,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let Asked {
        source: Named(source),
        destination: Named(destination),
        dry_run,
    } = body::read(request)?;
    let of_source = account(outside, &source).await?;
    let of_destination = account(outside, &destination).await?;
    let is_one = of_source.identity_id == of_destination.identity_id;
    let logins = of_source.identifiers.len() + of_destination.identifiers.len();
    if !is_one && logins > MOST_LOGINS {
        return Err(Problem::NotMergeable.into());
    }
    let abandoned = (!is_one).then_some(&of_source.identity_id);
    let identity_id = match dry_run || is_one {
        true => of_destination.identity_id.clone(),
        false => outside.identity_pool.merge(&source, &destination).await?,
    };
    if !dry_run {
        // Also where the pool had merged them before: a request that was cut goes on here.
        let now = OffsetDateTime::from_unix_timestamp_nanos(
            i128::from(request.request_context.time_epoch) * 1_000_000,
        )?;
        let identities = &outside.identities;
        identities.note_identity(&source, &identity_id, now).await?;
    }
    let body = json!({
        "identityId": identity_id,
        "abandonedIdentityId": abandoned,
        "dryRun": dry_run,
    });
    let reason = if dry_run { "MergeTried" } else { "Merged" };
    Ok(Decided::by(reason, http_answers::json(&body)))
}

/// What the pool knows of an account.
async fn account(outside: &Outside, identifier: &Identifier) -> Result<Known, NoAnswer> {
    let record = outside.identities.find(identifier).await?;
    if record.is_some_and(|record| record.linked_to.is_some()) {
        return Err(Problem::NotAnAccount.into());
    }
    let known = outside.identity_pool.of_user(identifier).await?;
    Ok(known.ok_or(Problem::Unknown)?)
}
