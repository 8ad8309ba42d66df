//! Identity pools that clients make and change while the stand-in runs, and templates that describe none.

use aws_sdk_cognitoidentity::types::{
    AmbiguousRoleResolutionType, CognitoIdentityProvider, RoleMapping, RoleMappingType,
};
use tests::stand_in::StandIn;

use crate::identity_pool::{DEVELOPER, Pools, refusal, refused};
use crate::idp::template;

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_makes_its_own_pool_and_changes_it() {
    let pools = Pools::start();
    let provider = CognitoIdentityProvider::builder()
        .provider_name(pools.provider())
        .client_id(&pools.stand_in.web_client)
        .build();
    let made = pools.identity.create_identity_pool();
    let made = made
        .identity_pool_name("suite")
        .allow_unauthenticated_identities(true)
        .developer_provider_name("suite.example.org")
        .cognito_identity_providers(provider)
        .identity_pool_tags("suite", "own");
    let id = made.send().await.unwrap().identity_pool_id;
    let guest = pools.identity.get_id().identity_pool_id(&id).send().await;
    let guest = guest.unwrap().identity_id.unwrap();

    let update = || {
        let update = pools.identity.update_identity_pool();
        let update = update.identity_pool_id(&id).identity_pool_name("suite");
        update.allow_unauthenticated_identities(true)
    };
    let error = update().send().await.unwrap_err().into_service_error();
    assert!(
        error.is_invalid_parameter_exception(),
        "the provider's name is for life"
    );
    let changed = update().developer_provider_name("suite.example.org");
    let changed = changed.send().await.unwrap();
    assert!(
        changed.cognito_identity_providers().is_empty(),
        "what is not said is forgotten"
    );
    let described = pools.identity.describe_identity_pool();
    let described = described.identity_pool_id(&id).send().await.unwrap();
    assert_eq!(
        described.developer_provider_name(),
        Some("suite.example.org")
    );
    assert!(
        described
            .identity_pool_tags()
            .is_none_or(|tags| tags.is_empty())
    );

    let listed = pools.identity.list_identity_pools().max_results(60);
    assert_eq!(listed.send().await.unwrap().identity_pools().len(), 4);
    let deleted = pools.identity.delete_identity_pool();
    deleted.identity_pool_id(&id).send().await.unwrap();
    let gone = pools.identity.describe_identity().identity_id(&guest);
    let gone = gone.send().await.unwrap_err().into_service_error();
    assert_eq!(
        Err::<(), _>(refusal(&gone)),
        refused(
            "ResourceNotFound",
            &format!("Identity '{guest}' not found.")
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_set_for_providers_that_the_pool_has() {
    let pools = Pools::start();
    let pool = pools.pool("IdentityPool");
    let mapping = || {
        RoleMapping::builder()
            .r#type(RoleMappingType::Token)
            .ambiguous_role_resolution(AmbiguousRoleResolutionType::Deny)
            .build()
            .unwrap()
    };
    let set = |provider: String| {
        let set = pools.identity.set_identity_pool_roles();
        let set = set.identity_pool_id(&pool);
        let set = set.roles("authenticated", "arn:aws:iam::123456789012:role/ops");
        set.role_mappings(provider, mapping()).send()
    };
    let (provider, client) = (pools.provider(), &pools.stand_in.web_client);
    for wrong in [
        provider.clone(),
        format!("https://{provider}:{client}"),
        DEVELOPER.to_owned(),
    ] {
        let error = set(wrong.clone()).await.unwrap_err().into_service_error();
        let text = format!(
            "{wrong} is not a valid RoleMapping ProviderName or is not a configured provider."
        );
        assert_eq!(
            Err::<(), _>(refusal(&error)),
            refused("InvalidParameter", &text)
        );
    }
    let right = format!("{provider}:{client}");
    set(right.clone()).await.unwrap();
    let roles = pools.identity.get_identity_pool_roles();
    let roles = roles.identity_pool_id(&pool).send().await.unwrap();
    assert_eq!(roles.role_mappings().unwrap()[&right], mapping());
    assert_eq!(roles.roles().unwrap().len(), 1, "all of it is replaced");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_map_is_set_for_a_provider_that_the_pool_has() {
    let pools = Pools::start();
    let pool = pools.pool("IdentityPool");
    let set = |provider: String| {
        let set = pools.identity.set_principal_tag_attribute_map();
        let set = set.identity_pool_id(&pool).use_defaults(false);
        set.identity_provider_name(provider)
            .principal_tags("dept", "custom:dept")
            .send()
    };
    assert!(set("accounts.example.org".to_owned()).await.is_err());
    set(pools.provider()).await.unwrap();
    let get = pools.identity.get_principal_tag_attribute_map();
    let get = get.identity_pool_id(&pool);
    let map = get.identity_provider_name(pools.provider()).send().await;
    assert_eq!(
        map.unwrap().principal_tags().unwrap()["dept"],
        "custom:dept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pools_bear_tags() {
    let pools = Pools::start();
    let id = pools.pool("IdentityPool");
    let arn = format!("arn:aws:cognito-identity:us-east-1:123456789012:identitypool/{id}");
    let identity = &pools.identity;
    let tag = identity.tag_resource().resource_arn(&arn);
    tag.tags("team", "login").send().await.unwrap();
    let untag = identity.untag_resource().resource_arn(&arn);
    untag.tag_keys("suite").send().await.unwrap();
    let tags = identity.list_tags_for_resource().resource_arn(&arn);
    let tags = tags.send().await.unwrap().tags.unwrap();
    assert_eq!(tags, [("team".to_owned(), "login".to_owned())].into());
}

#[test]
fn what_is_not_played_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    let text = std::fs::read_to_string(template("identity-pool.yaml")).unwrap();
    let text = text.replace(
        "      IdentityPoolName: the usual one\n",
        "      SupportedLoginProviders: {graph.facebook.com: '1'}\n      SamlProviderARNs: [x]\n",
    );
    std::fs::write(&path, text).unwrap();
    let refused = StandIn::try_start(&["--template", path.to_str().unwrap()]);
    let problems = refused.err().unwrap();
    for property in ["SupportedLoginProviders", "SamlProviderARNs"] {
        let problem = format!(
            "Resources.IdentityPool.Properties.{property}: not understood by local-cognito"
        );
        assert!(problems.contains(&problem), "{problems}");
    }
}
