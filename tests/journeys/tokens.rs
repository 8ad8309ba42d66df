//! Tokens: who takes them, how long, and how they end.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::AuthFlowType;
use serde_json::json;
use tests::jwt;
use tests::stand_in::StandIn;
use tests::user::User;

/// A confirmed user.
async fn confirmed<'a>(stand_in: &'a StandIn, email: &str) -> User<'a> {
    let user = User::new(stand_in, email);
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    user
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_bear_what_cognito_puts_there() {
    let stand_in = StandIn::start(&["--issuer", "aws", "--id", "UserPool=us-east-1_Ab12Cd34E"]);
    let tokens = confirmed(&stand_in, "ines.falk@example.org")
        .await
        .sign_in()
        .await
        .unwrap();
    let id = jwt::claims(tokens.id_token().unwrap());
    let access = jwt::claims(tokens.access_token().unwrap());
    let names = |claims: &serde_json::Value| {
        claims
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&id),
        [
            "aud",
            "auth_time",
            "cognito:username",
            "email",
            "email_verified",
            "event_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "origin_jti",
            "sub",
            "token_use"
        ]
    );
    assert_eq!(
        names(&access),
        [
            "auth_time",
            "client_id",
            "event_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "origin_jti",
            "scope",
            "sub",
            "token_use",
            "username"
        ]
    );
    assert_eq!(
        id["iss"],
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E"
    );
    assert_eq!(
        (&id["aud"], &id["token_use"]),
        (&json!(stand_in.web_client), &json!("id"))
    );
    assert_eq!(
        (&access["client_id"], &access["token_use"]),
        (&json!(stand_in.web_client), &json!("access"))
    );

    let keys = stand_in.get("us-east-1_Ab12Cd34E/.well-known/jwks.json");
    let kids: Vec<_> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].clone())
        .collect();
    for token in [tokens.id_token(), tokens.access_token()] {
        assert!(kids.contains(&jwt::header(token.unwrap())["kid"]));
    }
    let discovery = stand_in.get("us-east-1_Ab12Cd34E/.well-known/openid-configuration");
    assert_eq!(discovery["issuer"], id["iss"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_taken_until_it_expires_and_not_when_it_was_changed() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let tokens = confirmed(&stand_in, "ines.falk@example.org")
        .await
        .sign_in()
        .await
        .unwrap();
    let access = tokens.access_token().unwrap();
    let shown = cognito
        .get_user()
        .access_token(access)
        .send()
        .await
        .unwrap();
    assert!(
        shown
            .user_attributes()
            .iter()
            .any(|attribute| attribute.value() == Some("ines.falk@example.org"))
    );

    let parts: Vec<&str> = access.split('.').collect();
    let swapped = format!(
        "{}.{}.{}",
        parts[0],
        parts[1].chars().rev().collect::<String>(),
        parts[2]
    );
    for changed in [
        swapped.as_str(),
        &access[..access.len() - 1],
        tokens.id_token().unwrap(),
        "a.b.c",
        "token",
    ] {
        let refusal = cognito
            .get_user()
            .access_token(changed)
            .send()
            .await
            .unwrap_err()
            .into_service_error();
        assert_eq!(
            refusal.code(),
            Some("NotAuthorizedException"),
            "{}",
            changed.len()
        );
    }
    stand_in.advance_clock(3_600);
    let late = cognito
        .get_user()
        .access_token(access)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(late.message(), Some("Access Token has expired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_and_signing_out_end_what_came_from_the_sign_in() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let user = confirmed(&stand_in, "ines.falk@example.org").await;
    let (first, second) = (user.sign_in().await.unwrap(), user.sign_in().await.unwrap());
    let refresh = |token: &str| {
        let start = cognito
            .initiate_auth()
            .client_id(&stand_in.web_client)
            .auth_flow(AuthFlowType::RefreshTokenAuth);
        start.auth_parameters("REFRESH_TOKEN", token).send()
    };
    let get = |token: &str| cognito.get_user().access_token(token).send();

    cognito
        .revoke_token()
        .client_id(&stand_in.web_client)
        .token(first.refresh_token().unwrap())
        .send()
        .await
        .unwrap();
    let revoked = refresh(first.refresh_token().unwrap())
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(revoked.message(), Some("Refresh Token has been revoked"));
    assert!(get(first.access_token().unwrap()).await.is_err());
    get(second.access_token().unwrap()).await.unwrap();
    let wrong_kind = cognito
        .revoke_token()
        .client_id(&stand_in.web_client)
        .token(second.access_token().unwrap())
        .send()
        .await;
    assert_eq!(
        wrong_kind.unwrap_err().into_service_error().code(),
        Some("UnsupportedTokenTypeException")
    );

    cognito
        .global_sign_out()
        .access_token(second.access_token().unwrap())
        .send()
        .await
        .unwrap();
    let signed_out = get(second.access_token().unwrap())
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(signed_out.message(), Some("Access Token has been revoked"));
    assert!(refresh(second.refresh_token().unwrap()).await.is_err());

    let third = user.sign_in().await.unwrap();
    let renewed = cognito
        .get_tokens_from_refresh_token()
        .client_id(&stand_in.web_client)
        .refresh_token(third.refresh_token().unwrap());
    let renewed = renewed.send().await.unwrap().authentication_result.unwrap();
    assert_eq!(
        jwt::claims(renewed.access_token().unwrap())["origin_jti"],
        jwt::claims(third.access_token().unwrap())["origin_jti"]
    );
    stand_in.advance_clock(30 * 24 * 3_600);
    let late = refresh(third.refresh_token().unwrap())
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(late.message(), Some("Invalid Refresh Token."));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_is_there_again_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data-dir", data.path().to_str().unwrap()];
    let stand_in = StandIn::start(&options);
    let tokens = confirmed(&stand_in, "ines.falk@example.org")
        .await
        .sign_in()
        .await
        .unwrap();
    let second = StandIn::try_start(&options)
        .err()
        .expect("two must not write to one directory");
    assert!(second.contains("another local-cognito uses it"), "{second}");
    stand_in.stop();

    let again = StandIn::start(&options);
    let cognito = again.cognito();
    User::new(&again, "ines.falk@example.org")
        .sign_in()
        .await
        .unwrap();
    let start = cognito
        .initiate_auth()
        .client_id(&again.web_client)
        .auth_flow(AuthFlowType::RefreshTokenAuth);
    start
        .auth_parameters("REFRESH_TOKEN", tokens.refresh_token().unwrap())
        .send()
        .await
        .unwrap();
    again.stop();
    for file in std::fs::read_dir(data.path()).unwrap() {
        let path = file.unwrap().path();
        #[cfg(unix)]
        if path.is_dir() || path.extension().is_some_and(|kind| kind == "json") {
            let mode = std::os::unix::fs::MetadataExt::mode(&path.metadata().unwrap());
            assert_eq!(mode & 0o077, 0, "others can read the keys or the objects");
        }
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read(&path).unwrap();
        for secret in [
            b"Correct-Horse-19-Battery".as_slice(),
            tokens.refresh_token().unwrap().as_bytes(),
        ] {
            assert!(
                !text.windows(secret.len()).any(|window| window == secret),
                "a secret was written down"
            );
        }
    }
}
