//! Sign up, confirm, sign in, refresh: what a user does first.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::AuthFlowType;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tests::jwt;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::recorded::trigger_sources;

#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_up_confirms_and_gets_tokens_with_claims_from_the_table() {
    let stand_in = StandIn::start(&[
        "--parameter",
        "GrantableGroups=admins",
        "--parameter",
        "GrantableScopes=api/read",
    ]);
    let user = User::new(&stand_in, "ines.falk@example.org");
    let sub = user.sign_up(None).await.unwrap();
    let refusal = user.sign_in().await.unwrap_err();
    assert_eq!(refusal.code(), Some("UserNotConfirmedException"));
    user.confirm().await.unwrap();

    join(&stand_in, &sub, "nordwind", "editor").await;
    let tokens = user.sign_in().await.unwrap();
    let id = jwt::claims(tokens.id_token().unwrap());
    let access = jwt::claims(tokens.access_token().unwrap());
    for claims in [&id, &access] {
        assert_eq!(claims["tenant"], "nordwind");
        assert_eq!(claims["roles"], json!(["editor"]));
        assert_eq!(claims["cognito:groups"], json!(["admins"]));
        assert_eq!(claims["sub"], json!(sub));
    }
    assert_eq!(id["email"], "ines.falk@example.org");
    assert_eq!(id["email_verified"], json!(true));
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin api/read");

    // A right that is taken away has left at the next refresh.
    join(&stand_in, &sub, "nordwind", "reader").await;
    let refreshed = stand_in
        .cognito()
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::RefreshTokenAuth)
        .auth_parameters("REFRESH_TOKEN", tokens.refresh_token().unwrap())
        .send()
        .await
        .unwrap();
    let refreshed = refreshed.authentication_result.unwrap();
    assert_eq!(
        jwt::claims(refreshed.access_token().unwrap())["roles"],
        json!(["reader"])
    );
    assert_eq!(refreshed.refresh_token(), None);

    let expected = [
        "PreSignUp_SignUp",
        // The password was right, and the user not confirmed yet.
        "PreAuthentication_Authentication",
        "PostConfirmation_ConfirmSignUp",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
    ];
    assert_eq!(trigger_sources(&stand_in), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_functions_refusal_reaches_the_user_as_aws_words_it() {
    let stand_in = StandIn::start(&["--parameter", "DeniedDomains=rival.example"]);
    let refusal = User::new(&stand_in, "eve@mail.rival.example")
        .sign_up(None)
        .await
        .unwrap_err();
    assert_eq!(refusal.code(), Some("UserLambdaValidationException"));
    let text = refusal.message().unwrap();
    assert!(
        text.starts_with("PreSignUp failed with error ")
            && text.ends_with('.')
            && !text.ends_with(".."),
        "{text}"
    );
    assert!(!text.contains("rival"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lets_one_user_in() {
    let stand_in = StandIn::start(&["--parameter", "Invitations=required"]);
    let table = stand_in.table("InvitationsTable");
    let invitation = stand_in
        .dynamodb()
        .put_item()
        .table_name(&table)
        .item("code", AttributeValue::S("SPRING-7741".into()));
    invitation.send().await.unwrap();

    let ines = User::new(&stand_in, "ines.falk@example.org");
    assert!(ines.sign_up(None).await.is_err(), "no invitation");
    assert!(
        ines.sign_up(Some("WINTER-0000")).await.is_err(),
        "an unknown invitation"
    );
    ines.sign_up(Some("SPRING-7741")).await.unwrap();
    let second = User::new(&stand_in, "jan.roth@example.org")
        .sign_up(Some("SPRING-7741"))
        .await
        .unwrap_err();
    assert_eq!(second.code(), Some("UserLambdaValidationException"));

    // The very user may come back, for example when the answer was lost.
    let again = ines.sign_up(Some("SPRING-7741")).await.unwrap_err();
    assert_eq!(again.code(), Some("UsernameExistsException"));
    let item = stand_in
        .dynamodb()
        .get_item()
        .table_name(&table)
        .key("code", AttributeValue::S("SPRING-7741".into()));
    let redeemed = item.send().await.unwrap().item.unwrap()["redeemedBy"]
        .as_ss()
        .unwrap()
        .len();
    assert_eq!(redeemed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_bound_to_the_address_confirms_where_that_is_configured() {
    let stand_in = StandIn::start(&[
        "--parameter",
        "Invitations=required",
        "--parameter",
        "InvitationConfirms=true",
    ]);
    let invitation = stand_in
        .dynamodb()
        .put_item()
        .table_name(stand_in.table("InvitationsTable"))
        .item("code", AttributeValue::S("FOR-INES-1".into()))
        .item("email", AttributeValue::S("Ines.Falk@Example.org".into()));
    invitation.send().await.unwrap();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(Some("FOR-INES-1")).await.unwrap();
    let tokens = user.sign_in().await.unwrap();
    assert_eq!(
        jwt::claims(tokens.id_token().unwrap())["email_verified"],
        json!(true)
    );
    assert_eq!(stand_in.get("outbox"), json!([]));
}

/// Writes the user's membership, as the team's own back end would.
async fn join(stand_in: &StandIn, sub: &str, tenant: &str, role: &str) {
    let list = |text: &str| AttributeValue::L(vec![AttributeValue::S(text.into())]);
    stand_in
        .dynamodb()
        .put_item()
        .table_name(stand_in.table("MembershipsTable"))
        .item("subject", AttributeValue::S(format!("user#{sub}")))
        .item("tenant", AttributeValue::S(tenant.into()))
        .item("roles", list(role))
        .item("groups", list("admins"))
        .item("scopes", list("api/read"))
        .send()
        .await
        .unwrap();
}
