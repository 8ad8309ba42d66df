//! The event that a function gets: payload format 2.0.
//!
//! Source: API Gateway Developer Guide, "Working with AWS Lambda proxy integrations for HTTP APIs". What a request does not have is left out, as there.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::route::Found;
use crate::oauth::decoded;
use crate::stand_in::StandIn;
use crate::template::HttpApi;

/// Who asks: everybody is on this machine.
const SOURCE_IP: &str = "127.0.0.1";

/// A request that has found its route.
pub(super) struct Arrived<'a> {
    pub(super) api: &'a HttpApi,
    pub(super) found: Found<'a>,
    /// What follows the API's address.
    pub(super) path: &'a str,
    pub(super) request_id: &'a str,
}

pub(super) fn build(
    stand_in: &StandIn,
    arrived: &Arrived<'_>,
    parts: &Parts,
    body: &[u8],
    authorizer: Option<Value>,
) -> Value {
    let Arrived {
        api,
        found,
        path,
        request_id,
    } = arrived;
    let route_key = found.route.key();
    let query = parts.uri.query().unwrap_or_default();
    let user_agent = parts.headers.get(header::USER_AGENT);
    let user_agent = user_agent.and_then(|value| value.to_str().ok());
    let region = &stand_in.stack.region;
    let now = stand_in.clock.now();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(&parts.headers),
        "requestContext": {
            "accountId": stand_in.stack.account_id,
            "apiId": api.id,
            "domainName": format!("{}.execute-api.{region}.amazonaws.com", api.id),
            "domainPrefix": api.id,
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": user_agent.unwrap_or_default(),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": common_log_time(now),
            "timeEpoch": now * 1_000,
        },
        "isBase64Encoded": false,
    });
    if let Some(authorizer) = authorizer {
        event["requestContext"]["authorizer"] = authorizer;
    }
    let mut set = |name: &str, value: Value| event[name] = value;
    if !query.is_empty() {
        set("queryStringParameters", json!(query_parameters(query)));
    }
    if !found.variables.is_empty() {
        set("pathParameters", json!(found.variables));
    }
    if let Some(cookies) = cookies(&parts.headers) {
        set("cookies", cookies.into());
    }
    if !body.is_empty() {
        match std::str::from_utf8(body) {
            Ok(text) if is_text(&parts.headers) => set("body", text.into()),
            _ => {
                set("body", STANDARD.encode(body).into());
                set("isBase64Encoded", true.into());
            }
        }
    }
    event
}

/// In lower case, several of a name joined by commas, without the cookies.
fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let names = headers.keys().filter(|name| **name != header::COOKIE);
    let joined = names.map(|name| {
        let values = headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (name.as_str().to_owned(), values.join(",").into())
    });
    let of_the_api = [
        ("x-forwarded-for", SOURCE_IP),
        ("x-forwarded-port", "443"),
        ("x-forwarded-proto", "https"),
    ];
    let of_the_api = of_the_api.map(|(name, value)| (name.to_owned(), value.into()));
    joined.chain(of_the_api).collect()
}

fn cookies(headers: &HeaderMap) -> Option<Vec<String>> {
    let values = headers.get_all(header::COOKIE).iter();
    let cookies: Vec<String> = values
        .flat_map(|value| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let cookies = value.split(';').map(|cookie| cookie.trim().to_owned());
            cookies.collect::<Vec<_>>()
        })
        .collect();
    (!cookies.is_empty()).then_some(cookies)
}

/// Decoded, several of a name joined by commas.
fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text = |text| decoded(text).unwrap_or_else(|| text.to_owned());
        let value = text(value);
        parameters
            .entry(text(name))
            .and_modify(|before| *before = format!("{before},{value}"))
            .or_insert(value);
    }
    parameters
}

/// Whether the body goes to the function as it is. Everything else is encoded, forms included.
fn is_text(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media_type = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    let of_texts = [
        "application/json",
        "application/javascript",
        "application/xml",
    ];
    media_type.starts_with("text/")
        || of_texts.contains(&&*media_type)
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
}

/// Such as `12/Mar/2020:19:03:58 +0000`.
fn common_log_time(now: i64) -> String {
    let Ok(time) = OffsetDateTime::from_unix_timestamp(now) else {
        return String::new();
    };
    let (date, (hour, minute, second)) = (time.date(), time.to_hms());
    let month = &date.month().to_string()[..3];
    format!(
        "{:02}/{month}/{}:{hour:02}:{minute:02}:{second:02} +0000",
        date.day(),
        date.year()
    )
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn times_are_those_of_logs() {
        assert_eq!(common_log_time(1_584_039_838), "12/Mar/2020:19:03:58 +0000");
    }

    #[test]
    fn what_comes_twice_is_joined() {
        let query = query_parameters("a=1&b=%C3%BC+x&a=2&c&%zz=1");
        let expected = [("%zz", "1"), ("a", "1,2"), ("b", "ü x"), ("c", "")];
        assert_eq!(
            query,
            expected
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into()
        );
        let mut map = HeaderMap::new();
        for (name, value) in [
            ("x-a", "1"),
            ("x-a", "2"),
            ("cookie", "a=1; b=2"),
            ("cookie", "c=3"),
        ] {
            map.append(name, HeaderValue::from_static(value));
        }
        assert_eq!(headers(&map)["x-a"], "1,2");
        assert!(!headers(&map).contains_key("cookie"));
        let three = ["a=1", "b=2", "c=3"].map(str::to_owned);
        assert_eq!(cookies(&map), Some(three.into()));
        assert_eq!(cookies(&HeaderMap::new()), None);
    }

    #[test]
    fn only_texts_stay_as_they_are() {
        for (content_type, expected) in [
            ("application/json; charset=utf-8", true),
            ("Text/Plain", true),
            ("application/problem+json", true),
            ("application/x-www-form-urlencoded", false),
            ("image/png", false),
            ("", false),
        ] {
            let value = HeaderValue::from_static(content_type);
            let headers = [(header::CONTENT_TYPE, value)].into_iter().collect();
            assert_eq!(is_text(&headers), expected, "{content_type}");
        }
    }
}
