//! What the tests of roles and tags share.

use serde_json::Value;

use super::*;

/// A pool with nothing but a name.
pub(in crate::identity_pool) fn pool() -> IdentityPool {
    IdentityPool {
        logical_id: "IdentityPool".to_owned(),
        id: "us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33".to_owned(),
        arn: String::new(),
        name: "pool".to_owned(),
        allow_unauthenticated_identities: false,
        allow_classic_flow: false,
        developer_provider_name: None,
        cognito_identity_providers: Vec::new(),
        open_id_connect_provider_arns: Vec::new(),
        tags: BTreeMap::new(),
        roles: crate::template::Roles::default(),
        role_mappings: BTreeMap::new(),
        principal_tags: BTreeMap::new(),
        of_template: true,
    }
}

/// A login with these claims, of a user pool's app client by the name that mappings have for it.
pub(in crate::identity_pool) fn proven(mapping_key: &str, claims: Value) -> Proven {
    let provider = mapping_key
        .rsplit_once(':')
        .map_or(mapping_key, |(provider, _)| provider);
    Proven {
        login: Login::new(provider, "s-1"),
        amr: [provider.to_owned(), format!("{provider}:CognitoSignIn:s-1")],
        mapping_key: Some(mapping_key.to_owned()),
        claims: claims.as_object().unwrap().clone(),
    }
}
