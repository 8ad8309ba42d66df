//! The first sign-in through another provider, which pre sign-up links to the native user of the address, by the real function.

use std::path::Path;

use aws_sdk_lambda::primitives::Blob;
use serde_json::{Value, json};
use tests::stand_in::StandIn;
use tests::user::User;

use crate::idp::{self, admin, user};
use crate::linked_identities::{identities_of, provider};

const INES: &str = "ines.falk@example.org";
const LINKED: &str = "ACCOUNT_LINKED please sign in again";
const TAKEN: &str = "An account with this e-mail address exists already, please sign in to that account or ask for help";

/// A stand-in whose pool has Google and Okta, and trusts the first with what it verified, the second with `example.com`.
fn pool(create_native_first: bool) -> StandIn {
    let create = format!("CreateNativeFirst={create_native_first}");
    let stand_in = StandIn::start(&[
        "--parameter",
        "LinkProviders=Google,Okta=example.com",
        "--parameter",
        &create,
    ]);
    provider(&stand_in, "Google", "Google");
    provider(&stand_in, "Okta", "OIDC");
    stand_in
}

/// What an identity provider says at somebody's first sign-in.
#[derive(Clone, Copy)]
struct FirstSignIn {
    identity: &'static str,
    email: &'static str,
    verified: &'static str,
}

/// Google's word for the address of `ines`.
const INES_BY_GOOGLE: FirstSignIn = FirstSignIn {
    identity: "Google_108455502213371337042",
    email: INES,
    verified: "true",
};

fn google() -> Vec<(String, String)> {
    vec![("Google".to_owned(), "108455502213371337042".to_owned())]
}

impl FirstSignIn {
    /// The text with which pre sign-up ends it, or `None` where it lets Cognito make a user.
    async fn ends_with(self, stand_in: &StandIn) -> Option<String> {
        let file = "../events/pre-sign-up/PreSignUp_ExternalProvider.verified-address.json";
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let mut event: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        event["userPoolId"] = json!(stand_in.pool);
        event["userName"] = json!(self.identity);
        event["request"]["userAttributes"]["email"] = json!(self.email);
        event["request"]["userAttributes"]["email_verified"] = json!(self.verified);
        let invoke = stand_in.lambda().invoke();
        let invoke = invoke.function_name("PreSignUpFunction");
        let answer = invoke.payload(Blob::new(event.to_string())).send();
        let answer = answer.await.unwrap();
        let payload: Value = serde_json::from_slice(answer.payload.unwrap().as_ref()).unwrap();
        answer.function_error?;
        Some(payload["errorMessage"].as_str().unwrap().to_owned())
    }
}

async fn check(stand_in: &StandIn, case: &str, sign_in: FirstSignIn, expected: Option<&str>) {
    let ended = sign_in.ends_with(stand_in).await;
    assert_eq!(ended.as_deref(), expected, "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_word_of_a_trusted_provider_links_to_the_native_user() {
    let stand_in = pool(false);
    user(&stand_in, INES, INES);
    user(&stand_in, "jan.roth@example.com", "jan.roth@example.com");
    let okta = |email| FirstSignIn {
        identity: "Okta_u77",
        email,
        verified: "false",
    };
    for (case, sign_in, expected) in [
        (
            "an address that Google has not verified",
            FirstSignIn {
                verified: "false",
                ..INES_BY_GOOGLE
            },
            None,
        ),
        (
            "a provider that is not trusted",
            FirstSignIn {
                identity: "Intranet_7",
                ..INES_BY_GOOGLE
            },
            None,
        ),
        ("a domain that Okta does not speak for", okta(INES), None),
        (
            "an address that nobody has",
            FirstSignIn {
                email: "nobody@example.org",
                ..INES_BY_GOOGLE
            },
            None,
        ),
        (
            "an address that is a filter too",
            FirstSignIn {
                email: r#""x\" or email ^= \"ines"@example.org"#,
                ..INES_BY_GOOGLE
            },
            None,
        ),
    ] {
        check(&stand_in, case, sign_in, expected).await;
        assert_eq!(identities_of(&stand_in, INES), [], "{case}");
    }
    check(
        &stand_in,
        "Okta's domain",
        okta("Jan.Roth@Example.com"),
        Some(LINKED),
    )
    .await;
    let linked = [("Okta".to_owned(), "u77".to_owned())];
    assert_eq!(identities_of(&stand_in, "jan.roth@example.com"), linked);
    check(&stand_in, "Google's word", INES_BY_GOOGLE, Some(LINKED)).await;
    assert_eq!(identities_of(&stand_in, INES), google());
    // Google has given the address to somebody else since.
    let other = FirstSignIn {
        identity: "Google_999",
        ..INES_BY_GOOGLE
    };
    check(&stand_in, "another identity", other, Some(TAKEN)).await;
    assert_eq!(identities_of(&stand_in, INES), google());
    User::new(&stand_in, INES).sign_in().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_linked_to_an_account_that_could_have_been_planted() {
    let stand_in = pool(true);
    idp::sign_up(&stand_in, INES, INES).unwrap();
    let refused = Some(TAKEN);
    check(&stand_in, "never confirmed", INES_BY_GOOGLE, refused).await;
    // Confirmed by an administrator, who has not seen whose the address is.
    admin(&stand_in, "AdminConfirmSignUp", INES, json!({})).unwrap();
    check(&stand_in, "never verified", INES_BY_GOOGLE, refused).await;
    let verified = json!({"UserAttributes": [{"Name": "email_verified", "Value": "true"}]});
    admin(&stand_in, "AdminUpdateUserAttributes", INES, verified).unwrap();
    admin(&stand_in, "AdminDisableUser", INES, json!({})).unwrap();
    check(&stand_in, "disabled", INES_BY_GOOGLE, refused).await;
    admin(&stand_in, "AdminEnableUser", INES, json!({})).unwrap();
    assert_eq!(identities_of(&stand_in, INES), []);
    check(&stand_in, "all is well", INES_BY_GOOGLE, Some(LINKED)).await;
    assert_eq!(identities_of(&stand_in, INES), google());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sign_in_that_comes_again_and_at_once_links_once() {
    let stand_in = pool(true);
    user(&stand_in, INES, INES);
    let by_google = || INES_BY_GOOGLE.ends_with(&stand_in);
    let linked = Some(LINKED.to_owned());
    let (first, second, third) = tokio::join!(by_google(), by_google(), by_google());
    assert_eq!([first, second, third], [(); 3].map(|()| linked.clone()));
    assert_eq!(by_google().await, linked);
    assert_eq!(identities_of(&stand_in, INES), google());

    // Without a native user there is one afterwards, confirmed, whose password nobody knows.
    admin(&stand_in, "AdminDeleteUser", INES, json!({})).unwrap();
    let (first, second, third) = tokio::join!(by_google(), by_google(), by_google());
    assert_eq!([first, second, third], [(); 3].map(|()| linked.clone()));
    let input = json!({"UserPoolId": stand_in.pool});
    let users = idp::call(&stand_in, "ListUsers", input).unwrap();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
    let made = admin(&stand_in, "AdminGetUser", INES, json!({})).unwrap();
    assert_eq!(made["UserStatus"], "CONFIRMED");
    assert_eq!(identities_of(&stand_in, INES), google());
    assert_eq!(by_google().await, linked);
    // Nobody was sent a temporary password; the one message is the code of the sign-up.
    assert_eq!(stand_in.get("outbox").as_array().unwrap().len(), 1);
}
