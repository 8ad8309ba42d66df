//! Roles for those whom an identity provider vouches for, and who somebody is.

use serde_json::Value;

use crate::identity_pool::{COGNITO, Pools};

/// The form of a call by the query protocol, which is not signed.
fn call(pools: &Pools, members: &[(&str, &str)]) -> (u16, String) {
    let fields = [("Version", "2011-06-15")];
    let fields = fields.iter().chain(members);
    let request = ureq::post(&pools.stand_in.endpoint)
        .config()
        .http_status_as_error(false)
        .build();
    let mut answer = request.send_form(fields.copied()).unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), body)
}

/// The text of an element.
fn element<'x>(xml: &'x str, name: &str) -> &'x str {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

/// The classic flow's token of a new user.
async fn classic_token(pools: &Pools) -> String {
    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    let id = pools.get_id("ClassicPool", login).await.unwrap();
    let call = pools.identity.get_open_id_token().identity_id(id);
    let answer = call.logins(provider, token).send().await.unwrap();
    answer.token.unwrap()
}

fn assume(pools: &Pools, role_name: &str, token: &str, more: &[(&str, &str)]) -> (u16, String) {
    let role = role(role_name);
    let members = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("RoleArn", &role),
        ("RoleSessionName", "journey"),
        ("WebIdentityToken", token),
    ];
    call(pools, &[&members, more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_classic_flow_gives_a_role_that_trusts_it() {
    let pools = Pools::start();
    let token = classic_token(&pools).await;
    let anonymous = pools.sts(aws_sdk_sts::config::Credentials::new(
        "local", "local", None, None, "none",
    ));
    let assumed = anonymous
        .assume_role_with_web_identity()
        .role_arn(role("classic"))
        .role_session_name("journey")
        .web_identity_token(&token)
        .duration_seconds(900)
        .send()
        .await
        .unwrap();
    assert_eq!(assumed.provider(), Some(COGNITO));
    assert_eq!(assumed.audience(), Some(pools.pool("ClassicPool").as_str()));
    let user = assumed.assumed_role_user().unwrap();
    let arn = "arn:aws:sts::123456789012:assumed-role/classic/journey";
    assert_eq!(user.arn(), arn);
    let given = assumed.credentials().unwrap();
    let credentials = aws_sdk_sts::config::Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        None,
        "classic",
    );
    assert_eq!(pools.who(credentials.clone()).await, Ok(arn.to_owned()));
    pools.stand_in.advance_clock(900);
    assert_eq!(pools.who(credentials).await, Err("ExpiredToken".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_name_and_status() {
    let pools = Pools::start();
    let token = classic_token(&pools).await;
    let forged = crate::identity_pool::forged(&token);
    let id_token = pools.sign_in("ines", "WebClient");
    let id_token = id_token["IdToken"].as_str().unwrap();
    let wide = format!(
        r#"{{"Version":"2012-10-17","Statement":{}}}"#,
        "x".repeat(2_100)
    );
    type Case<'c> = (&'c str, (u16, String), u16, &'c str);
    let cases: Vec<Case> = vec![
        (
            "another pool's role",
            assume(&pools, "authenticated", &token, &[]),
            403,
            "AccessDenied",
        ),
        (
            "no such role",
            assume(&pools, "nobody", &token, &[]),
            403,
            "AccessDenied",
        ),
        (
            "a forged token",
            assume(&pools, "classic", &forged, &[]),
            400,
            "InvalidIdentityToken",
        ),
        (
            "rubbish",
            assume(&pools, "classic", "rubbish", &[]),
            400,
            "InvalidIdentityToken",
        ),
        (
            "a user pool's token",
            assume(&pools, "classic", id_token, &[]),
            400,
            "InvalidIdentityToken",
        ),
        (
            "too short",
            assume(&pools, "classic", &token, &[("DurationSeconds", "899")]),
            400,
            "ValidationError",
        ),
        (
            "too long for the role",
            assume(&pools, "classic", &token, &[("DurationSeconds", "7201")]),
            400,
            "ValidationError",
        ),
        (
            "too long for any",
            assume(&pools, "classic", &token, &[("DurationSeconds", "43201")]),
            400,
            "ValidationError",
        ),
        (
            "a policy that is none",
            assume(&pools, "classic", &token, &[("Policy", "{")]),
            400,
            "MalformedPolicyDocument",
        ),
        (
            "too much policy",
            assume(&pools, "classic", &token, &[("Policy", &wide)]),
            400,
            "ValidationError",
        ),
        (
            "no token",
            call(&pools, &[("Action", "AssumeRoleWithWebIdentity")]),
            400,
            "ValidationError",
        ),
        (
            "no such action",
            call(&pools, &[("Action", "GetEverything")]),
            400,
            "InvalidAction",
        ),
        (
            "unsigned",
            call(&pools, &[("Action", "GetCallerIdentity")]),
            403,
            "MissingAuthenticationToken",
        ),
    ];
    for (name, (status, body), expected_status, expected) in cases {
        assert_eq!(
            (status, element(&body, "Code")),
            (expected_status, expected),
            "{name}: {body}"
        );
    }
    let (status, body) = assume(&pools, "classic", &token, &[("DurationSeconds", "7200")]);
    assert_eq!(status, 200, "{body}");
    pools.stand_in.advance_clock(600);
    let (status, body) = assume(&pools, "classic", &token, &[]);
    assert_eq!(
        (status, element(&body, "Code")),
        (400, "ExpiredTokenException")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_name_has_no_colon() {
    let pools = Pools::start();
    let token = classic_token(&pools).await;
    let role = role("classic");
    let (status, body) = call(
        &pools,
        &[
            ("Action", "AssumeRoleWithWebIdentity"),
            ("RoleArn", &role),
            ("RoleSessionName", "us-east-1:77aa"),
            ("WebIdentityToken", &token),
        ],
    );
    assert_eq!(status, 400);
    assert_eq!(
        element(&body, "Message"),
        "1 validation error detected: Value 'us-east-1:77aa' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_provider_gives_a_role_that_trusts_the_provider() {
    let elsewhere = Pools::start();
    let issuer: Value = elsewhere.stand_in.get("stack")["userPools"][0]["issuer"].clone();
    let issuer = issuer.as_str().unwrap();
    let url = format!("ProviderUrl={issuer}");
    let client = format!("ProviderClientId={}", elsewhere.stand_in.web_client);
    let pools = Pools::start_with(&["--parameter", &url, "--parameter", &client]);
    let token = elsewhere.id_token("odo");
    let (status, body) = assume(&pools, "provider", &token, &[]);
    assert_eq!(status, 200, "{body}");
    let provider = issuer.strip_prefix("http://").unwrap();
    let arn = format!("arn:aws:iam::123456789012:oidc-provider/{provider}");
    assert_eq!(element(&body, "Provider"), arn);
    assert_eq!(element(&body, "Audience"), elsewhere.stand_in.web_client);
    for role in ["classic", "narrow"] {
        let (status, body) = assume(&pools, role, &token, &[]);
        assert_eq!(
            (status, element(&body, "Code")),
            (403, "AccessDenied"),
            "{role}"
        );
    }
    let other = elsewhere.signed_in("ute", "OtherClient");
    let (status, body) = assume(&pools, "provider", other["IdToken"].as_str().unwrap(), &[]);
    assert_eq!(
        (status, element(&body, "Code")),
        (400, "InvalidIdentityToken")
    );
    assert_eq!(element(&body, "Message"), "Incorrect token audience");
    drop(elsewhere);
    let (status, body) = assume(&pools, "provider", &token, &[]);
    assert_eq!(
        (status, element(&body, "Code")),
        (400, "IDPCommunicationError")
    );
}
