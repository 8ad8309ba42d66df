//! Who am I: the smallest function behind an HTTP API, which answers who calls. A beginning for an API of one's own.
//!
//! It runs behind the sample HTTP API of the template, with a route for each way in which API Gateway can know its caller:
//!
//! | Route | Asks for | Answer |
//! | --- | --- | --- |
//! | `GET /v1/token` | an access token of the user pool, which the API's JWT authorizer verifies | `{"by": "token", "subject": "…", "client": "…", "groups": ["…"]}` |
//! | `GET /v1/credentials` | a signature by credentials of the identity pool, whose role may call the route | `{"by": "credentials", "identity": "…", "signedIn": true, "provider": "…", "subject": "…"}` |
//!
//! What the API has verified is all that it looks at. It never reads the token or the signature itself, and what a request says of its caller
//! anywhere else counts for nothing.
//!
//! Sources: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html>

mod credentials;
mod problem;
mod token;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use entrypoint::{Decided, Failure};

use problem::Problem;

/// Answers one request.
///
/// # Errors
///
/// None: all that it answers is in the request.
pub async fn handle(
    request: ApiGatewayV2httpRequest,
) -> Result<Decided<ApiGatewayV2httpResponse>, Failure> {
    Ok(match answer(&request) {
        Ok(answer) => answer,
        Err(problem) => Decided::by(problem.name(), problem.response()),
    })
}

/// The answer to whatever went wrong: the request can be made again.
pub fn unavailable() -> ApiGatewayV2httpResponse {
    Problem::Unavailable.response()
}

fn answer(request: &ApiGatewayV2httpRequest) -> Result<Decided<ApiGatewayV2httpResponse>, Problem> {
    let authorizer = request.request_context.authorizer.as_ref();
    match request.route_key.as_deref() {
        Some("GET /v1/token") => {
            let verified = authorizer.and_then(|authorizer| authorizer.jwt.as_ref());
            let caller = verified.and_then(token::caller);
            let caller = caller.ok_or(Problem::NotSignedIn)?;
            Ok(Decided::by("Token", http_answers::json(&caller)))
        }
        Some("GET /v1/credentials") => {
            let verified = authorizer.and_then(|authorizer| authorizer.iam.as_ref());
            let caller = verified.and_then(credentials::caller);
            let caller = caller.ok_or(Problem::NoIdentity)?;
            Ok(Decided::by("Credentials", http_answers::json(&caller)))
        }
        _ => Err(Problem::NotFound),
    }
}
