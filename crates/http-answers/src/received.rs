use aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
use time::OffsetDateTime;

/// When the API took the request: the clock that also decided whether a token has expired.
///
/// # Errors
///
/// When the request does not say it, which none of API Gateway's does.
pub fn received_at(
    context: &ApiGatewayV2httpRequestContext,
) -> Result<OffsetDateTime, WithoutTime> {
    let milliseconds = context.time_epoch;
    OffsetDateTime::from_unix_timestamp(milliseconds / 1_000)
        .ok()
        .filter(|_| milliseconds > 0)
        .ok_or(WithoutTime)
}

/// API Gateway says of every request when it came.
#[derive(Debug, thiserror::Error)]
#[error("the request does not say when it came")]
pub struct WithoutTime;
