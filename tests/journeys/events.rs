//! The events that the stand-in builds have the keys and nulls of the files in `events/`, which nobody generated from our types.

use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType, MessageActionType};
use tests::stand_in::StandIn;
use tests::user::User;

use crate::recorded::trigger_sources;

#[tokio::test(flavor = "multi_thread")]
async fn built_events_are_shaped_like_the_recorded_ones() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let cognito = stand_in.cognito();
    let attribute = |name: &str, value: &str| {
        AttributeType::builder()
            .name(name)
            .value(value)
            .build()
            .unwrap()
    };
    let sign_up = cognito
        .sign_up()
        .client_id(&stand_in.web_client)
        .username("ines.falk@example.org");
    let sign_up = sign_up
        .password("Correct-Horse-19-Battery")
        .user_attributes(attribute("name", "Ines Falk"));
    let sign_up = sign_up
        .validation_data(attribute("inviteCode", "SPRING-7741"))
        .client_metadata("locale", "de-DE");
    sign_up.send().await.unwrap();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.confirm().await.unwrap();
    let tokens = user.sign_in().await.unwrap();
    let refresh = cognito
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::RefreshTokenAuth);
    refresh
        .auth_parameters("REFRESH_TOKEN", tokens.refresh_token().unwrap())
        .send()
        .await
        .unwrap();
    let create = cognito
        .admin_create_user()
        .user_pool_id(&stand_in.pool)
        .username("ops.lead@example.org");
    let create = create
        .user_attributes(attribute("email_verified", "true"))
        .message_action(MessageActionType::Suppress);
    create.send().await.unwrap();

    let expected = [
        "PreSignUp_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
        "PreSignUp_AdminCreateUser",
    ];
    assert_eq!(trigger_sources(&stand_in), expected);
}
