use serde_json::{Value, json};

/// Which issuer the tokens bear. Some verifiers want the address that they fetch keys from, some want AWS's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum IssuerStyle {
    /// `http://127.0.0.1:<port>/<pool id>`
    #[default]
    Local,
    /// `https://cognito-idp.<region>.amazonaws.com/<pool id>`
    Aws,
}

/// Where discovery and the keys of the identity pools' tokens are served.
pub(crate) const IDENTITY_POOLS: &str = "/cognito-identity";

/// Names the issuer of a pool's tokens.
pub(crate) struct Issuer {
    style: IssuerStyle,
    endpoint: String,
    region: String,
}

impl Issuer {
    pub(crate) fn new(style: IssuerStyle, endpoint: String, region: String) -> Self {
        Self {
            style,
            endpoint,
            region,
        }
    }

    /// Where the stand-in is reached, without a slash at the end.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// `iss` of the pool's tokens.
    pub(crate) fn of_pool(&self, pool_id: &str) -> String {
        match self.style {
            IssuerStyle::Local => format!("{}/{pool_id}", self.endpoint),
            IssuerStyle::Aws => format!(
                "https://cognito-idp.{}.amazonaws.com/{pool_id}",
                self.region
            ),
        }
    }

    /// `iss` of the identity pools' tokens.
    pub(crate) fn of_identity_pools(&self) -> String {
        match self.style {
            IssuerStyle::Local => format!("{}{IDENTITY_POOLS}", self.endpoint),
            IssuerStyle::Aws => "https://cognito-identity.amazonaws.com".to_owned(),
        }
    }

    /// OpenID Connect discovery for the identity pools' tokens.
    pub(crate) fn openid_configuration_of_identity_pools(&self) -> Value {
        json!({
            "id_token_signing_alg_values_supported": ["RS512"],
            "issuer": self.of_identity_pools(),
            "jwks_uri": format!("{}{IDENTITY_POOLS}/.well-known/jwks_uri", self.endpoint),
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
        })
    }

    /// OpenID Connect discovery. Keys and tokens are always fetched here, whatever the issuer is called.
    pub(crate) fn openid_configuration(&self, pool_id: &str) -> Value {
        json!({
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": self.of_pool(pool_id),
            "jwks_uri": format!("{}/{pool_id}/.well-known/jwks.json", self.endpoint),
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": format!("{}/{pool_id}/oauth2/token", self.endpoint),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_pools_issuer_is_local_or_as_aws_names_it() {
        for (style, expected) in [
            (IssuerStyle::Local, "http://127.0.0.1:9229/cognito-identity"),
            (IssuerStyle::Aws, "https://cognito-identity.amazonaws.com"),
        ] {
            let endpoint = "http://127.0.0.1:9229".to_owned();
            let issuer = Issuer::new(style, endpoint, "us-east-1".to_owned());
            assert_eq!(issuer.of_identity_pools(), expected);
            let discovered = issuer.openid_configuration_of_identity_pools();
            assert_eq!(discovered["issuer"], expected);
            assert_eq!(
                discovered["jwks_uri"],
                "http://127.0.0.1:9229/cognito-identity/.well-known/jwks_uri"
            );
        }
    }

    #[test]
    fn the_issuer_is_local_or_as_aws_names_it() {
        let issuer = |style| {
            Issuer::new(
                style,
                "http://127.0.0.1:9229".to_owned(),
                "us-east-1".to_owned(),
            )
            .of_pool("us-east-1_Ab12Cd34E")
        };
        assert_eq!(
            issuer(IssuerStyle::Local),
            "http://127.0.0.1:9229/us-east-1_Ab12Cd34E"
        );
        assert_eq!(
            issuer(IssuerStyle::Aws),
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E"
        );
    }
}
