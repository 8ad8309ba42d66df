//! What a team's own back end does with users and groups.

use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, AuthFlowType, ChallengeNameType, MessageActionType, UserStatusType,
};
use serde_json::json;
use tests::jwt;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::recorded::trigger_sources;

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_an_administrator_creates_sets_a_password_of_their_own() {
    let stand_in = StandIn::start(&[
        "--parameter",
        "Invitations=required",
        "--parameter",
        "PasswordSignIn=true",
    ]);
    let cognito = stand_in.cognito();
    let email = AttributeType::builder()
        .name("email")
        .value("ops@example.org")
        .build()
        .unwrap();
    let created = cognito
        .admin_create_user()
        .user_pool_id(&stand_in.pool)
        .username("ops@example.org")
        .user_attributes(email);
    // An administrator's user is not stopped by a sign-up rule.
    let created = created.send().await.unwrap().user.unwrap();
    assert_eq!(
        created.user_status,
        Some(UserStatusType::ForceChangePassword)
    );

    let temporary = stand_in.code_for("ops@example.org");
    let started = cognito
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::UserPasswordAuth)
        .auth_parameters("USERNAME", "Ops@Example.org")
        .auth_parameters("PASSWORD", temporary)
        .send()
        .await
        .unwrap();
    assert_eq!(
        started.challenge_name,
        Some(ChallengeNameType::NewPasswordRequired)
    );
    let respond = |password: &str| {
        cognito
            .respond_to_auth_challenge()
            .client_id(&stand_in.web_client)
            .challenge_name(ChallengeNameType::NewPasswordRequired)
            .set_session(started.session.clone())
            .challenge_responses("USERNAME", "ops@example.org")
            .challenge_responses("NEW_PASSWORD", password)
            .send()
    };
    let short = respond("short-1").await.unwrap_err().into_service_error();
    assert_eq!(short.code(), Some("InvalidPasswordException"));
    let tokens = respond("Correct-Horse-19-Battery")
        .await
        .unwrap()
        .authentication_result
        .unwrap();
    assert!(tokens.access_token.is_some());
    let again = respond("Correct-Horse-19-Battery")
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(again.message(), Some("Invalid session for the user."));
    let expected = [
        "PreSignUp_AdminCreateUser",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_NewPasswordChallenge",
    ];
    assert_eq!(trigger_sources(&stand_in), expected);

    // The password is the user's own now.
    User::new(&stand_in, "ops@example.org")
        .sign_in()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_listed_by_filter_and_page() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    for number in 0..5 {
        let name = format!("user{number}@example.org");
        let create = cognito
            .admin_create_user()
            .user_pool_id(&stand_in.pool)
            .username(name);
        create
            .message_action(MessageActionType::Suppress)
            .send()
            .await
            .unwrap();
    }
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let page = cognito
            .list_users()
            .user_pool_id(&stand_in.pool)
            .limit(2)
            .set_pagination_token(token)
            .send()
            .await
            .unwrap();
        seen.extend(
            page.users()
                .iter()
                .map(|user| user.username().unwrap().to_owned()),
        );
        token = page.pagination_token;
        if token.is_none() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    let found = |filter: &'static str| {
        cognito
            .list_users()
            .user_pool_id(&stand_in.pool)
            .filter(filter)
            .send()
    };
    assert_eq!(
        found("email = \"user3@example.org\"")
            .await
            .unwrap()
            .users()
            .len(),
        1
    );
    assert_eq!(found("email ^= \"user\"").await.unwrap().users().len(), 5);
    assert_eq!(
        found("cognito:user_status = \"CONFIRMED\"")
            .await
            .unwrap()
            .users()
            .len(),
        0
    );
    let broken = found("email = user3")
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(broken.code(), Some("InvalidParameterException"));
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_reach_the_token_and_leave_it() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    for (name, precedence) in [("editors", 1), ("billing", 2)] {
        let create = cognito
            .create_group()
            .user_pool_id(&stand_in.pool)
            .group_name(name)
            .precedence(precedence);
        create.send().await.unwrap();
        let add = cognito
            .admin_add_user_to_group()
            .user_pool_id(&stand_in.pool)
            .username("ines.falk@example.org");
        add.group_name(name).send().await.unwrap();
    }
    let again = cognito
        .create_group()
        .user_pool_id(&stand_in.pool)
        .group_name("editors")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        again.into_service_error().code(),
        Some("GroupExistsException")
    );
    let groups = |tokens: &cognito::types::AuthenticationResultType| {
        jwt::claims(tokens.access_token().unwrap())["cognito:groups"].clone()
    };
    assert_eq!(
        groups(&user.sign_in().await.unwrap()),
        json!(["editors", "billing"])
    );

    let remove = cognito
        .admin_remove_user_from_group()
        .user_pool_id(&stand_in.pool)
        .username("ines.falk@example.org");
    remove.group_name("editors").send().await.unwrap();
    assert_eq!(groups(&user.sign_in().await.unwrap()), json!(["billing"]));
    let listed = cognito
        .admin_list_groups_for_user()
        .user_pool_id(&stand_in.pool)
        .username("ines.falk@example.org");
    assert_eq!(listed.send().await.unwrap().groups().len(), 1);
    assert_eq!(
        cognito
            .list_groups()
            .user_pool_id(&stand_in.pool)
            .send()
            .await
            .unwrap()
            .groups()
            .len(),
        4
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_is_out_and_a_deleted_one_is_gone() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    let confirm = cognito
        .admin_confirm_sign_up()
        .user_pool_id(&stand_in.pool)
        .username(&user.email);
    confirm.send().await.unwrap();
    let tokens = user.sign_in().await.unwrap();

    cognito
        .admin_disable_user()
        .user_pool_id(&stand_in.pool)
        .username(&user.email)
        .send()
        .await
        .unwrap();
    assert_eq!(
        user.sign_in().await.unwrap_err().message(),
        Some("User is disabled.")
    );
    let get = cognito
        .get_user()
        .access_token(tokens.access_token().unwrap())
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        get.into_service_error().message(),
        Some("Access Token has been revoked")
    );
    cognito
        .admin_enable_user()
        .user_pool_id(&stand_in.pool)
        .username(&user.email)
        .send()
        .await
        .unwrap();
    user.sign_in().await.unwrap();

    cognito
        .admin_delete_user()
        .user_pool_id(&stand_in.pool)
        .username(&user.email)
        .send()
        .await
        .unwrap();
    let gone = cognito
        .admin_get_user()
        .user_pool_id(&stand_in.pool)
        .username(&user.email)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        gone.into_service_error().code(),
        Some("UserNotFoundException")
    );
    assert_eq!(
        user.sign_in().await.unwrap_err().message(),
        Some("Incorrect username or password.")
    );
    user.sign_up(None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_an_administrator_changes_waits_for_its_proof_and_stays_unique() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    User::new(&stand_in, "jan.roth@example.org")
        .sign_up(None)
        .await
        .unwrap();

    let update = |email: &str| {
        let email = AttributeType::builder()
            .name("email")
            .value(email)
            .build()
            .unwrap();
        cognito
            .admin_update_user_attributes()
            .user_pool_id(&stand_in.pool)
            .username(&user.email)
            .user_attributes(email)
            .send()
    };
    let taken = update("Jan.Roth@example.org")
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(taken.code(), Some("AliasExistsException"));
    update("ines@example.com").await.unwrap();
    // The template has a new address wait until it is verified. Whoever has it reads it from the message there.
    assert_eq!(stand_in.code_for("ines@example.com").len(), 6);
    let kept = cognito
        .admin_get_user()
        .user_pool_id(&stand_in.pool)
        .username("ines.falk@example.org")
        .send()
        .await
        .unwrap();
    let verified = kept
        .user_attributes()
        .iter()
        .find(|attribute| attribute.name() == "email_verified")
        .unwrap();
    assert_eq!(verified.value(), Some("true"));
    assert!(
        cognito
            .admin_get_user()
            .user_pool_id(&stand_in.pool)
            .username("ines@example.com")
            .send()
            .await
            .is_err()
    );
}
