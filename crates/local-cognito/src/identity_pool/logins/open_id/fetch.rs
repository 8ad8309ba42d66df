//! A provider's keys, fetched by OpenID Connect Discovery.

use std::time::Duration;

use serde_json::Value;

use super::NotVerified;
use crate::template::is_reachable;

/// How long a provider has for both of its answers; less than a function waits for the stand-in.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// Many times what providers publish.
const LARGEST_ANSWER_BYTES: u64 = 256 * 1024;

/// The keys that the provider with this issuer publishes.
pub(super) async fn keys(issuer: &str) -> Result<Vec<Value>, NotVerified> {
    let issuer = issuer.to_owned();
    let fetched = tokio::task::spawn_blocking(move || {
        let discovered = get(&format!("{issuer}/.well-known/openid-configuration"))?;
        // Discovery, section 4.3.
        if discovered.get("issuer")?.as_str()? != issuer {
            return None;
        }
        let keys = get(discovered.get("jwks_uri")?.as_str()?)?;
        keys.get("keys")?.as_array().cloned()
    });
    let fetched = fetched.await.ok().flatten();
    fetched.ok_or(NotVerified::Unreachable)
}

/// A JSON document; `None` where there is none, or it is too slow or too large. Redirections are not followed.
fn get(url: &str) -> Option<Value> {
    if !is_reachable(url) {
        return None;
    }
    let mut config = ureq::Agent::config_builder()
        .timeout_global(Some(TIME_LIMIT / 2))
        .max_redirects(0);
    if url.starts_with("http://") {
        // Nobody else's machine can reach this one's loopback interface.
        config = config.proxy(None);
    }
    let agent = config.build().new_agent();
    let mut answer = agent.get(url).call().ok()?;
    let body = answer.body_mut().with_config().limit(LARGEST_ANSWER_BYTES);
    serde_json::from_slice(&body.read_to_vec().ok()?).ok()
}
