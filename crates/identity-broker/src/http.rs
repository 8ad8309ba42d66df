//! What API Gateway passes on of a request.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>, payload format 2.0.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;

use crate::problem::{NoAnswer, Problem};

/// Two tokens of the largest size, and what stands around them.
const MAX_BODY_BYTES: usize = 40 * 1_024;

/// A request, as far as the broker looks at it.
pub(crate) struct Request {
    pub(crate) route: Route,
    /// What a client signed of it: method and path, as it sent them.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    pub(crate) now: OffsetDateTime,
    headers: aws_lambda_events::http::HeaderMap,
    pub(crate) guest: Option<SignedGuest>,
}

/// Whose identity pool credentials signed the request, as API Gateway has verified.
pub(crate) struct SignedGuest {
    pub(crate) identity_id: String,
    pub(crate) identity_pool_id: String,
    pub(crate) amr: Vec<String>,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Token,
    Credentials,
    GuestCredentials,
    Link,
    Unlink,
    Challenge,
}

impl Route {
    fn of(key: &str) -> Option<Self> {
        match key {
            "POST /v1/token" => Some(Self::Token),
            "POST /v1/credentials" => Some(Self::Credentials),
            "POST /v1/guest/credentials" => Some(Self::GuestCredentials),
            "POST /v1/link" => Some(Self::Link),
            "POST /v1/unlink" => Some(Self::Unlink),
            "POST /v1/challenge" => Some(Self::Challenge),
            _ => None,
        }
    }
}

impl Request {
    pub(crate) fn of(event: ApiGatewayV2httpRequest) -> Result<Self, NoAnswer> {
        let context = event.request_context;
        let now = http_answers::received_at(&context)?;
        let route = event.route_key.as_deref().and_then(Route::of);
        let route = route.ok_or(Problem::NotFound)?;
        let body = event.body.unwrap_or_default();
        if body.len() > MAX_BODY_BYTES {
            return Err(Problem::TooLarge.into());
        }
        let body = match event.is_base64_encoded {
            true => STANDARD.decode(body).map_err(|_| Problem::Malformed)?,
            false => body.into_bytes(),
        };
        let iam = context.authorizer.and_then(|authorizer| authorizer.iam);
        let identity = iam.and_then(|iam| iam.cognito_identity);
        let guest = identity.and_then(|identity| {
            Some(SignedGuest {
                identity_id: identity.identity_id?,
                identity_pool_id: identity.identity_pool_id?,
                amr: identity.amr,
            })
        });
        Ok(Self {
            route,
            method: context.http.method.to_string(),
            path: event.raw_path.unwrap_or_default(),
            body,
            now,
            headers: event.headers,
            guest,
        })
    }

    /// The header of that name, if it is there once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        values.next().is_none().then_some(())?;
        value.to_str().ok()
    }
}
