//! What is left in the user pool after first sign-ins through a provider that come twice, at once or half-way, or meet a planted account.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod user_pool;

use cognito_events::pre_sign_up::Event;
use embedded_dynamodb::cut_at_every_await;
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::UNREACHABLE;
use pre_sign_up::{Config, Outside, handle};
use serde_json::{Value, json};
use time::OffsetDateTime;

use user_pool::{NOW, Pool, attribute, owner};

const INES: &str = "ines@example.org";

/// What apps look for in `error_description`; it must never change.
const MARKED: &str = "ACCOUNT_LINKED please sign in again";

const TAKEN: &str = "An account with this e-mail address exists already, please sign in to that account or ask for help";

#[tokio::test]
async fn an_identity_is_linked_to_the_native_user_of_its_address() {
    let pool = Pool::with(&[owner("kim", "kim@example.org"), owner("ines", INES)]);

    let failure = sign_in(&config(""), &pool.outside()).await.unwrap_err();

    assert_eq!(failure.public_text(), MARKED);
    assert_eq!(reason(&failure), "AccountLinked");
    assert_eq!(
        pool.input("AdminLinkProviderForUser"),
        json!({
            "UserPoolId": "eu-central-1_Kx7QmT2Zd",
            "DestinationUser": {"ProviderName": "Cognito", "ProviderAttributeValue": "ines"},
            "SourceUser": {
                "ProviderName": "Google",
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": "1084",
            },
        })
    );
    assert_eq!(pool.operations(), ["ListUsers", "AdminLinkProviderForUser"]);
}

#[tokio::test]
async fn the_event_as_cognito_sends_it_is_linked() {
    let event = include_str!(
        "../../../events/pre-sign-up/PreSignUp_ExternalProvider.verified-address.json"
    );
    let event = serde_json::from_str(event).unwrap();
    let pool = Pool::with(&[owner("ines", "ines.falk@example.org")]);
    let failure = answer(event, &config("false"), &pool.outside())
        .await
        .unwrap_err();
    assert_eq!(failure.public_text(), MARKED);
}

#[tokio::test]
async fn a_native_user_is_made_where_there_is_none() {
    let pool = Pool::default();

    let failure = sign_in(&config("true"), &pool.outside()).await.unwrap_err();

    assert_eq!(failure.public_text(), MARKED);
    assert_eq!(reason(&failure), "AccountCreatedAndLinked");
    let [user] = &pool.users()[..] else {
        panic!("not one user")
    };
    assert_eq!(user["UserStatus"], "CONFIRMED");
    assert_eq!(attribute(user, "email"), INES);
    assert_eq!(attribute(user, "email_verified"), "true");
    assert_eq!(pool.input("AdminCreateUser")["MessageAction"], "SUPPRESS");
}

#[tokio::test]
async fn an_event_that_comes_again_or_was_cut_anywhere_leaves_what_one_run_leaves() {
    for (create, users) in [("false", vec![owner("ines", INES)]), ("true", vec![])] {
        let whole = Pool::with(&users);
        sign_in(&config(create), &whole.outside())
            .await
            .unwrap_err();
        let again = sign_in(&config(create), &whole.outside()).await;
        assert_eq!(again.unwrap_err().public_text(), MARKED);

        let cut = Pool::with(&users);
        let outside = cut.outside();
        let (config, outside) = (&config(create), &outside);
        let (answer, cuts) = cut_at_every_await(|| sign_in(config, outside)).await;

        assert_eq!(answer.unwrap_err().public_text(), MARKED);
        assert!(cuts >= 2, "only {cuts} cuts");
        assert_eq!(cut.users(), whole.users());
    }
}

#[tokio::test]
async fn events_that_come_at_once_leave_one_user_and_one_link() {
    for (create, users) in [("false", vec![owner("ines", INES)]), ("true", vec![])] {
        let pool = Pool::with(&users);
        let outside = pool.outside();
        let (config, outside) = (&config(create), &outside);
        let answers = tokio::join!(
            sign_in(config, outside),
            sign_in(config, outside),
            sign_in(config, outside)
        );
        for answer in [answers.0, answers.1, answers.2] {
            assert_eq!(answer.unwrap_err().public_text(), MARKED);
        }
        let [user] = &pool.users()[..] else {
            panic!("not one user")
        };
        let identities: Value = serde_json::from_str(attribute(user, "identities")).unwrap();
        let expected = json!([{"userId": "1084", "providerName": "Google"}]);
        assert_eq!(identities, expected);
    }
}

#[tokio::test]
async fn a_planted_account_gets_no_link_and_its_victim_no_second_account() {
    let mut unverified = owner("planted", INES);
    unverified["Attributes"][1]["Value"] = json!("false");
    let mut unconfirmed = unverified.clone();
    unconfirmed["UserStatus"] = json!("UNCONFIRMED");
    let mut disabled = owner("ines", INES);
    disabled["Enabled"] = json!(false);
    let mut invited = owner("ines", INES);
    invited["UserStatus"] = json!("FORCE_CHANGE_PASSWORD");
    let two = vec![owner("ines", INES), owner("planted", INES)];
    for (users, expected) in [
        (vec![unverified], "LinkAddressUnverified"),
        (vec![unconfirmed], "LinkUserUnconfirmed"),
        (vec![disabled], "LinkUserDisabled"),
        (vec![invited], "LinkUserNeverSignedIn"),
        (two, "LinkAmbiguous"),
    ] {
        let pool = Pool::with(&users);
        let failure = sign_in(&config("true"), &pool.outside()).await.unwrap_err();
        assert_eq!(reason(&failure), expected);
        assert_eq!(failure.public_text(), TAKEN);
        assert_eq!(pool.operations(), ["ListUsers"]);
        assert_eq!(pool.users(), users);
    }
}

