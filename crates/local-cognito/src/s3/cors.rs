//! Browsers' questions about origins, which buckets answer by their rules.
//!
//! Source: Amazon S3 User Guide, "Using cross-origin resource sharing (CORS)".

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error;
use crate::template::{Bucket, CorsRule};

/// Where a page is from, and what it wants to do.
pub(super) struct Asked {
    origin: Option<HeaderValue>,
    method: String,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            origin: request.headers().get(header::ORIGIN).cloned(),
            method: request.method().as_str().to_owned(),
        }
    }
}

/// The answer to a preflight request.
pub(super) fn preflight(bucket: &Bucket, request: &Request) -> Option<Response> {
    let asked = request.headers();
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    let method = text(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    let origin = asked.get(header::ORIGIN)?;
    if request.method() != Method::OPTIONS {
        return None;
    }
    let wanted = text(header::ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let wanted: Vec<String> = wanted
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    let mut rules = bucket.cors_rules.iter();
    let rule = rules.find(|rule| rule.allows(origin, method) && rule.allows_headers(&wanted));
    let Some(rule) = rule else {
        let text = if bucket.cors_rules.is_empty() {
            "CORSResponse: CORS is not enabled for this bucket."
        } else {
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
        };
        return Some(error("AccessForbidden", text, StatusCode::FORBIDDEN));
    };
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    rule.say(origin, headers);
    list(
        headers,
        header::ACCESS_CONTROL_ALLOW_METHODS,
        &rule.allowed_methods,
    );
    list(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &wanted);
    if let Some(seconds) = rule.max_age {
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, seconds.into());
    }
    Some(response)
}

/// Lets the page read the answer, if a rule does.
pub(super) fn apply(bucket: &Bucket, asked: &Asked, response: &mut Response) {
    let Some(origin) = &asked.origin else {
        return;
    };
    let mut rules = bucket.cors_rules.iter();
    if let Some(rule) = rules.find(|rule| rule.allows(origin, &asked.method)) {
        rule.say(origin, response.headers_mut());
    }
}

impl CorsRule {
    fn allows(&self, origin: &HeaderValue, method: &str) -> bool {
        let origin = origin.to_str().unwrap_or_default();
        let mut origins = self.allowed_origins.iter();
        self.allowed_methods.iter().any(|allowed| allowed == method)
            && origins.any(|allowed| fits(allowed, origin))
    }

    fn allows_headers(&self, wanted: &[String]) -> bool {
        wanted.iter().all(|name| {
            let mut allowed = self.allowed_headers.iter();
            allowed.any(|allowed| fits(allowed, name))
        })
    }

    /// What both kinds of answers say.
    fn say(&self, origin: &HeaderValue, headers: &mut HeaderMap) {
        let everybody = self.allowed_origins.iter().any(|allowed| allowed == "*");
        if everybody {
            let star = HeaderValue::from_static("*");
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, star);
        } else {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let yes = HeaderValue::from_static("true");
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
        list(
            headers,
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            &self.exposed_headers,
        );
        let vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
        headers.insert(header::VARY, HeaderValue::from_static(vary));
    }
}

/// Whether a text is a pattern's, where one asterisk stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text
            .strip_prefix(before)
            .is_some_and(|rest| rest.ends_with(after)),
    }
}

fn list(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let Ok(value) = HeaderValue::from_str(&values.join(", "))
        && !values.is_empty()
    {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn bucket(rules: &[CorsRule]) -> Bucket {
        Bucket {
            logical_id: "B".to_owned(),
            name: "bucket".to_owned(),
            arn: "arn:aws:s3:::bucket".to_owned(),
            cors_rules: rules.to_vec(),
        }
    }

    fn rule(origin: &str) -> CorsRule {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        CorsRule {
            allowed_origins: texts(&[origin]),
            allowed_methods: texts(&["GET", "PUT"]),
            allowed_headers: texts(&["authorization", "x-amz-*"]),
            exposed_headers: texts(&["ETag"]),
            max_age: Some(600),
        }
    }

    fn asked(origin: &str, method: &str, headers: &str) -> Request {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri("/bucket/key")
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers);
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn a_page_of_an_allowed_origin_may_do_what_the_rule_says() {
        let bucket = bucket(&[rule("https://app.example.com")]);
        let headers = "authorization, X-Amz-Date";
        let app = "https://app.example.com";
        for (origin, method, headers, expected) in [
            (app, "PUT", headers, 200),
            (app, "DELETE", headers, 403),
            (app, "PUT", "x-other", 403),
            ("https://app.example.com.evil.example", "PUT", headers, 403),
            ("https://evil.example", "PUT", headers, 403),
        ] {
            let answer = preflight(&bucket, &asked(origin, method, headers)).unwrap();
            assert_eq!(answer.status(), expected, "{origin} {method} {headers}");
            let allowed = answer.headers().get("access-control-allow-origin");
            assert_eq!(allowed.is_some(), expected == 200, "{origin}");
        }
    }

    #[test]
    fn only_pages_of_allowed_origins_read_an_answer() {
        for (rules, origin, expected) in [
            (vec![], "https://app.example.com", None),
            (
                vec![rule("https://*.example.com")],
                "https://app.example.com",
                Some("https://app.example.com"),
            ),
            (
                vec![rule("https://*.example.com")],
                "https://app.example.org",
                None,
            ),
            (vec![rule("*")], "https://app.example.org", Some("*")),
        ] {
            let request = Request::builder()
                .uri("/bucket/key")
                .header("origin", origin);
            let request = request.body(Body::empty()).unwrap();
            let mut response = StatusCode::OK.into_response();
            apply(&bucket(&rules), &Asked::of(&request), &mut response);
            let said = response.headers().get("access-control-allow-origin");
            assert_eq!(said.map(|value| value.to_str().unwrap()), expected);
        }
    }
}
