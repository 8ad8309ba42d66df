//! An OpenID provider that is nobody's here: the user pool of a second stand-in.

use serde_json::json;
use tests::stand_in::StandIn;
use tests::user::User;

/// The provider, and its one user.
pub(crate) struct Partner {
    stand_in: StandIn,
}

impl Partner {
    pub(crate) fn start() -> Self {
        let stand_in = StandIn::start(&[]);
        Self { stand_in }
    }

    /// What the broker is told about it.
    pub(crate) fn as_issuer(&self) -> String {
        let StandIn {
            endpoint,
            pool,
            web_client,
            ..
        } = &self.stand_in;
        let host = endpoint.trim_start_matches("http://");
        let issuer = json!([{
            "name": "partner", "issuer": format!("{endpoint}/{pool}"), "audiences": [web_client],
            "algorithms": ["RS256"], "hosts": [host],
        }]);
        format!("BrokerIssuers={issuer}")
    }

    /// What its user signs in with.
    pub(crate) async fn id_token(&self) -> Option<String> {
        let kim = User::new(&self.stand_in, "kim.berg@example.com");
        kim.sign_up(None).await.ok()?;
        kim.confirm().await.ok()?;
        let tokens = kim.sign_in().await.ok()?;
        Some(tokens.id_token()?.to_owned())
    }
}
