//! Browsers' questions about origins, which the API answers itself; it ignores what the function says about them.
//!
//! Source: API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway".

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::template::{Cors, HttpApi};

/// What the API says of origins, and no function does.
const OF_THE_API: [HeaderName; 6] = [
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_HEADERS,
    header::ACCESS_CONTROL_ALLOW_METHODS,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    header::ACCESS_CONTROL_MAX_AGE,
];

/// The answer to a preflight request, whatever route it asks about.
pub(super) fn preflight(api: &HttpApi, request: &Request) -> Option<Response> {
    let cors = api.cors.as_ref()?;
    let asked = request.headers();
    let is_preflight = request.method() == Method::OPTIONS
        && asked.contains_key(header::ORIGIN)
        && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !is_preflight {
        return None;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let origin = asked.get(header::ORIGIN);
    if let Some(origin) = origin.filter(|origin| cors.allows(origin)) {
        let headers = response.headers_mut();
        cors.allow(origin, headers);
        list(
            headers,
            header::ACCESS_CONTROL_ALLOW_METHODS,
            &cors.allow_methods,
        );
        list(
            headers,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            &cors.allow_headers,
        );
        if let Some(seconds) = cors.max_age {
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, seconds.into());
        }
    }
    Some(response)
}

/// Lays the API's own headers over those of a response.
pub(super) fn apply(api: &HttpApi, origin: Option<&HeaderValue>, response: &mut Response) {
    let Some(cors) = &api.cors else {
        return;
    };
    let headers = response.headers_mut();
    for name in OF_THE_API {
        headers.remove(name);
    }
    if let Some(origin) = origin.filter(|origin| cors.allows(origin)) {
        cors.allow(origin, headers);
        list(
            headers,
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            &cors.expose_headers,
        );
    }
}

fn list(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let Ok(value) = HeaderValue::from_str(&values.join(","))
        && !values.is_empty()
    {
        headers.insert(name, value);
    }
}

impl Cors {
    fn allows(&self, origin: &HeaderValue) -> bool {
        let mut allowed = self.allow_origins.iter();
        allowed.any(|allowed| allowed == "*" || allowed.as_bytes() == origin.as_bytes())
    }

    fn allow(&self, origin: &HeaderValue, headers: &mut HeaderMap) {
        let everybody = self.allow_origins.iter().any(|allowed| allowed == "*");
        let said = if everybody && !self.allow_credentials {
            HeaderValue::from_static("*")
        } else {
            origin.clone()
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, said);
        if self.allow_credentials {
            let yes = HeaderValue::from_static("true");
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
    }
}
