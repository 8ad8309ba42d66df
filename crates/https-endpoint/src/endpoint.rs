use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// Where something is asked: an `https` address of a named host, or a plain one on this machine's loopback, for tests.
///
/// A host has a name and a top-level domain of letters, so no address by number is one: neither link-local ones nor those of metadata
/// services, however they are written. What a name may resolve to is held when it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    /// `None` on the loopback.
    host: Option<String>,
}

impl Endpoint {
    /// The whole address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether its host is exactly one of these; the loopback may stand in for each.
    pub fn is_at_one_of(&self, hosts: &[String]) -> bool {
        match &self.host {
            None => true,
            Some(host) => hosts.iter().any(|other| other.eq_ignore_ascii_case(host)),
        }
    }
}

impl FromStr for Endpoint {
    type Err = NotAnEndpoint;

    /// Nothing is taken but scheme, host, port and path: a user, a query or a fragment have no use here.
    fn from_str(url: &str) -> Result<Self, NotAnEndpoint> {
        let (scheme, rest) = url.split_once("://").ok_or(NotAnEndpoint)?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
        if !path.bytes().all(is_plain) {
            return Err(NotAnEndpoint);
        }
        let host = match scheme {
            "https" => Some(host(authority).ok_or(NotAnEndpoint)?),
            "http" if is_loopback(authority) => None,
            _ => return Err(NotAnEndpoint),
        };
        Ok(Self {
            url: url.to_owned(),
            host,
        })
    }
}

fn host(authority: &str) -> Option<String> {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let labels: Vec<_> = host.split('.').collect();
    let top = labels.last()?;
    let is_name = labels.len() > 1
        && labels.iter().all(|label| is_label(label))
        && top.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !top.starts_with("0x");
    let is_inside = ["internal", "local", "localhost"]
        .iter()
        .any(|inside| top.eq_ignore_ascii_case(inside));
    (is_name && !is_inside && port.parse::<u16>().is_ok()).then(|| host.to_ascii_lowercase())
}

fn is_loopback(authority: &str) -> bool {
    authority
        .parse()
        .is_ok_and(|address: SocketAddr| address.ip().is_loopback())
}

/// An address that no function asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnEndpoint;

impl Error for NotAnEndpoint {}

impl fmt::Display for NotAnEndpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected https://<host>/<path>")
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn only_https_to_named_hosts_or_the_loopback() {
        for (url, expected) in [
            (
                "https://users.example.org/migrate",
                Some("users.example.org"),
            ),
            (
                "https://Users.Example.org:8443/v1/ask",
                Some("users.example.org"),
            ),
            ("http://127.0.0.1:8080/ask", Some("the loopback")),
            ("http://[::1]:8080", Some("the loopback")),
            ("http://users.example.org/", None),
            ("http://169.254.169.254:80/latest", None),
            ("https://169.254.169.254/latest", None),
            ("https://169.254.169.254./latest", None),
            ("https://0xa9fea9fe/latest", None),
            ("https://169.254.169.0xfe/latest", None),
            ("https://2852039166/latest", None),
            ("https://[fe80::1]/", None),
            ("https://[::ffff:169.254.169.254]/", None),
            ("https://metadata.google.internal/", None),
            ("https://instance-data.local/", None),
            ("https://localhost/", None),
            ("http://localhost:80/", None),
            ("http://127.0.0.1.evil.example:80/", None),
            ("https://user@users.example.org/", None),
            ("https://users.example.org:x/", None),
            ("https://users.example.org/?key=x", None),
            ("https://users.example.org/#x", None),
            ("https://", None),
            ("file:///etc/passwd", None),
            ("users.example.org", None),
        ] {
            let endpoint: Option<Endpoint> = url.parse().ok();
            let host = endpoint.map(|endpoint| endpoint.host.unwrap_or("the loopback".to_owned()));
            assert_eq!(host.as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn only_the_hosts_of_the_list() {
        let hosts = ["users.example.org".to_owned()];
        for (url, expected) in [
            ("https://users.example.org/", true),
            ("https://USERS.example.org/", true),
            ("https://example.org/", false),
            ("https://x.users.example.org/", false),
            ("https://users.example.org.evil.example/", false),
            ("http://127.0.0.1:80/", true),
        ] {
            let endpoint: Endpoint = url.parse().unwrap();
            assert_eq!(endpoint.is_at_one_of(&hosts), expected, "{url}");
            assert!(
                !endpoint.is_at_one_of(&[]) || url.starts_with("http:"),
                "{url}"
            );
        }
    }
}
