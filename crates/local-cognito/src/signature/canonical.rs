//! The one form of a request that both sides compute their signature of.

use axum::http::HeaderMap;
use axum::http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

/// Everything but letters, digits and these.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn canonical_request(
    request: &Parts,
    signed: &[&str],
    signed_headers: &str,
    body: &[u8],
) -> String {
    let method = request.method.as_str();
    let path = canonical_path(request.uri.path());
    let query = canonical_query(request.uri.query().unwrap_or_default());
    let headers: String = signed
        .iter()
        .map(|name| format!("{name}:{}\n", canonical_values(&request.headers, name)))
        .collect();
    let payload = hex(&Sha256::digest(body));
    format!("{method}\n{path}\n{query}\n{headers}\n{signed_headers}\n{payload}")
}

/// Without empty and dot segments, and encoded once more than it was sent. All services but S3 sign such a path.
fn canonical_path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop(),
            other => segments.push(other),
        }
    }
    let mut canonical = String::new();
    for segment in &segments {
        canonical.push('/');
        canonical += &encoded(segment.as_bytes());
    }
    let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    if is_folder || segments.is_empty() {
        canonical.push('/');
    }
    canonical
}

/// Names and values in the one way to encode them, in their order.
fn canonical_query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded(&decoded(name)), encoded(&decoded(value))))
        .collect();
    pairs.sort();
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

/// The values of a header, with commas between them and one blank for several.
fn canonical_values(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter().map(|value| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    });
    values.collect::<Vec<_>>().join(",")
}

fn encoded(bytes: &[u8]) -> String {
    percent_encode(bytes, ENCODED).to_string()
}

fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}
