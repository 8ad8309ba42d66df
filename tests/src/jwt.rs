//! Looks into tokens, without checking them.

use serde_json::Value;

/// The claims of a token.
///
/// # Panics
///
/// When it is no token; a test should stop there.
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The header of a token.
///
/// # Panics
///
/// When it is no token; a test should stop there.
pub fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, index: usize) -> Value {
    let text = token
        .split('.')
        .nth(index)
        .expect("a token has three parts");
    let json = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text)
        .expect("a token is base64url");
    serde_json::from_slice(&json).expect("a token's header and claims are JSON")
}
