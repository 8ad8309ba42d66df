//! Custom challenges with the real functions: every kind, after a password, by choice, wrong, late, and for nobody.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::error::ProvideErrorMetadata;
use cognito::types::{AttributeType, AuthFlowType};
use serde_json::{Value, json};
use tests::user::User;
use tests::{jwt, totp};

use crate::challenge_sign_in::{INES, SignIn, bodies, code, ines, other_than, stand_in};
use crate::http_api::{send, tokens_of};

#[tokio::test]
async fn a_code_by_email_signs_in_and_the_tokens_say_so() {
    let stand_in = stand_in("email-code", &[]);
    ines(&stand_in).await;
    let mut sign_in = SignIn::begin(&stand_in, INES).await;
    assert_eq!(sign_in.asked["challenge"], "email-code");
    assert_eq!(sign_in.asked["destination"], "i***@e***");
    let code = code(&bodies(&stand_in, 1)[0]);
    assert_eq!(sign_in.answer(&other_than(&code), &[]).await, None);
    assert!(sign_in.tokens.is_none());
    assert_eq!(sign_in.answer(&code, &[]).await, None);
    assert_eq!(sign_in.methods(), json!(["otp-email"]));
    bodies(&stand_in, 1);

    let refresh = sign_in.tokens.unwrap().refresh_token.unwrap();
    let refreshed = stand_in
        .cognito()
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::RefreshTokenAuth)
        .auth_parameters("REFRESH_TOKEN", refresh);
    let refreshed = refreshed
        .send()
        .await
        .unwrap()
        .authentication_result
        .unwrap();
    let claims = jwt::claims(refreshed.access_token().unwrap());
    assert_eq!(claims["signed_in"], Value::Null);
    assert!(!stand_in.log().contains(&code));
}

#[tokio::test]
async fn a_code_as_a_text_message_signs_in_when_its_first_provider_is_down() {
    let options = ["SmsCountries=DE", "SmsProviders=sns,end-user-messaging"];
    let stand_in = stand_in("sms-code", &options);
    ines(&stand_in).await;
    for (name, value) in [
        ("phone_number", "+4915228817386"),
        ("phone_number_verified", "true"),
    ] {
        let attribute = AttributeType::builder().name(name).value(value).build();
        let update = stand_in.cognito().admin_update_user_attributes();
        let update = update.user_pool_id(&stand_in.pool).username(INES);
        update
            .user_attributes(attribute.unwrap())
            .send()
            .await
            .unwrap();
    }
    stand_in.fault("sns", None, Some("Throttled"));
    let mut sign_in = SignIn::begin(&stand_in, INES).await;
    assert_eq!(sign_in.asked["challenge"], "sms-code");
    assert_eq!(sign_in.asked["destination"], "+*******7386");
    let code = code(&bodies(&stand_in, 1)[0]);
    assert_eq!(sign_in.answer(&code, &[]).await, None);
    assert_eq!(sign_in.methods(), json!(["otp-sms"]));
}

#[tokio::test]
async fn three_wrong_codes_end_a_sign_in_and_another_message_is_asked_for_in_time() {
    let stand_in = stand_in("email-code", &[]);
    ines(&stand_in).await;
    let mut sign_in = SignIn::begin(&stand_in, INES).await;
    let right = code(&bodies(&stand_in, 1)[0]);
    let wrong = other_than(&right);
    assert_eq!(sign_in.answer(&wrong, &[]).await, None);
    // Too early for another message, and a round all the same.
    assert_eq!(sign_in.answer("-", &[("resend", "true")]).await, None);
    let ended = sign_in.answer(&wrong, &[]).await;
    assert_eq!(ended.as_deref(), Some("NotAuthorizedException"));
    // The code that came is good for the next session.
    let mut again = SignIn::begin(&stand_in, INES).await;
    assert_eq!(again.answer(&right, &[]).await, None);
    assert!(again.tokens.is_some());
    bodies(&stand_in, 1);
}

