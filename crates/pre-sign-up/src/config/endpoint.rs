use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use email_address::Domain;

/// Where a CAPTCHA provider checks proofs: an `https` address of a named host, or a plain one on this machine's loopback, for tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    url: String,
    /// `None` on the loopback.
    host: Option<Domain>,
}

impl Endpoint {
    /// The whole address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Whether its host is one of these domains, or stands under one; the loopback may stand in for each.
    pub(crate) fn belongs_to(&self, domains: &[&str]) -> bool {
        let Some(host) = &self.host else {
            return true;
        };
        host.self_and_parents()
            .any(|domain| domains.contains(&domain))
    }
}

impl FromStr for Endpoint {
    type Err = NotAnEndpoint;

    /// Nothing is taken but scheme, host and path: a user, a port of another service, a query or a fragment have no use here.
    fn from_str(url: &str) -> Result<Self, NotAnEndpoint> {
        let (scheme, rest) = url.split_once("://").ok_or(NotAnEndpoint)?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
        if !path.bytes().all(is_plain) {
            return Err(NotAnEndpoint);
        }
        let host = match scheme {
            "https" if authority.is_ascii() => {
                Some(Domain::normalised(authority).ok_or(NotAnEndpoint)?)
            }
            "http" if is_loopback(authority) => None,
            _ => return Err(NotAnEndpoint),
        };
        Ok(Self {
            url: url.to_owned(),
            host,
        })
    }
}

fn is_loopback(authority: &str) -> bool {
    authority
        .parse()
        .is_ok_and(|address: SocketAddr| address.ip().is_loopback())
}

/// An address to which no proof may be sent.
#[derive(Debug)]
pub(crate) struct NotAnEndpoint;

impl fmt::Display for NotAnEndpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected https://<host>/<path>")
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn only_https_to_the_providers_own_hosts_or_the_loopback() {
        let domains = ["google.com", "recaptcha.net"];
        for (url, expected) in [
            (
                "https://www.google.com/recaptcha/api/siteverify",
                Some(true),
            ),
            (
                "https://www.recaptcha.net/recaptcha/api/siteverify",
                Some(true),
            ),
            ("http://127.0.0.1:8080/siteverify", Some(true)),
            ("http://[::1]:8080", Some(true)),
            ("https://www.google.com.evil.example/", Some(false)),
            ("https://badgoogle.com/", Some(false)),
            ("http://www.google.com/", None),
            ("http://169.254.169.254:80/latest", None),
            ("http://localhost:8080/", None),
            ("http://127.0.0.1.evil.example:80/", None),
            ("https://169.254.169.254/latest", None),
            ("https://www.google.com:8443/", None),
            ("https://user@www.google.com/", None),
            ("https://www.google.com/?secret=x", None),
            ("https://www.google.com/#x", None),
            ("https:///", None),
            ("file:///etc/passwd", None),
            ("www.google.com", None),
        ] {
            let endpoint: Option<Endpoint> = url.parse().ok();
            let belongs = endpoint.map(|endpoint| endpoint.belongs_to(&domains));
            assert_eq!(belongs, expected, "{url}");
        }
    }
}
