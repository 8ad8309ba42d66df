//! Who gets an identity, and credentials for an hour: users of the user pool and of another provider, a developer's users, and guests.

use serde_json::json;
use tests::jwt;

use crate::identity_pool::{COGNITO, DEVELOPER, Pools, forged, refused};

fn session(role: &str) -> Result<String, String> {
    Ok(format!(
        "arn:aws:sts::123456789012:assumed-role/{role}/CognitoIdentityCredentials"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_the_user_pool_gets_credentials_for_an_hour() {
    let pools = Pools::start();
    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    let id = pools.get_id("IdentityPool", login).await.unwrap();
    assert!(id.starts_with("us-east-1:") && id.len() == 46, "{id}");
    assert_eq!(pools.get_id("IdentityPool", login).await, Ok(id.clone()));
    let (given_id, credentials) = pools.credentials(&id, login).await.unwrap();
    assert_eq!(given_id, id);
    assert!(credentials.access_key_id().starts_with("ASIA"));
    assert_eq!(
        pools.who(credentials.clone()).await,
        session("authenticated")
    );
    pools.stand_in.advance_clock(3_599);
    assert_eq!(
        pools.who(credentials.clone()).await,
        session("authenticated")
    );
    pools.stand_in.advance_clock(1);
    assert_eq!(pools.who(credentials).await, Err("ExpiredToken".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_pool_can_be_named_as_its_tokens_name_it() {
    let pools = Pools::start();
    let token = pools.id_token("ines");
    let issuer = jwt::claims(&token)["iss"].as_str().unwrap().to_owned();
    let local = issuer.strip_prefix("http://").unwrap();
    let id = pools.get_id("IdentityPool", Some((local, &token))).await;
    let provider = pools.provider();
    let same = pools
        .get_id("IdentityPool", Some((&provider, &token)))
        .await;
    assert!(id.is_ok());
    assert_eq!(id, same);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_gets_what_guests_get_until_they_sign_in() {
    let pools = Pools::start();
    let guest = pools.get_id("IdentityPool", None).await.unwrap();
    let (_, credentials) = pools.credentials(&guest, None).await.unwrap();
    assert_eq!(pools.who(credentials).await, session("guest"));
    assert_ne!(pools.get_id("IdentityPool", None).await, Ok(guest.clone()));

    let (provider, token) = (pools.provider(), pools.id_token("ines"));
    let login = Some((provider.as_str(), token.as_str()));
    let (id, credentials) = pools.credentials(&guest, login).await.unwrap();
    assert_eq!(id, guest);
    assert_eq!(pools.who(credentials).await, session("authenticated"));
    assert_eq!(
        pools.credentials(&guest, None).await.map(|_| ()),
        refused(
            "NotAuthorized",
            &format!("Access to Identity '{guest}' is forbidden.")
        )
    );

    let other = pools.get_id("IdentityPool", None).await.unwrap();
    let (id, _) = pools.credentials(&other, login).await.unwrap();
    assert_eq!(id, guest, "the second guest is who has signed in before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_s_user_gets_credentials_by_a_token() {
    let pools = Pools::start();
    let pool = pools.pool("IdentityPool");
    let call = pools.identity.get_open_id_token_for_developer_identity();
    let call = call
        .identity_pool_id(&pool)
        .logins(DEVELOPER, "u-0194f0")
        .principal_tags("tenant", "nordwind")
        .token_duration(60);
    let answer = call.send().await.unwrap();
    let (id, token) = (answer.identity_id.unwrap(), answer.token.unwrap());

    let header = jwt::header(&token);
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("RS512"), &json!("JWS"))
    );
    let discovered = pools
        .stand_in
        .get("cognito-identity/.well-known/openid-configuration");
    let keys = pools.stand_in.get("cognito-identity/.well-known/jwks_uri");
    assert_eq!(keys["keys"][0]["kid"], header["kid"]);
    let jwks_uri = discovered["jwks_uri"].as_str().unwrap();
    assert!(jwks_uri.ends_with("/cognito-identity/.well-known/jwks_uri"));
    let claims = jwt::claims(&token);
    assert_eq!(claims["iss"], discovered["issuer"]);
    assert_eq!(claims["sub"], id);
    assert_eq!(claims["aud"], pool);
    assert_eq!(
        claims["amr"],
        json!([
            "authenticated",
            DEVELOPER,
            format!("{DEVELOPER}:{pool}:u-0194f0")
        ])
    );
    assert_eq!(
        claims["https://aws.amazon.com/tags"],
        json!({"principal_tags": {"tenant": ["nordwind"]}})
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        60
    );

    let login = Some((COGNITO, token.as_str()));
    let (given_id, credentials) = pools.credentials(&id, login).await.unwrap();
    assert_eq!(given_id, id);
    assert_eq!(pools.who(credentials).await, session("authenticated"));
    pools.stand_in.advance_clock(60);
    let (name, text) = pools.credentials(&id, login).await.unwrap_err();
    assert_eq!(name, "NotAuthorizedException");
    assert!(
        text.starts_with("Invalid login token. Token expired: "),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_another_provider_gets_credentials() {
    let elsewhere = Pools::start();
    let issuer = elsewhere.stand_in.get("stack")["userPools"][0]["issuer"].clone();
    let issuer = issuer.as_str().unwrap();
    let url = format!("ProviderUrl={issuer}");
    let client = format!("ProviderClientId={}", elsewhere.stand_in.web_client);
    let pools = Pools::start_with(&["--parameter", &url, "--parameter", &client]);
    let name = issuer.strip_prefix("http://").unwrap();
    let token = elsewhere.id_token("odo");
    let login = Some((name, token.as_str()));
    let id = pools.get_id("IdentityPool", login).await.unwrap();
    let (_, credentials) = pools.credentials(&id, login).await.unwrap();
    assert_eq!(pools.who(credentials).await, session("authenticated"));

    let other = elsewhere.signed_in("ute", "OtherClient");
    let other = other["IdToken"].as_str().unwrap();
    assert_eq!(
        pools.get_id("IdentityPool", Some((name, other))).await,
        refused(
            "NotAuthorized",
            "Token is not from a supported provider of this identity pool."
        )
    );
    let forged = forged(&token);
    assert_eq!(
        pools.get_id("IdentityPool", Some((name, &forged))).await,
        refused(
            "NotAuthorized",
            "Invalid login token. Couldn't verify signed token."
        )
    );
    drop(elsewhere);
    let (error, _) = pools.get_id("IdentityPool", login).await.unwrap_err();
    assert_eq!(error, "ExternalServiceException");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_directory_keeps_identities_and_the_key() {
    let directory = tempfile::tempdir().unwrap();
    // Else the issuer is the address, which is another one after a restart on a free port.
    let directory = directory.path().to_str().unwrap();
    let options = ["--data-dir", directory, "--issuer", "aws"];
    let pools = Pools::start_with(&options);
    let (id, token) = pools.developer_token("u-1").await;
    pools.stand_in.stop();
    let pools = Pools::start_with(&options);
    let (same, _) = pools.developer_token("u-1").await;
    assert_eq!(same, id);
    let claims = jwt::claims(&token);
    assert_eq!(claims["iss"], "https://cognito-identity.amazonaws.com");
    let (_, credentials) = pools
        .credentials(&id, Some((COGNITO, &token)))
        .await
        .unwrap();
    assert_eq!(pools.who(credentials).await, session("authenticated"));
}
