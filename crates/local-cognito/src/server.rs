//! One port for everything: operations by `X-Amz-Target`, and paths.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::admit_to_lambda;
use crate::oauth::Form;
use crate::s3::{self, S3};
use crate::stand_in::StandIn;
use crate::{http_api, oauth, operations, providers, stack_view, targets};

/// Everything that is served.
pub(crate) fn routes(stand_in: Arc<StandIn>, s3: S3) -> Router {
    let own = Router::new()
        .route("/", get(front).post(targets::call))
        .route("/{pool}/.well-known/jwks.json", get(jwks))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(openid_configuration),
        )
        .route(
            "/cognito-identity/.well-known/jwks_uri",
            get(jwks_of_identity_pools),
        )
        .route(
            "/cognito-identity/.well-known/openid-configuration",
            get(openid_configuration_of_identity_pools),
        )
        .route("/{pool}/oauth2/token", post(oauth::token_of_pool))
        .route("/oauth2/token", post(oauth::token_of_any_pool))
        .route("/confirmUser", get(confirm_user))
        .route("/stack", get(stack))
        .route("/outbox", get(outbox))
        .route("/calls", get(calls))
        .route("/decisions", get(decisions))
        .route("/clock", get(clock).post(set_clock))
        .merge(http_api::routes())
        .merge(providers::routes())
        .fallback(unknown_path)
        .with_state(stand_in.clone());
    let lambda = stand_in.functions.api();
    let lambda = lambda.layer(from_fn_with_state(stand_in.clone(), admit_to_lambda));
    let all = own.merge(stand_in.functions.routes()).merge(lambda);
    all.layer(from_fn_with_state(s3, s3::serve))
}

/// An answer in JSON.
pub(crate) fn json_of(value: &Value, content_type: &'static str) -> Response {
    let mut response = value.to_string().into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

async fn jwks(State(stand_in): State<Arc<StandIn>>, Path(pool): Path<String>) -> Response {
    match stand_in.pools.get(&pool) {
        Some(pool) => json_of(&pool.keys.jwks(), "application/json"),
        None => not_found(),
    }
}

async fn openid_configuration(
    State(stand_in): State<Arc<StandIn>>,
    Path(pool): Path<String>,
) -> Response {
    match stand_in.pools.get(&pool) {
        Some(_) => json_of(
            &stand_in.issuer.openid_configuration(&pool),
            "application/json",
        ),
        None => not_found(),
    }
}

async fn jwks_of_identity_pools(State(stand_in): State<Arc<StandIn>>) -> Response {
    json_of(&stand_in.open_id_key.jwks(), "application/json")
}

async fn openid_configuration_of_identity_pools(State(stand_in): State<Arc<StandIn>>) -> Response {
    let discovered = stand_in.issuer.openid_configuration_of_identity_pools();
    json_of(&discovered, "application/json")
}

/// The page that the link in a message leads to. AWS's has more words and is made of HTML; what it says first is the same.
async fn confirm_user(State(stand_in): State<Arc<StandIn>>, RawQuery(query): RawQuery) -> Response {
    let query = query.as_deref().and_then(Form::read);
    let [client_id, username, code] = ["client_id", "user_name", "confirmation_code"].map(|name| {
        query
            .as_ref()
            .and_then(|query| query.get(name))
            .unwrap_or_default()
    });
    match operations::confirm_by_link(&stand_in, client_id, username, code).await {
        Ok(()) => "Your registration has been confirmed!\n".into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}

async fn front(State(stand_in): State<Arc<StandIn>>) -> String {
    stack_view::text(&stand_in)
}

async fn stack(State(stand_in): State<Arc<StandIn>>) -> Response {
    json_of(&stack_view::json(&stand_in), "application/json")
}

async fn outbox(State(stand_in): State<Arc<StandIn>>) -> Response {
    json_of(&json!(stand_in.outbox.messages()), "application/json")
}

async fn calls(State(stand_in): State<Arc<StandIn>>) -> Response {
    json_of(&json!(stand_in.calls.all()), "application/json")
}

async fn decisions(State(stand_in): State<Arc<StandIn>>) -> Response {
    json_of(&json!(stand_in.decisions.all()), "application/json")
}

async fn clock(State(stand_in): State<Arc<StandIn>>) -> Response {
    let clock = &stand_in.clock;
    json_of(
        &json!({ "now": clock.now(), "stopped": clock.is_stopped() }),
        "application/json",
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetClock {
    #[serde(default)]
    advance_seconds: u32,
    stopped: Option<bool>,
}

async fn set_clock(State(stand_in): State<Arc<StandIn>>, body: String) -> Response {
    let Ok(set) = serde_json::from_str::<SetClock>(&body) else {
        let expected =
            "expected {\"advanceSeconds\": <number>} or {\"stopped\": <true or false>}\n";
        return (StatusCode::BAD_REQUEST, expected).into_response();
    };
    if let Some(stopped) = set.stopped {
        stand_in.clock.stop(stopped);
    }
    stand_in.clock.advance(set.advance_seconds);
    clock(State(stand_in)).await
}

async fn unknown_path() -> Response {
    not_found()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "nothing is served here\n").into_response()
}
