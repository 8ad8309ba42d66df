//! Who may ask an identity pool what, by the policies of the template.

use aws_sdk_cognitoidentity::config::Credentials;
use aws_sdk_cognitoidentity::error::ProvideErrorMetadata;

use crate::identity_pool::{COGNITO, DEVELOPER, Pools};

/// The credentials of a developer's user, with a tag or without.
async fn credentials(pools: &Pools, tenant: Option<&str>) -> (String, Credentials) {
    let call = pools.identity.get_open_id_token_for_developer_identity();
    let mut call = call
        .identity_pool_id(pools.pool("IdentityPool"))
        .logins(DEVELOPER, "u-1");
    if let Some(tenant) = tenant {
        call = call.principal_tags("tenant", tenant);
    }
    let answer = call.send().await.unwrap();
    let (id, token) = (answer.identity_id.unwrap(), answer.token.unwrap());
    let given = pools.credentials(&id, Some((COGNITO, &token))).await;
    given.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_may_ask_what_its_policies_let_it() {
    let pools = Pools::start();
    let (id, credentials) = credentials(&pools, None).await;
    let identity = pools.identity_as(credentials);
    let describe = |pool: &str| {
        let describe = identity.describe_identity_pool();
        describe.identity_pool_id(pools.pool(pool)).send()
    };
    assert!(describe("IdentityPool").await.is_ok());
    let denied = describe("ClassicPool").await.unwrap_err();
    let denied = denied.into_service_error();
    assert_eq!(denied.code(), Some("AccessDeniedException"));
    let classic = pools.pool("ClassicPool");
    let text = format!(
        "User: arn:aws:sts::123456789012:assumed-role/authenticated/CognitoIdentityCredentials is not authorized to perform: \
         cognito-identity:DescribeIdentityPool on resource: arn:aws:cognito-identity:us-east-1:123456789012:identitypool/{classic} \
         because no identity-based policy allows the cognito-identity:DescribeIdentityPool action"
    );
    assert_eq!(denied.message(), Some(text.as_str()));

    let own = identity.describe_identity().identity_id(&id).send().await;
    assert!(own.is_ok(), "{own:?}");
    let other = pools.identity.get_open_id_token_for_developer_identity();
    let other = other
        .identity_pool_id(&classic)
        .logins("classic.example.org", "u-1");
    let other = other.send().await.unwrap().identity_id.unwrap();
    let other = identity.describe_identity().identity_id(other).send().await;
    let denied = other.unwrap_err().into_service_error();
    assert_eq!(denied.code(), Some("AccessDeniedException"));

    let token = identity.get_open_id_token_for_developer_identity();
    let token = token
        .identity_pool_id(pools.pool("IdentityPool"))
        .logins(DEVELOPER, "u-2");
    let denied = token.send().await.unwrap_err().into_service_error();
    assert_eq!(denied.code(), Some("AccessDeniedException"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_of_the_token_is_a_tag_of_the_session() {
    let pools = Pools::start();
    for (tenant, allowed) in [
        (None, false),
        (Some("suedwind"), false),
        (Some("nordwind"), true),
    ] {
        let (_, credentials) = credentials(&pools, tenant).await;
        let identity = pools.identity_as(credentials);
        let listed = identity.list_identity_pools().max_results(1).send().await;
        assert_eq!(listed.is_ok(), allowed, "{tenant:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_pool_a_role_that_they_may_not_pass() {
    let pools = Pools::start();
    let (_, credentials) = credentials(&pools, None).await;
    let identity = pools.identity_as(credentials);
    let set = identity.set_identity_pool_roles();
    let set = set.identity_pool_id(pools.pool("IdentityPool"));
    let role = "arn:aws:iam::123456789012:role/ops";
    let set = set.roles("authenticated", role).send().await;
    let denied = set.unwrap_err().into_service_error();
    assert_eq!(denied.code(), Some("AccessDeniedException"));
    let text = denied.message().unwrap();
    let what = format!("is not authorized to perform: iam:PassRole on resource: {role} ");
    assert!(text.contains(&what), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_s_call_needs_a_good_signature() {
    let pools = Pools::start();
    for (name, key, secret, expected) in [
        (
            "an unknown key",
            "AKIAUNKNOWN",
            "local",
            "UnrecognizedClientException",
        ),
        (
            "another secret",
            "local",
            "remote",
            "InvalidSignatureException",
        ),
    ] {
        let credentials = Credentials::new(key, secret, None, None, "journey");
        let identity = pools.identity_as(credentials);
        let call = identity.get_open_id_token_for_developer_identity();
        let call = call
            .identity_pool_id(pools.pool("IdentityPool"))
            .logins(DEVELOPER, "u-1");
        let refused = call.send().await.unwrap_err().into_service_error();
        assert_eq!(refused.code(), Some(expected), "{name}");
    }
}
