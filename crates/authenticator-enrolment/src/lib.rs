//! Authenticator enrolment: a user's own authenticator app and recovery codes, made and removed.
//!
//! It runs behind the HTTP API of the template, for users who are signed in:
//!
//! | Route | What it does | Answer |
//! | --- | --- | --- |
//! | `GET /v1/authenticators` | says what is enrolled | `{"totp": {"since": "…"} or null, "recoveryCodes": {"left": 10, "madeAt": "…"} or null}` |
//! | `POST /v1/totp` | makes the secret of an app, which waits ten minutes | `{"secret": "…", "uri": "otpauth://…"}` |
//! | `POST /v1/totp/confirm` | with `{"code": "123456"}`, makes that secret the active one | 204 |
//! | `DELETE /v1/totp` | removes the app | 204 |
//! | `POST /v1/recovery-codes` | makes ten, in place of those that are left | `{"codes": ["…", …]}` |
//!
//! The API has checked the access token's signature, issuer, app client and time. Here its use is checked, and Cognito is asked whether its user
//! is still signed in, since no authorizer knows. Whatever changes something wants a sign-in that is not long ago; a refresh does not count as
//! one. A confirmation needs none of its own: the same session started it, minutes before.
//!
//! Refusals are problem details (RFC 9457) with codes that stay. It never sends anything, never says what others have enrolled, and logs
//! neither secrets nor codes.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

mod body;
mod caller;
mod config;
mod problem;
mod reply;
mod user_pool;

use authenticators::{Authenticators, Confirmation};
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use entrypoint::{Decided, Failure};

pub use config::Config;

use caller::Caller;
use problem::{NoAnswer, Problem};
use user_pool::UserPool;

/// What this function reaches.
pub struct Outside {
    authenticators: Authenticators,
    user_pool: UserPool,
}

impl Outside {
    /// The configured table, key and pool, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        kms: impl Into<aws_connection::OnFirstUse<aws_sdk_kms::Client>>,
        user_pools: impl Into<aws_connection::OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        config: &Config,
    ) -> Self {
        Self {
            authenticators: Authenticators::new(
                dynamodb,
                &config.authenticators_table,
                kms,
                &config.authenticators_key,
            ),
            user_pool: UserPool::new(user_pools),
        }
    }
}

/// Answers one request.
///
/// # Errors
///
/// [`Failure::Internal`] when the table, KMS or the user pool does not answer.
pub async fn handle(
    request: ApiGatewayV2httpRequest,
    config: &Config,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, Failure> {
    match answer(&request, config, outside).await {
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
    config: &Config,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let now = http_answers::received_at(&request.request_context)?;
    let route = Route::of(request).ok_or(Problem::NotFound)?;
    let caller = Caller::of(request, &config.user_pool_id)?;
    let account = outside.user_pool.account_of(&caller).await?;
    if route.wants_recent_sign_in() && !caller.signed_in_within(config.max_sign_in_age, now) {
        return Err(Problem::SignInTooOld(config.max_sign_in_age).into());
    }
    let authenticators = &outside.authenticators;
    let (owner, session) = (&caller.owner, &caller.session);
    Ok(match route {
        Route::List => {
            let enrolled = authenticators.enrolled(owner).await?;
            Decided::by("Listed", reply::enrolled(&enrolled))
        }
        Route::StartTotp => {
            let secret = authenticators.start_totp(owner, session, now).await?;
            let reply = reply::totp_secret(&secret, &config.app_name, &account);
            Decided::by("TotpStarted", reply)
        }
        Route::ConfirmTotp => {
            let code = body::code(request).ok_or(Problem::Malformed)?;
            let confirmed = authenticators.confirm_totp(owner, session, &code, now);
            match confirmed.await? {
                Confirmation::Confirmed => Decided::by("TotpConfirmed", http_answers::done()),
                Confirmation::WrongCode => return Err(Problem::WrongCode.into()),
                Confirmation::TooManyGuesses => return Err(Problem::TooManyGuesses.into()),
                Confirmation::NotStarted => return Err(Problem::NotStarted.into()),
            }
        }
        Route::RemoveTotp => {
            authenticators.remove_totp(owner).await?;
            Decided::by("TotpRemoved", http_answers::done())
        }
        Route::MakeRecoveryCodes => {
            let codes = authenticators.make_recovery_codes(owner, now).await?;
            let codes = codes.ok_or(Problem::MadeMeanwhile)?;
            Decided::by("RecoveryCodesMade", reply::recovery_codes(&codes))
        }
    })
}

/// What can be asked for.
#[derive(Debug, Clone, Copy)]
enum Route {
    List,
    StartTotp,
    ConfirmTotp,
    RemoveTotp,
    MakeRecoveryCodes,
}

impl Route {
    fn of(request: &ApiGatewayV2httpRequest) -> Option<Self> {
        match request.route_key.as_deref()? {
            "GET /v1/authenticators" => Some(Self::List),
            "POST /v1/totp" => Some(Self::StartTotp),
            "POST /v1/totp/confirm" => Some(Self::ConfirmTotp),
            "DELETE /v1/totp" => Some(Self::RemoveTotp),
            "POST /v1/recovery-codes" => Some(Self::MakeRecoveryCodes),
            _ => None,
        }
    }

    fn wants_recent_sign_in(self) -> bool {
        match self {
            Self::StartTotp | Self::RemoveTotp | Self::MakeRecoveryCodes => true,
            Self::List | Self::ConfirmTotp => false,
        }
    }
}
