//! `AWS::IAM::OIDCProvider`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Resource;
use crate::template::OpenIdConnectProvider;
use crate::template::identity_pool::without_scheme;
use crate::template::properties::Properties;
use crate::template::scope::References;

/// The most audiences of a provider (D, IAM quotas).
const MOST_CLIENT_IDS: usize = 100;

pub(super) fn read(
    resource: &Resource,
    properties: &mut Properties,
) -> (OpenIdConnectProvider, References) {
    // AWS pins certificates by them only where it does not know the authority.
    properties.ignore(&["Tags", "ThumbprintList"]);
    let settings = resource.settings;
    let url = properties.required_text("Url");
    if !url.is_empty() && !is_reachable(&url) {
        properties.place("Url").problem(
            "expected https, or http on the loopback interface, without a slash at the end",
        );
    }
    let client_ids = properties.texts("ClientIdList").unwrap_or_default();
    if client_ids.len() > MOST_CLIENT_IDS {
        properties
            .place("ClientIdList")
            .problem(format_args!("expected at most {MOST_CLIENT_IDS}"));
    }
    let arn = format!(
        "arn:{}:iam::{}:oidc-provider/{}",
        settings.partition(),
        settings.account_id,
        without_scheme(&url)
    );
    let references = References {
        reference: Some(arn.clone()),
        attributes: BTreeMap::from([("Arn", arn.clone())]),
    };
    let provider = OpenIdConnectProvider {
        arn,
        url,
        client_ids,
    };
    (provider, references)
}

/// AWS takes https alone. Here a test's own provider, which has no certificate, can stand on this machine.
pub(crate) fn is_reachable(url: &str) -> bool {
    if url.ends_with('/') {
        return false;
    }
    if let Some(rest) = url.strip_prefix("https://") {
        return !rest.is_empty();
    }
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host)
        .trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for (url, reachable) in [
            ("https://login.example.org", true),
            ("https://login.example.org/tenant", true),
            ("https://login.example.org/", false),
            ("https://", false),
            ("http://127.0.0.1:4455", true),
            ("http://[::1]:4455/issuer", true),
            ("http://localhost:4455", true),
            ("http://login.example.org", false),
            ("http://127.0.0.1.example.org", false),
            ("http://user@login.example.org:1", false),
            ("login.example.org", false),
        ] {
            assert_eq!(is_reachable(url), reachable, "{url}");
        }
    }
}
