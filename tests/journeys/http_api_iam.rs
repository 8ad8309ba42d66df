//! The sample API of the template: callers who are known by a token, and callers who are known by the credentials that they sign with.

use aws_sdk_cognitoidentityprovider::config::Credentials;
use serde_json::{Value, json};
use tests::identity::{Identity, WITHOUT_GROUPS};
use tests::signed::{Headers, Signing, administrator};
use tests::stand_in::{REGION, StandIn};
use tests::user::User;

use crate::http_api::{Answer, send, tokens_of};

const ROUTE: &str = "WhoAmIApi/v1/credentials";

/// Asks a route of an API with a request that these credentials sign.
fn ask(stand_in: &StandIn, credentials: &Credentials, method: &str, route: &str) -> Answer {
    let signed = signed(stand_in, credentials, "execute-api", method, route);
    send_signed(stand_in, &format!("{method} {route}"), &signed)
}

fn signed(
    stand_in: &StandIn,
    credentials: &Credentials,
    service: &str,
    method: &str,
    route: &str,
) -> Headers {
    let signing = Signing {
        credentials: credentials.clone(),
        ..Signing::for_service(service)
    };
    let url = format!("{}/_api/{route}", stand_in.endpoint);
    signing.headers_of(method, &url, "", "")
}

fn send_signed(stand_in: &StandIn, request: &str, headers: &Headers) -> Answer {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    send(stand_in, request, &headers, b"")
}

#[track_caller]
fn is_forbidden(answer: &Answer) {
    let expected = json!({"message": "Forbidden"});
    assert_eq!((answer.status, &answer.body), (403, &expected));
}

#[tokio::test]
async fn the_function_knows_its_caller_in_both_ways() {
    let stand_in = StandIn::start(&WITHOUT_GROUPS);
    let ines = User::new(&stand_in, "ines@example.org");
    let (access_token, id_token) = tokens_of(&ines).await;
    let bearer = |token: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", &*bearer)];
        send(&stand_in, "GET WhoAmIApi/v1/token", &headers, b"")
    };
    let by_token = bearer(&access_token).body;
    assert_eq!(
        (&by_token["by"], &by_token["client"], &by_token["groups"]),
        (&json!("token"), &json!(stand_in.web_client), &json!([]))
    );
    let refused = bearer(&id_token);
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (401, &json!("not-signed-in"))
    );

    let identity = Identity::of_user(&stand_in, &id_token).await.unwrap();
    let by_credentials = ask(&stand_in, &identity.credentials, "GET", ROUTE);
    assert_eq!(by_credentials.status, 200, "{by_credentials:?}");
    let provider = format!("cognito-idp.{REGION}.amazonaws.com/{}", stand_in.pool);
    let expected = json!({
        "by": "credentials",
        "identity": identity.id,
        "signedIn": true,
        "provider": provider,
        "subject": by_token["subject"],
    });
    assert_eq!(by_credentials.body, expected);
}

#[tokio::test]
async fn a_guest_is_known_to_be_one() {
    let stand_in = StandIn::start(&["--parameter", "AllowGuests=true"]);
    let guest = Identity::of_guest(&stand_in).await.unwrap();
    let answer = ask(&stand_in, &guest.credentials, "GET", ROUTE);
    let expected = json!({
        "by": "credentials",
        "identity": guest.id,
        "signedIn": false,
        "provider": null,
        "subject": null,
    });
    assert_eq!((answer.status, answer.body), (200, expected));
}

/// Whatever is wrong with it.
#[tokio::test]
async fn a_request_that_is_not_signed_well_is_forbidden() {
    let stand_in = StandIn::start(&WITHOUT_GROUPS);
    let ines = User::new(&stand_in, "ines@example.org");
    let (access_token, id_token) = tokens_of(&ines).await;
    let identity = Identity::of_user(&stand_in, &id_token).await.unwrap();
    let (id, secret, token) = (
        identity.credentials.access_key_id(),
        identity.credentials.secret_access_key(),
        identity.credentials.session_token().map(str::to_owned),
    );
    is_forbidden(&send(&stand_in, &format!("GET {ROUTE}"), &[], b""));
    let bearer = format!("Bearer {access_token}");
    let bearer = [("authorization", &*bearer)];
    is_forbidden(&send(&stand_in, &format!("GET {ROUTE}"), &bearer, b""));
    for (id, secret, token) in [
        (id, "another", token.clone()),
        (id, secret, None),
        (id, secret, Some("another".to_owned())),
        ("ASIAEXAMPLE", secret, token.clone()),
    ] {
        let credentials = Credentials::new(id, secret, token, None, "test");
        is_forbidden(&ask(&stand_in, &credentials, "GET", ROUTE));
    }
    // A signature for another service, and one for another route.
    let request = format!("GET {ROUTE}");
    for (service, route) in [("lambda", ROUTE), ("execute-api", "WhoAmIApi/v1/other")] {
        let headers = signed(&stand_in, &identity.credentials, service, "GET", route);
        is_forbidden(&send_signed(&stand_in, &request, &headers));
    }

    stand_in.advance_clock(3_601);
    is_forbidden(&ask(&stand_in, &identity.credentials, "GET", ROUTE));
}

/// The administrator may call every route, and is nobody of the identity pool.
#[test]
fn somebody_of_no_identity_pool_is_told_so() {
    let stand_in = StandIn::start(&WITHOUT_GROUPS);
    let answer = ask(&stand_in, &administrator(), "GET", ROUTE);
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (403, &json!("no-identity"))
    );
}

/// By a template whose function gives back what it gets.
#[test]
fn the_event_says_who_signed() {
    let template = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/journeys/templates/http-api.yaml"
    );
    let stand_in = StandIn::start(&["--template", template]);
    let event = ask(&stand_in, &administrator(), "GET", "Api/signed").body;
    let expected = json!({
        "accessKey": "local",
        "accountId": "123456789012",
        "callerId": "123456789012",
        "cognitoIdentity": null,
        "principalOrgId": null,
        "userArn": "arn:aws:iam::123456789012:root",
        "userId": "123456789012",
    });
    let authorizer = &event["requestContext"]["authorizer"];
    assert_eq!(authorizer["iam"], expected);
    assert_eq!(authorizer.get("jwt"), None);
    assert_eq!(event["requestContext"].get("identity"), None::<&Value>);
}
