//! Every refusal of an identity pool that a client can meet, in AWS's words.

use serde_json::{Value, json};

use crate::identity_pool::{COGNITO, DEVELOPER, Pools, forged, refused};
use crate::idp;

fn invalid_token<T>(problem: &str) -> Result<T, (String, String)> {
    refused("NotAuthorized", &format!("Invalid login token. {problem}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_good_are_refused() {
    let pools = Pools::start();
    let provider = pools.provider();
    let tokens = pools.signed_in("ines", "WebClient");
    let (id_token, access_token) = (text(&tokens["IdToken"]), text(&tokens["AccessToken"]));
    let other = pools.sign_in("ines", "OtherClient");
    let (_, developers) = pools.developer_token("u-1").await;
    let unsupported = "Token is not from a supported provider of this identity pool.";
    let elsewhere = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Elsewhere";
    let with_scheme = format!("https://{provider}");
    let cases: [(&str, &str, String, Result<String, _>); 10] = [
        (
            "an access token",
            &provider,
            access_token,
            invalid_token("Missing a required claim: aud"),
        ),
        (
            "rubbish",
            &provider,
            "rubbish".to_owned(),
            invalid_token("Not a valid OpenId Connect identity token."),
        ),
        (
            "another signature",
            &provider,
            forged(&id_token),
            invalid_token("Couldn't verify signed token."),
        ),
        (
            "another pool",
            elsewhere,
            id_token.clone(),
            invalid_token("Issuer doesn't match providerName"),
        ),
        (
            "another client",
            &provider,
            text(&other["IdToken"]),
            refused("NotAuthorized", unsupported),
        ),
        (
            "a scheme",
            &with_scheme,
            id_token.clone(),
            refused("NotAuthorized", unsupported),
        ),
        (
            "Facebook",
            "graph.facebook.com",
            "token".to_owned(),
            refused("NotAuthorized", unsupported),
        ),
        (
            "Google",
            "accounts.google.com",
            id_token.clone(),
            refused("NotAuthorized", unsupported),
        ),
        (
            "a developer's token",
            COGNITO,
            developers,
            invalid_token("Can't pass in a Cognito token."),
        ),
        (
            "a developer's user",
            DEVELOPER,
            "u-1".to_owned(),
            refused("InvalidParameter", "Please provide a valid public provider"),
        ),
    ];
    for (name, provider, token, expected) in cases {
        let login = Some((provider, token.as_str()));
        assert_eq!(
            pools.get_id("IdentityPool", login).await,
            expected,
            "{name}"
        );
    }
    let login = Some((provider.as_str(), id_token.as_str()));
    assert!(pools.get_id("IdentityPool", login).await.is_ok());
    pools.stand_in.advance_clock(3_601);
    let (name, text) = pools.get_id("IdentityPool", login).await.unwrap_err();
    assert_eq!(name, "NotAuthorizedException");
    let times = text
        .strip_prefix("Invalid login token. Token expired: ")
        .unwrap();
    let (now, expired) = times.split_once(" >= ").unwrap();
    let times = [now, expired].map(|time| time.parse::<i64>().unwrap());
    assert!(times[0] >= times[1], "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_a_guest_where_there_are_none() {
    let pools = Pools::start();
    let no_guests = "Unauthenticated access is not supported for this identity pool.";
    assert_eq!(
        pools.get_id("ClassicPool", None).await,
        refused("NotAuthorized", no_guests)
    );
    let guest = pools.get_id("IdentityPool", None).await.unwrap();
    let update = pools.identity.update_identity_pool();
    let closed = update
        .identity_pool_id(pools.pool("IdentityPool"))
        .identity_pool_name("closed")
        .allow_unauthenticated_identities(false)
        .developer_provider_name(DEVELOPER);
    closed.send().await.unwrap();
    assert_eq!(
        pools.credentials(&guest, None).await.map(|_| ()),
        refused("NotAuthorized", no_guests)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_for_its_own_logins() {
    let pools = Pools::start();
    let provider = pools.provider();
    let (ines, odo) = (pools.id_token("ines"), pools.id_token("odo"));
    let ines_login = Some((provider.as_str(), ines.as_str()));
    let odo_login = Some((provider.as_str(), odo.as_str()));
    let id = pools.get_id("IdentityPool", ines_login).await.unwrap();
    let no_match = "Logins don't match. Please include at least one valid login for this identity or identity pool.";
    let mismatch = || refused("NotAuthorized", no_match);
    assert_eq!(
        pools.credentials(&id, odo_login).await.map(|_| ()),
        mismatch()
    );
    pools.get_id("IdentityPool", odo_login).await.unwrap();
    assert_eq!(
        pools.credentials(&id, odo_login).await.map(|_| ()),
        mismatch()
    );
    let (_, developers) = pools.developer_token("u-1").await;
    let developers = Some((COGNITO, developers.as_str()));
    assert_eq!(
        pools.credentials(&id, developers).await.map(|_| ()),
        mismatch()
    );
    let forbidden = format!("Access to Identity '{id}' is forbidden.");
    assert_eq!(
        pools.credentials(&id, None).await.map(|_| ()),
        refused("NotAuthorized", &forbidden)
    );
    let nobody = "us-east-1:00000000-0000-4000-8000-000000000000";
    assert_eq!(
        pools.credentials(nobody, ines_login).await.map(|_| ()),
        refused(
            "ResourceNotFound",
            &format!("Identity '{nobody}' not found.")
        )
    );
    let forged_token = forged(&pools.developer_token("u-2").await.1);
    assert_eq!(
        pools
            .credentials(&id, Some((COGNITO, &forged_token)))
            .await
            .map(|_| ()),
        invalid_token("Couldn't verify signed token.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_classic_flow_is_for_pools_that_have_it() {
    let pools = Pools::start();
    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    for (pool, expected) in [
        ("ClassicPool", None),
        (
            "IdentityPool",
            Some("Basic (classic) flow is not enabled, please use enhanced flow."),
        ),
        (
            "MappedPool",
            Some(
                "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.",
            ),
        ),
    ] {
        let id = pools.get_id(pool, login).await.unwrap();
        let call = pools.identity.get_open_id_token().identity_id(&id);
        let answer = call.logins(&provider, &token).send().await;
        match (answer, expected) {
            (Ok(answer), None) => assert_eq!(answer.identity_id, Some(id)),
            (Err(error), Some(text)) => {
                let refusal = crate::identity_pool::refusal(error.as_service_error().unwrap());
                assert_eq!(Err::<(), _>(refusal), refused("InvalidParameter", text));
            }
            (answer, _) => panic!("{pool}: {answer:?}"),
        }
    }
    // It has no roles either, which only the enhanced flow looks at.
    let id = pools.get_id("ClassicPool", login).await.unwrap();
    assert_eq!(
        pools.credentials(&id, login).await.map(|_| ()),
        refused("InvalidIdentityPoolConfiguration", WRONG_ROLES)
    );
}

const WRONG_ROLES: &str =
    "Invalid identity pool configuration. Check assigned IAM roles for this pool.";

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_does_not_trust_the_login_is_a_wrong_configuration() {
    let amr = format!("AuthenticatedAmr={DEVELOPER}");
    let pools = Pools::start_with(&["--parameter", &amr]);
    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    let id = pools.get_id("IdentityPool", login).await.unwrap();
    assert_eq!(
        pools.credentials(&id, login).await.map(|_| ()),
        refused("InvalidIdentityPoolConfiguration", WRONG_ROLES)
    );
    let (id, token) = pools.developer_token("u-1").await;
    assert!(
        pools
            .credentials(&id, Some((COGNITO, &token)))
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_asks_the_user_pool_refuses_who_has_signed_out() {
    let pools = Pools::start();
    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    assert!(pools.get_id("ClassicPool", login).await.is_ok());
    idp::admin(&pools.stand_in, "AdminUserGlobalSignOut", "ines", json!({})).unwrap();
    assert_eq!(
        pools.get_id("ClassicPool", login).await,
        refused("NotAuthorized", "Token is inactive")
    );
    assert!(pools.get_id("IdentityPool", login).await.is_ok());

    let token = pools.id_token("odo");
    idp::admin(&pools.stand_in, "AdminDeleteUser", "odo", json!({})).unwrap();
    assert_eq!(
        pools.get_id("ClassicPool", Some((&provider, &token))).await,
        refused("NotAuthorized", "Token is inactive")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_fails_where_a_test_wants_it() {
    let pools = Pools::start();
    let fail = |service: &str, fault: Option<&str>| pools.stand_in.fault(service, None, fault);
    for fault in ["TooManyRequestsException", "InternalErrorException"] {
        fail("cognito-identity", Some(fault));
        let (name, _) = pools.get_id("IdentityPool", None).await.unwrap_err();
        assert_eq!(name, fault);
    }
    fail("cognito-identity", None);
    let guest = pools.get_id("IdentityPool", None).await.unwrap();
    let (_, credentials) = pools.credentials(&guest, None).await.unwrap();
    fail("sts", Some("Throttling"));
    assert_eq!(
        pools.who(credentials.clone()).await,
        Err("Throttling".to_owned())
    );
    fail("sts", None);
    assert!(pools.who(credentials).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_credentials_is_refused_without_and_what_is_unknown_by_name() {
    let pools = Pools::start();
    let input = json!({"IdentityPoolId": pools.pool("IdentityPool"), "Logins": {DEVELOPER: "u-1"}});
    let unsigned = |operation: &str| send(&pools, operation, &input);
    let (name, text) = unsigned("GetOpenIdTokenForDeveloperIdentity");
    assert_eq!(name, "MissingAuthenticationTokenException");
    assert_eq!(text, "Missing Authentication Token");
    let (name, text) = unsigned("GetEverything");
    assert_eq!(name, "UnknownOperationException");
    assert_eq!(
        text,
        "local-cognito does not support the operation GetEverything"
    );
    let (name, text) = send(&pools, "GetId", &json!({}));
    assert_eq!(name, "ValidationException");
    assert_eq!(
        text,
        "1 validation error detected: Value null at 'identityPoolId' failed to satisfy constraint: Member must not be null"
    );
    let (name, text) = send(&pools, "GetId", &json!({"IdentityPoolId": "x"}));
    assert_eq!(name, "ValidationException");
    assert_eq!(
        text,
        "1 validation error detected: Value 'x' at 'identityPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+"
    );
    let elsewhere = "eu-west-1:00000000-0000-4000-8000-000000000000";
    let (name, text) = send(&pools, "GetId", &json!({"IdentityPoolId": elsewhere}));
    assert_eq!(name, "ResourceNotFoundException");
    assert_eq!(text, format!("IdentityPool '{elsewhere}' not found."));
    let many: Value = (0..11)
        .map(|n| (format!("login-{n}.example.org"), json!("t")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let (name, _) = send(
        &pools,
        "GetId",
        &json!({"IdentityPoolId": pools.pool("IdentityPool"), "Logins": many}),
    );
    assert_eq!(name, "ValidationException");
    let (name, _) = send(&pools, "GetId", &json!("rubbish"));
    assert_eq!(name, "SerializationException");
}

/// An unsigned call, with the form that AWS gives a refusal.
fn send(pools: &Pools, operation: &str, input: &Value) -> (String, String) {
    let request = ureq::post(&pools.stand_in.endpoint)
        .config()
        .http_status_as_error(false)
        .build()
        .header("content-type", "application/x-amz-json-1.1")
        .header(
            "x-amz-target",
            format!("AWSCognitoIdentityService.{operation}"),
        );
    let mut answer = request.send(input.to_string()).unwrap();
    let refused: Value = answer.body_mut().read_json().unwrap();
    assert_eq!(answer.status().as_u16(), 400, "{refused}");
    let name = text(&refused["__type"]);
    let headers = answer.headers();
    assert_eq!(headers["x-amzn-errortype"], format!("{name}:"));
    assert!(headers.contains_key("x-amzn-requestid"));
    (name, text(&refused["message"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
