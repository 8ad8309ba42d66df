//! Users of an older system who were imported with their hashes, and whom the function itself brings over with their passwords.

use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_dynamodb::types::AttributeValue;
use cognito::error::ProvideErrorMetadata;
use cognito::types::AuthFlowType;
use serde_json::{Value, json};
use tests::jwt;
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in, tokens};
use crate::recorded::trigger_sources;
use crate::recovery::{confirm, forgot};
use crate::run_time_pools::made_client;
use crate::tables::{self, Row, number, text, texts};

const EMAIL: &str = "ines.falk@example.org";

/// What the pool would not take as a new password, and its hash by the library passlib.
pub(crate) const OLD_PASSWORD: &str = "sesame street 42";
pub(crate) const HASH: &str = "$2b$04$uUt0ifDom5GT6NSiKBEP0.HsF1SA/Hk4lxD/0U2MDBNIUFK63q5mK";

/// A hash of another password, for whoever does not exist.
pub(crate) const SAMPLE_HASH: &str = "$2b$04$uUt0ifDom5GT6NSiKBEP0.ZoJtX0L2SfNXtahHfk787prcdA27Ub2";

/// The repository's own stack with users to move, and with these parameters.
fn stand_in(parameters: &[&str]) -> StandIn {
    let sample = format!("MigrationSampleHash={SAMPLE_HASH}");
    let own = [
        "PasswordSignIn=true",
        "MigrationSources=imported-table",
        &sample,
    ];
    let options = own.iter().chain(parameters);
    let options: Vec<_> = options
        .flat_map(|parameter| ["--parameter", parameter])
        .collect();
    StandIn::start(&options)
}

/// A user as the importer writes one, with what `more` has in place of it.
async fn imported(stand_in: &StandIn, more: &[(&str, AttributeValue)]) {
    let attributes = [("email", EMAIL), ("name", "Ines Falk"), ("plan", "gold")];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), text(value)));
    let row = [
        ("user", text(EMAIL)),
        ("hash", text(HASH)),
        ("attributes", AttributeValue::M(attributes.into())),
        ("verified", texts(&["email"])),
        ("cohort", text("web")),
    ];
    tables::put(stand_in, "LegacyUsersTable", &[&row, more].concat()).await;
}

/// The rows of the table of legacy users by their keys.
async fn row(stand_in: &StandIn, user: &str) -> Option<Row> {
    let rows = tables::rows(stand_in, "LegacyUsersTable", "user").await;
    rows.into_iter().find(|row| row["user"] == text(user))
}

/// An app client of the pool that tells who exists.
pub(crate) fn open_client(stand_in: &StandIn) -> String {
    let flows = json!(["ALLOW_USER_PASSWORD_AUTH"]);
    let members = json!({"ExplicitAuthFlows": flows, "PreventUserExistenceErrors": "LEGACY"});
    made_client(stand_in, &stand_in.pool, members)
}

fn come_over(stand_in: &StandIn) -> Result<Value, Refused> {
    sign_in(stand_in, &stand_in.web_client, EMAIL, OLD_PASSWORD)
}

fn wrong() -> Refused {
    refused("NotAuthorized", "Incorrect username or password.")
}

