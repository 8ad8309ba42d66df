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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;

    /// A provider on this machine that gives each path an answer; `None` is silence.
    fn provider(answer: impl Fn(&str, &str) -> Option<String> + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let own_url = url.clone();
        // It ends with this program.
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut request = [0; 4_096];
                let length = connection.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                match answer(&own_url, path) {
                    Some(text) => drop(connection.write_all(text.as_bytes())),
                    None => silent.push(connection),
                }
            }
        });
        url
    }

    fn ok(body: &str) -> Option<String> {
        let length = body.len();
        Some(format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    fn discovery(issuer: &str, keys: &str) -> Option<String> {
        ok(&format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys}"}}"#))
    }

    #[tokio::test]
    async fn keys_are_where_discovery_says() {
        let url = provider(|url, path| match path {
            "/.well-known/openid-configuration" => discovery(url, &format!("{url}/keys")),
            "/keys" => ok(r#"{"keys":[{"kid":"1"}]}"#),
            _ => None,
        });
        assert_eq!(keys(&url).await, Ok(vec![serde_json::json!({"kid": "1"})]));
    }

    #[tokio::test]
    async fn a_provider_that_is_out_of_order_is_unreachable() {
        let redirected = "HTTP/1.1 302 Found\r\nLocation: /keys\r\nContent-Length: 0\r\n\r\n";
        type Answer = fn(&str, &str) -> Option<String>;
        let cases: [(&str, Answer); 4] = [
            ("another issuer", |url, _| {
                discovery("https://login.example.com", &format!("{url}/keys"))
            }),
            ("keys elsewhere", |url, _| {
                discovery(url, "http://login.example.com/keys")
            }),
            ("rubbish", |_, _| ok("<html>")),
            ("an error", |_, _| {
                Some("HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}".to_owned())
            }),
        ];
        for (name, answer) in cases {
            let url = provider(answer);
            assert_eq!(keys(&url).await, Err(NotVerified::Unreachable), "{name}");
        }
        let url = provider(move |url, path| match path {
            "/keys" => ok(r#"{"keys":[]}"#),
            "/moved" => Some(redirected.to_owned()),
            _ => discovery(url, &format!("{url}/moved")),
        });
        assert_eq!(
            keys(&url).await,
            Err(NotVerified::Unreachable),
            "a redirection"
        );
        let url = provider(|url, path| match path {
            "/keys" => ok(&format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(300_000))),
            _ => discovery(url, &format!("{url}/keys")),
        });
        assert_eq!(
            keys(&url).await,
            Err(NotVerified::Unreachable),
            "a long answer"
        );
    }

    #[tokio::test]
    async fn silence_is_given_up() {
        let url = provider(|_, _| None);
        let begun = Instant::now();
        assert_eq!(keys(&url).await, Err(NotVerified::Unreachable));
        assert!(begun.elapsed() < TIME_LIMIT, "{:?}", begun.elapsed());
    }
}
