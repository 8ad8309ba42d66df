//! The identity broker: AWS credentials and OpenID tokens of an identity pool, for users whom some other system has authenticated.
//!
//! It runs behind the HTTP API of the template, for clients that hold a proof of who their user is:
//!
//! | Route | What comes in | Answer |
//! | --- | --- | --- |
//! | `POST /v1/credentials` | `{"proof": …}` | `{"identityId", "credentials", "expiration"}`, of the role that the rules choose |
//! | `POST /v1/guest/credentials` | the same, signed by a guest's own credentials | the same; the guest's identity becomes the user's |
//! | `POST /v1/token` | `{"proof": …}` | `{"identityId", "token", "expiresIn"}`, if tokens are handed out at all |
//! | `POST /v1/link`, `POST /v1/unlink` | `{"account": …, "login": …}`, two proofs | 204 |
//! | `POST /v1/challenge` | nothing | `{"challenge", "expiresIn"}`, for a device key or as the nonce of an ID token |
//!
//! A proof is verified; what it proves is a login, and what the pool knows that by is derived here. No client ever names an identity, a login, a
//! role or a tag. Rules say which role somebody gets, and nobody gets anything without one. What counts once is used up by a conditional write,
//! after everything else that could refuse it. Refusals are problem details (RFC 9457) with codes that stay, and every proof that is none has
//! the same. The `openapi.yaml` of this crate is the whole contract; `docs/IDENTITY_BROKER.md` says how to use it.
//!
//! It cannot look identities up, merge or unlink them in the pool, and logs no proof, no token and no credential.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html>

mod audit;
mod challenge;
mod config;
mod guest;
mod http;
mod identity_pool;
mod issuer_keys;
mod jwk;
mod jws;
mod links;
mod outside;
mod passwords;
mod problem;
mod proof;
mod proofs;
mod replays;
mod reply;
mod rules;
mod secrets;
mod sign_in;
mod sts;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use entrypoint::{Decided, Failure};

pub use config::Config;
pub use outside::{Clients, Outside};

use audit::Audit;
use http::{Request, Route};
use problem::{NoAnswer, Problem};
use proof::Verifier;

/// Answers one request.
///
/// # Errors
///
/// [`Failure::Internal`] when a table, a service of AWS or an issuer does not answer.
pub async fn handle(
    request: ApiGatewayV2httpRequest,
    config: &Config,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, Failure> {
    let mut audit = Audit::default();
    let answer = answer(request, config, outside, &mut audit).await;
    audit.write(&answer);
    match answer {
        Ok(answer) => Ok(answer),
        Err(NoAnswer::Problem(problem)) => Ok(refused(problem)),
        Err(NoAnswer::Unproven(_)) => Ok(refused(Problem::NotProven)),
        Err(NoAnswer::Failure(failure)) => Err(failure),
    }
}

fn refused(problem: Problem) -> Decided<ApiGatewayV2httpResponse> {
    Decided::by(problem.name(), problem.response())
}

/// The answer to whatever went wrong: the request can be made again.
pub fn unavailable() -> ApiGatewayV2httpResponse {
    Problem::Unavailable.response()
}

async fn answer(
    request: ApiGatewayV2httpRequest,
    config: &Config,
    outside: &Outside,
    audit: &mut Audit,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let request = Request::of(request)?;
    audit.route(request.route);
    let key = outside.key.get().await?;
    let verifier = Verifier {
        config,
        outside,
        key: &key,
        request: &request,
    };
    match request.route {
        Route::Challenge => {
            let challenge = challenge::make(&key, request.now)?;
            let reply = reply::challenge(&challenge, challenge::VALID_FOR);
            Ok(Decided::by("Challenged", reply))
        }
        Route::Token | Route::Credentials | Route::GuestCredentials => {
            sign_in::answer(&verifier, audit).await
        }
        Route::Link | Route::Unlink => links::answer(&verifier, audit).await,
    }
}