fn exists(stand_in: &StandIn) -> bool {
    admin(stand_in, "AdminGetUser", EMAIL, json!({})).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_password_opens_the_new_pool_and_the_membership_is_in_the_first_token() {
    let stand_in = stand_in(&[]);
    let member = [("tenant", "nordwind")].map(|(name, value)| (name.to_owned(), text(value)));
    let member = AttributeValue::M(member.into());
    imported(&stand_in, &[("membership", member)]).await;
    let client = stand_in.cognito();
    let sign_in = client
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::UserPasswordAuth)
        .auth_parameters("USERNAME", "Ines.Falk@Example.org")
        .auth_parameters("PASSWORD", OLD_PASSWORD);
    let first = sign_in.clone().send().await.unwrap();
    let fired = flows::user_migration::SIGN_IN.was_fired(&stand_in, 0);
    let first = first.authentication_result.unwrap();
    let id = jwt::claims(first.id_token().unwrap());
    assert_eq!(id["tenant"], "nordwind");
    assert_eq!(
        (&id["email"], &id["email_verified"]),
        (&json!(EMAIL), &json!(true))
    );
    // What the configuration does not let through stays behind.
    assert_eq!(id.get("plan"), None);

    let left = row(&stand_in, EMAIL).await.unwrap();
    assert_eq!(left["state"], text("migrated"));
    assert!(!left.contains_key("membership"), "{left:?}");
    assert!(
        row(&stand_in, &format!("tombstone#{EMAIL}"))
            .await
            .is_some()
    );

    sign_in.send().await.unwrap();
    flows::USER_PASSWORD_AUTH.was_fired(&stand_in, fired);
    // Signing in without sending the password works from now on.
    let (_, proof) = idp::srp(&stand_in, &stand_in.web_client, EMAIL, OLD_PASSWORD).unwrap();
    let web = &stand_in.web_client;
    idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap();
    assert!(stand_in.logs("a user has moved"));
    for secret in ["ines.falk", "Ines.Falk", OLD_PASSWORD, HASH, "nordwind"] {
        assert!(!stand_in.log().contains(secret), "{secret} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_user_are_one_answer() {
    let stand_in = stand_in(&[]);
    imported(&stand_in, &[]).await;
    let open = open_client(&stand_in);
    let web = stand_in.web_client.clone();
    let nobody_came = refused(
        "UserNotFound",
        &format!("Exception migrating user in app client {open}"),
    );
    for (client, expected) in [(&web, wrong()), (&open, nobody_came)] {
        for name in [EMAIL, "nobody@example.org"] {
            let seen = sign_in(&stand_in, client, name, "sesame street 43").unwrap_err();
            assert_eq!(seen, expected, "{name}");
        }
    }
    assert!(stand_in.logs("\"reason\":\"NotThere\""));
    assert_eq!(row(&stand_in, EMAIL).await.unwrap().get("state"), None);
    come_over(&stand_in).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_brings_over_whom_a_code_reaches() {
    let stand_in = stand_in(&[]);
    imported(&stand_in, &[]).await;
    let web = &stand_in.web_client;
    let sent = forgot(&stand_in, web, EMAIL).unwrap();
    // The stack words no messages unless it is told to.
    let fired = flows::user_migration::FORGOT_PASSWORD.fires;
    assert_eq!(trigger_sources(&stand_in), fired[..2]);
    assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "i***@e***");
    let unknown = forgot(&stand_in, web, "ines.roth@example.org").unwrap();
    assert_eq!(unknown, sent);
    assert_eq!(stand_in.get("outbox").as_array().unwrap().len(), 1);
    assert_eq!(come_over(&stand_in).unwrap_err(), wrong());
    let code = stand_in.code_for(EMAIL);
    confirm(&stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    let signed_in = sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_over_by_an_address_that_was_never_verified() {
    let stand_in = stand_in(&[]);
    imported(&stand_in, &[("verified", AttributeValue::L(Vec::new()))]).await;
    assert_eq!(come_over(&stand_in).unwrap_err(), wrong());
    let open = open_client(&stand_in);
    let text = "Username/client id combination not found.";
    let seen = forgot(&stand_in, &open, EMAIL).unwrap_err();
    assert_eq!(seen, refused("UserNotFound", text));
    assert!(stand_in.logs("\"reason\":\"AddressNotVerified\""));
    assert!(!exists(&stand_in));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_too_often_is_told_of_a_wrong_password_even_with_the_right_one() {
    let stand_in = stand_in(&["MigrationTriesPerUser=3"]);
    imported(&stand_in, &[]).await;
    let open = open_client(&stand_in);
    let guess = || sign_in(&stand_in, &open, EMAIL, "sesame street 43").unwrap_err();
    let first = guess();
    assert_eq!([guess(), guess()], [first.clone(), first.clone()]);
    let right = sign_in(&stand_in, &open, EMAIL, OLD_PASSWORD).unwrap_err();
    assert_eq!(right, first);
    assert!(stand_in.logs("\"reason\":\"Throttled\""));
    assert!(!exists(&stand_in));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_somebody_has_deleted_does_not_come_back() {
    let stand_in = stand_in(&[]);
    imported(&stand_in, &[]).await;
    come_over(&stand_in).unwrap();
    admin(&stand_in, "AdminDeleteUser", EMAIL, json!({})).unwrap();
    some_time_passes(&stand_in).await;
    assert_eq!(come_over(&stand_in).unwrap_err(), wrong());
    forgot(&stand_in, &stand_in.web_client, EMAIL).unwrap();
    assert!(stand_in.logs("\"reason\":\"MovedBefore\""));
    assert!(!exists(&stand_in));
    assert!(stand_in.get("outbox").as_array().unwrap().is_empty());
}

/// The functions have the machine's clock, so the time of the move is put back instead of it.
async fn some_time_passes(stand_in: &StandIn) {
    for key in [EMAIL.to_owned(), format!("tombstone#{EMAIL}")] {
        let mut row = row(stand_in, &key).await.unwrap();
        let moved: i64 = row["migratedAt"].as_n().unwrap().parse().unwrap();
        row.insert("migratedAt".to_owned(), number(moved - 16 * 60));
        let row = row.iter().map(|(name, value)| (&**name, value.clone()));
        let row: Vec<_> = row.collect();
        tables::put(stand_in, "LegacyUsersTable", &row).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_pool_has_refused_comes_when_the_cause_is_gone() {
    let stand_in = stand_in(&["MigrationAttributes=email,name,plan"]);
    imported(&stand_in, &[]).await;
    // The pool has no such attribute.
    assert_eq!(come_over(&stand_in).unwrap_err(), wrong());
    assert!(stand_in.logs("UserMigration: no user was made"));
    assert!(!exists(&stand_in));
    some_time_passes(&stand_in).await;
    let mut row = row(&stand_in, EMAIL).await.unwrap();
    let AttributeValue::M(attributes) = row.get_mut("attributes").unwrap() else {
        panic!("a map");
    };
    attributes.remove("plan");
    let row: Vec<_> = row
        .iter()
        .map(|(name, value)| (&**name, value.clone()))
        .collect();
    tables::put(&stand_in, "LegacyUsersTable", &row).await;
    come_over(&stand_in).unwrap();
    admin(&stand_in, "AdminDeleteUser", EMAIL, json!({})).unwrap();
    some_time_passes(&stand_in).await;
    assert_eq!(come_over(&stand_in).unwrap_err(), wrong());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_password_is_right_and_has_to_be_replaced() {
    let stand_in = stand_in(&["MigrationLeastPasswordLength=17"]);
    imported(&stand_in, &[]).await;
    let web = &stand_in.web_client;
    let reset = "Password reset required for the user";
    let seen = come_over(&stand_in).unwrap_err();
    assert_eq!(seen, refused("PasswordResetRequired", reset));
    forgot(&stand_in, web, EMAIL).unwrap();
    let code = stand_in.code_for(EMAIL);
    confirm(&stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_table_is_gone_nobody_is_told_of_a_wrong_password() {
    let stand_in = stand_in(&[]);
    imported(&stand_in, &[]).await;
    tables::delete(&stand_in, "LegacyUsersTable").await;
    let text = "UserMigration failed with error This service is not available right now, please try again later.";
    let out_of_order = refused("UserLambdaValidation", text);
    assert_eq!(come_over(&stand_in).unwrap_err(), out_of_order);
    let seen = forgot(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
    assert_eq!(seen, out_of_order);
    assert!(!exists(&stand_in));
    assert!(!stand_in.log().contains("ines.falk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_need_to_sign_up_does_not_keep_users_from_moving() {
    let stand_in = stand_in(&["Invitations=required", "AllowedDomains=example.org"]);
    imported(&stand_in, &[]).await;
    let stranger = idp::sign_up(&stand_in, "jan.roth@example.org", "jan.roth@example.org");
    stranger.unwrap_err();
    come_over(&stand_in).unwrap();
    let calls = stand_in.get("calls");
    let mut calls = calls.as_array().unwrap().iter();
    let asked = calls.find(|call| call["triggerSource"] == "PreSignUp_AdminCreateUser");
    assert_eq!(asked.unwrap()["function"], "PreSignUpFunction");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sign_ins_at_once_are_one_user_who_moves_once() {
    let stand_in = stand_in(&[]);
    imported(&stand_in, &[]).await;
    let came = std::thread::scope(|scope| {
        let threads = [(); 3].map(|()| scope.spawn(|| come_over(&stand_in)));
        threads.map(|thread| thread.join().unwrap())
    });
    let sub = |signed_in: Result<Value, Refused>| {
        let signed_in = signed_in.unwrap();
        jwt::claims(tokens(&signed_in)["AccessToken"].as_str().unwrap())["sub"].clone()
    };
    let [one, two, three] = came.map(sub);
    assert_eq!((&one, &one), (&two, &three));
    let moved = || stand_in.log().matches("a user has moved").count();
    assert!(stand_in.logs("a user has moved"));
    assert_eq!(moved(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migration_ends() {
    let stand_in = stand_in(&["MigrationUntil=2026-01-01"]);
    imported(&stand_in, &[]).await;
    let client = stand_in.cognito();
    let sign_in = client
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::UserPasswordAuth)
        .auth_parameters("USERNAME", EMAIL)
        .auth_parameters("PASSWORD", OLD_PASSWORD);
    let refusal = sign_in.send().await.unwrap_err();
    assert_eq!(refusal.code(), Some("NotAuthorizedException"));
    assert_eq!(refusal.message(), Some("Incorrect username or password."));
    assert!(stand_in.logs("\"reason\":\"Ended\""));
}