#[tokio::test]
async fn a_password_and_then_what_the_user_chooses() {
    let stand_in = stand_in("password,email-code|totp", &[]);
    let user = ines(&stand_in).await;
    let mut sign_in = SignIn::begin_with_password(&stand_in, &user).await;
    assert_eq!(sign_in.asked["challenge"], "choice");
    assert_eq!(sign_in.asked["choices"], "email-code,totp");
    let chosen = sign_in.answer("email-code", &[("challenge", "email-code")]);
    assert_eq!(chosen.await, None);
    assert_eq!(sign_in.asked["challenge"], "email-code");
    let code = code(&bodies(&stand_in, 1)[0]);
    assert_eq!(sign_in.answer(&code, &[]).await, None);
    assert_eq!(sign_in.methods(), json!(["pwd", "otp-email"]));

    // Without the password there is no way in.
    let refused = stand_in
        .cognito()
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::CustomAuth)
        .auth_parameters("USERNAME", INES)
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("NotAuthorizedException"));
}

#[tokio::test]
async fn a_link_signs_in_where_it_was_asked_for() {
    let stand_in = stand_in("magic-link", &[]);
    ines(&stand_in).await;
    let mut sign_in = SignIn::begin(&stand_in, INES).await;
    let body = bodies(&stand_in, 1).remove(0);
    let (_, token) = body
        .split_once("https://app.example.com/sign-in#token=")
        .unwrap();
    let token: String = token
        .chars()
        .take_while(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'))
        .collect();
    assert_eq!(sign_in.answer(&token, &[]).await, None);
    assert_eq!(sign_in.methods(), json!(["link-email"]));
}

#[tokio::test]
async fn what_was_enrolled_signs_in() {
    let stand_in = stand_in("password,totp|recovery-code", &[]);
    let user = User::new(&stand_in, INES);
    let (access, _) = tokens_of(&user).await;
    let bearer = format!("Bearer {access}");
    let ask = |request: &str, body: &str| {
        let headers = [
            ("authorization", &*bearer),
            ("content-type", "application/json"),
        ];
        send(&stand_in, request, &headers, body.as_bytes())
    };
    let secret = ask("POST EnrolmentApi/v1/totp", "").body["secret"].clone();
    let code_at = |seconds| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        totp::code(secret.as_str().unwrap(), now.as_secs() + seconds).unwrap()
    };
    let confirmed = ask(
        "POST EnrolmentApi/v1/totp/confirm",
        &json!({"code": code_at(0)}).to_string(),
    );
    assert_eq!(confirmed.status, 204);
    let codes = ask("POST EnrolmentApi/v1/recovery-codes", "").body["codes"].clone();

    // The code that confirmed is used; the next step's is good already.
    for (kind, answer, method) in [
        ("totp", code_at(30), "totp"),
        (
            "recovery-code",
            codes[0].as_str().unwrap().to_owned(),
            "recovery-code",
        ),
    ] {
        let mut sign_in = SignIn::begin_with_password(&stand_in, &user).await;
        assert_eq!(sign_in.answer(kind, &[("challenge", kind)]).await, None);
        assert_eq!(sign_in.asked["challenge"], kind);
        assert_eq!(sign_in.answer(&answer, &[]).await, None);
        assert_eq!(sign_in.methods(), json!(["pwd", method]));
        let mut again = SignIn::begin_with_password(&stand_in, &user).await;
        again.answer(kind, &[("challenge", kind)]).await;
        assert_eq!(again.answer(&answer, &[]).await, None);
        assert!(again.tokens.is_none(), "{kind} is good once");
    }
}

#[tokio::test]
async fn nobody_sees_what_a_user_sees_and_gets_no_message() {
    let stand_in = stand_in("email-code", &[]);
    ines(&stand_in).await;
    let known = SignIn::begin(&stand_in, INES).await;
    bodies(&stand_in, 1);
    let mut nobody = SignIn::begin(&stand_in, "ina@example.org").await;
    let names = |asked: &HashMap<String, String>| {
        let mut names: Vec<_> = asked.keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&known.asked), names(&nobody.asked));
    for name in ["challenge", "destination", "expiresIn", "resendAfter"] {
        assert_eq!(known.asked[name], nobody.asked[name], "{name}");
    }
    for expected in [None, None, Some("NotAuthorizedException".to_owned())] {
        assert_eq!(nobody.answer("000000", &[]).await, expected);
    }
    bodies(&stand_in, 1);
}