#[tokio::test]
async fn only_a_trusted_identity_of_an_allowed_domain_is_looked_up() {
    for (case, user_name, email, verified, expected) in [
        ("another provider", "Facebook_1084", INES, "true", None),
        ("an unverified address", "Google_1084", INES, "false", None),
        ("not of the pinned domain", "Okta_7", INES, "true", None),
        (
            "a denied domain",
            "Google_1084",
            "ines@denied.example",
            "true",
            Some("DomainDenied"),
        ),
    ] {
        let pool = Pool::with(&[owner("ines", email)]);
        let event = event(user_name, email, verified);
        let answer = answer(event, &config("true"), &pool.outside()).await;
        assert_eq!(answer.as_ref().err().map(reason), expected, "{case}");
        assert_eq!(pool.operations(), [""; 0], "{case}");
    }
}

#[tokio::test]
async fn closed_federated_sign_up_still_links_and_makes_nobody() {
    let config = Config::from_env(Env::of_pairs([
        ("FEDERATED_SIGN_UP", "refuse"),
        ("LINK_PROVIDERS", "Google"),
        ("CREATE_NATIVE_FIRST", "true"),
    ]))
    .unwrap();
    for (users, expected) in [
        (vec![owner("ines", INES)], "AccountLinked"),
        (vec![], "FederationClosed"),
    ] {
        let pool = Pool::with(&users);
        let failure = sign_in(&config, &pool.outside()).await.unwrap_err();
        assert_eq!(reason(&failure), expected);
        assert_eq!(pool.users().len(), users.len());
    }
}

#[tokio::test]
async fn an_address_cannot_change_the_filter() {
    let pool = Pool::default();
    let hostile = r#""x\" or status = \"Enabled"@example.org"#;
    let event = event("Google_1084", hostile, "true");
    answer(event, &config("false"), &pool.outside())
        .await
        .unwrap();
    assert_eq!(
        pool.input("ListUsers")["Filter"],
        r#"email = "\"x\\\" or status = \\\"Enabled\"@example.org""#
    );
}

#[tokio::test]
async fn a_pool_that_fails_refuses_with_the_fixed_text() {
    for (operation, exception, expected) in [
        (
            "ListUsers",
            UNREACHABLE,
            "failed to find the users of the address: failed to reach the service: ",
        ),
        (
            "ListUsers",
            "TooManyRequestsException",
            "failed to find the users of the address: TooManyRequestsException",
        ),
        (
            "AdminCreateUser",
            "InvalidParameterException",
            "failed to create the native user: InvalidParameterException",
        ),
        (
            "AdminCreateUser",
            "UsernameExistsException",
            "failed to find the native user that exists already",
        ),
        (
            "AdminSetUserPassword",
            "TooManyRequestsException",
            "failed to give the native user a password: TooManyRequestsException",
        ),
        (
            "AdminLinkProviderForUser",
            "InvalidParameterException",
            "failed to link the federated identity to the native user: InvalidParameterException",
        ),
    ] {
        let pool = Pool::default();
        pool.fail(operation, exception);
        let failure = sign_in(&config("true"), &pool.outside()).await.unwrap_err();
        assert_eq!(failure.public_text(), UNAVAILABLE);
        let Failure::Internal(cause) = failure else {
            panic!("{operation}: refused")
        };
        let logged = entrypoint::with_causes(&*cause);
        assert!(logged.starts_with(expected), "{logged}");
        // The double's text, as Cognito's own could name the user.
        assert!(!logged.contains("private"), "{logged}");
    }
}

fn config(create_native_first: &str) -> Config {
    Config::from_env(Env::of_pairs([
        ("DENIED_DOMAINS", "denied.example"),
        ("LINK_PROVIDERS", "Google, Okta=example.com"),
        ("CREATE_NATIVE_FIRST", create_native_first),
    ]))
    .unwrap()
}

fn event(user_name: &str, email: &str, verified: &str) -> Event {
    serde_json::from_value(json!({
        "triggerSource": "PreSignUp_ExternalProvider",
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": user_name,
        "request": {"userAttributes": {"email": email, "email_verified": verified}},
    }))
    .unwrap()
}

async fn sign_in(config: &Config, outside: &Outside) -> Result<&'static str, Failure> {
    answer(event("google_1084", INES, "true"), config, outside).await
}

async fn answer(event: Event, config: &Config, outside: &Outside) -> Result<&'static str, Failure> {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let decided = handle(event, config, outside, now).await?;
    Ok(decided.reason)
}

fn reason(failure: &Failure) -> &str {
    match failure {
        Failure::Refused { reason, .. } => reason,
        Failure::Internal(cause) => panic!("{cause}"),
    }
}
