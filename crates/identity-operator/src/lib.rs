//! The identity operator: developer-authenticated identities looked up, merged, unlinked and blocked, by those who run the pool.
//!
//! It runs behind an HTTP API of its own, whose routes want signed requests of somebody whom IAM allows to call them:
//!
//! | Route | What comes in | Answer |
//! | --- | --- | --- |
//! | `POST /v1/lookup` | `{"identifier"}` or `{"identityId"}` | the identity, and what the pool and the table know of it |
//! | `POST /v1/merge` | `{"source", "destination", "dryRun"}`, two identifiers | the identity that both have then, and what stays behind |
//! | `POST /v1/unlink` | `{"identifier"}` | 204; a linked login stands for nobody, an account's identity is reached by nobody |
//! | `POST /v1/block` | `{"identifier", "blocked"}` | 204 |
//!
//! The broker cannot do any of this, and this function can ask for no token. It refuses identity pool credentials, whatever their role allows:
//! no user is an operator of this pool. Merging moves no data, and is not undone by unlinking.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html>

mod blocking;
mod body;
mod config;
mod identity_pool;
mod lookup;
mod merging;
mod operator;
mod problem;
mod unlinking;

use aws_connection::OnFirstUse;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use broker_identities::{Identities, KeyStore};
use entrypoint::{Decided, Failure};

pub use config::Config;

use identity_pool::IdentityPool;
use operator::Operator;
use problem::{NoAnswer, Problem};

/// What this function reaches.
pub struct Outside {
    identity_pool: IdentityPool,
    identities: Identities,
    key: KeyStore,
}

impl Outside {
    /// The configured pool, table and key, through these clients.
    pub fn new(
        identity_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentity::Client>>,
        dynamodb: aws_sdk_dynamodb::Client,
        kms: impl Into<OnFirstUse<aws_sdk_kms::Client>>,
        config: &Config,
    ) -> Self {
        Self {
            identity_pool: IdentityPool::new(
                identity_pools,
                &config.identity_pool_id,
                &config.developer_provider_name,
            ),
            identities: Identities::new(dynamodb, &config.identities_table),
            key: KeyStore::new(kms, &config.broker_key),
        }
    }
}

/// Answers one request.
///
/// # Errors
///
/// [`Failure::Internal`] when the table, KMS or the identity pool does not answer.
pub async fn handle(
    request: ApiGatewayV2httpRequest,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, Failure> {
    let operator = Operator::of(&request);
    let answer = match &operator {
        Some(_) => answer(&request, outside).await,
        None => Err(Problem::NotAnOperator.into()),
    };
    audit(operator.as_ref(), &answer);
    match answer {
        Ok(answer) => Ok(answer),
        Err(NoAnswer::Problem(problem)) => Ok(Decided::by(problem.name(), problem.response())),
        Err(NoAnswer::Failure(failure)) => Err(failure),
    }
}

/// The answer to whatever went wrong: the request can be made again.
pub fn unavailable() -> ApiGatewayV2httpResponse {
    Problem::Unavailable.response()
}

async fn answer(
    request: &ApiGatewayV2httpRequest,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    match request.route_key.as_deref() {
        Some("POST /v1/lookup") => lookup::answer(request, outside).await,
        Some("POST /v1/merge") => merging::answer(request, outside).await,
        Some("POST /v1/unlink") => unlinking::answer(request, outside).await,
        Some("POST /v1/block") => blocking::answer(request, outside).await,
        _ => Err(Problem::NotFound.into()),
    }
}

/// Who did what. The edge's own target, since nothing else of this level is written.
fn audit<T>(operator: Option<&Operator>, answer: &Result<Decided<T>, NoAnswer>) {
    let outcome = match answer {
        Ok(decided) => decided.reason,
        Err(NoAnswer::Problem(problem)) => problem.name(),
        Err(NoAnswer::Failure(_)) => "failed",
    };
    tracing::info!(
        target: "entrypoint::audit",
        operator = operator.map(Operator::arn),
        outcome,
        "answered an operator"
    );
}
