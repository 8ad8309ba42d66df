//! Define auth challenge: what comes next, by the session and the policy alone.

use aws_connection::OnFirstUse;
use cognito_events::define_auth_challenge::{Event, Response};
use cognito_events::{ChallengeName, is_id};
use entrypoint::{Decided, Failure, OutOfPatience, within_patience};
use sign_in_methods::{Method, SignIn, SignInMethods, SignInMethodsError};
use time::OffsetDateTime;

pub use crate::config::define_auth_challenge::Config;

use crate::policies::Policies;
use crate::session::{Over, Progress, progress};
use crate::user::User;

/// What this function reaches.
pub struct Outside {
    policies: Policies,
    sign_in_methods: SignInMethods,
}

impl Outside {
    /// The configured tables and the user pool that events come from, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        user_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        config: &Config,
    ) -> Self {
        let policies = Policies::new(
            dynamodb.clone(),
            user_pools,
            &config.policies_table,
            config.policy.as_ref(),
        );
        Self {
            policies,
            sign_in_methods: SignInMethods::new(dynamodb, &config.sign_in_methods_table),
        }
    }
}

/// Answers one event.
///
/// # Errors
///
/// [`Failure::Internal`] when there is no telling what the sign-in has to meet. That the passed methods cannot be remembered is logged
/// alone: then the tokens do not name them, and prove no more than those of any other sign-in.
pub async fn handle(
    event: Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let request = &event.request;
    let user = User::of(&event, &request.user_attributes, request.user_not_found);
    let client_id = event.caller_context.client_id.as_deref();
    let Some(client_id) = client_id.filter(|id| is_id(id)) else {
        return Ok(Decided::by("NoClient", failed()));
    };
    let policy = outside.policies.of(client_id, &user).await?;
    let Some(steps) = policy.steps else {
        return Ok(Decided::by("NoPolicy", failed()));
    };
    match progress(&request.session, &steps) {
        Progress::Password => Ok(Decided::by(
            "Password",
            next(ChallengeName::PasswordVerifier),
        )),
        Progress::Choice(_) => Ok(Decided::by("Choice", next(ChallengeName::CustomChallenge))),
        Progress::Challenge { .. } => Ok(Decided::by(
            "Challenge",
            next(ChallengeName::CustomChallenge),
        )),
        Progress::Over(Over::PasswordMissing) => Ok(Decided::by("PasswordMissing", failed())),
        Progress::Over(Over::ForeignResult) => Ok(Decided::by("ForeignResult", failed())),
        Progress::Over(Over::TooManyFailures) => Ok(Decided::by("TooManyFailures", failed())),
        // A policy has at least one step, so an empty session has passed none; it gets no tokens even if that changes.
        Progress::Passed(_) if request.session.is_empty() || !user.may_sign_in() => {
            Ok(Decided::by("UnusableUser", failed()))
        }
        Progress::Passed(methods) => {
            remember(&event, &methods, outside, now).await;
            Ok(Decided::by("Passed", passed()))
        }
    }
}

async fn remember(event: &Event, methods: &[Method], outside: &Outside, now: OffsetDateTime) {
    let request = &event.request;
    let client_id = event.caller_context.client_id.as_deref();
    let sign_in = SignIn::of(
        &request.user_attributes,
        client_id,
        &request.client_metadata,
    );
    let Some(sign_in) = sign_in else {
        return;
    };
    let remembered = async {
        let remembering = outside.sign_in_methods.remember(&sign_in, methods, now);
        Ok::<_, Unremembered>(remembering.await?)
    };
    if let Err(error) = within_patience(remembered).await {
        tracing::error!(
            sub = request.user_attributes.get("sub").filter(|sub| is_id(sub)),
            cause = entrypoint::with_causes(&error),
            "issuing tokens that will not name the methods"
        );
    }
}

/// Why the methods are forgotten.
#[derive(Debug, thiserror::Error)]
enum Unremembered {
    #[error(transparent)]
    Table(#[from] SignInMethodsError),
    #[error(transparent)]
    OutOfPatience(#[from] OutOfPatience),
}

fn next(challenge: ChallengeName) -> Response {
    Response {
        challenge_name: Some(challenge),
        issue_tokens: Some(false),
        fail_authentication: Some(false),
    }
}

fn failed() -> Response {
    Response {
        challenge_name: None,
        issue_tokens: Some(false),
        fail_authentication: Some(true),
    }
}

fn passed() -> Response {
    Response {
        challenge_name: None,
        issue_tokens: Some(true),
        fail_authentication: Some(false),
    }
}
