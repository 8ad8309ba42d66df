//! Users whom another system has authenticated: credentials by the broker, what these may do, and what operators see.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cognitoidentityprovider::config::Credentials;
use aws_sdk_s3::primitives::ByteStream;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::identity::Identity;
use tests::signed::{Headers, Signing, administrator};
use tests::stand_in::{REGION, StandIn};

use crate::http_api::{Answer, send};

const SECRETS: &str = "/lifeguard/broker";
const KEY: &[u8] = b"a key of thirty-two bytes for us";

/// Base64 of that.
const KEY_TEXT: &str = "YSBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyBmb3IgdXM=";

/// A stand-in whose broker takes what the system `crm` has signed.
async fn stand_in(more: &[&str]) -> StandIn {
    let mut options = vec![
        "--parameter",
        "Broker=on",
        "--parameter",
        "BrokerTags=tenant=tenant",
    ];
    options.extend(["--parameter", "BrokerSecrets=/lifeguard/broker"]);
    options.extend(more);
    let stand_in = StandIn::start(&options);
    let secrets = json!({"hmacKeys": {"crm-2027": {"source": "crm", "key": KEY_TEXT}}});
    let ssm = aws_sdk_ssm::Client::new(&stand_in.sdk_config(REGION));
    let put = ssm
        .put_parameter()
        .name(SECRETS)
        .value(secrets.to_string())
        .r#type(aws_sdk_ssm::types::ParameterType::SecureString);
    put.send().await.unwrap();
    stand_in
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// The proof of a contact of that system.
fn contact(subject: &str) -> Value {
    let claims = json!({"tenant": "t-1"});
    json!({"kind": "hmac-request", "subject": subject, "claims": claims})
}

/// The headers that sign a request to the broker as that system.
fn signature(path: &str, body: &str, nonce: &str) -> [(String, String); 4] {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs().to_string();
    let body = hex(Sha256::digest(body));
    let message = ["v1", "POST", path, &now, nonce, &body].join("\n");
    let mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    let mac = hex(mac.chain_update(message).finalize().into_bytes());
    [
        ("lifeguard-key", "crm-2027".to_owned()),
        ("lifeguard-timestamp", now),
        ("lifeguard-nonce", nonce.to_owned()),
        ("lifeguard-signature", format!("v1={mac}")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

pub(crate) fn post(
    stand_in: &StandIn,
    route: &str,
    headers: &[(String, String)],
    body: &str,
) -> Answer {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    send(
        stand_in,
        &format!("POST {route}"),
        &headers,
        body.as_bytes(),
    )
}

/// Asks the broker with a request that is new, or has that nonce.
fn ask(stand_in: &StandIn, path: &str, body: &Value, nonce: &str) -> Answer {
    let body = body.to_string();
    let signature = signature(path, &body, nonce);
    post(stand_in, &format!("BrokerApi{path}"), &signature, &body)
}

/// The headers that sign a request to an API by these credentials.
fn by(credentials: &Credentials, uri: &str, body: &str) -> Headers {
    let signing = Signing {
        credentials: credentials.clone(),
        ..Signing::for_service("execute-api")
    };
    signing.headers_of("POST", uri, "", body)
}

#[track_caller]
pub(crate) fn identity_of(stand_in: &StandIn, answer: &Answer) -> Identity {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    Identity::of_broker(stand_in, &answer.body).unwrap()
}

#[track_caller]
pub(crate) fn is_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (status, &json!(code)),
        "{answer:?}"
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn whoever_has_proven_it_elsewhere_has_files_of_their_own() {
    let stand_in = stand_in(&[]).await;
    let body = json!({"proof": contact("contact-1")});
    let answer = ask(&stand_in, "/v1/credentials", &body, "nonce-number-one-1");
    let ines = identity_of(&stand_in, &answer);
    let replayed = ask(&stand_in, "/v1/credentials", &body, "nonce-number-one-1");
    is_problem(&replayed, 401, "not-proven");
    let body = json!({"proof": contact("contact-2")});
    let answer = ask(&stand_in, "/v1/credentials", &body, "nonce-number-two-2");
    let kim = identity_of(&stand_in, &answer);
    assert_ne!(ines.id, kim.id);

    let bucket = stand_in.bucket("FilesBucket");
    let key = format!("users/{}/letter", ines.id);
    let put = ines.s3().put_object().bucket(&bucket).key(&key);
    put.body(ByteStream::from_static(b"dear"))
        .send()
        .await
        .unwrap();
    let get = |identity: &Identity| identity.s3().get_object().bucket(&bucket).key(&key).send();
    get(&ines).await.unwrap();
    let denied = get(&kim).await.unwrap_err();
    assert_eq!(denied.raw_response().unwrap().status().as_u16(), 403);
}

#[tokio::test]
async fn nobody_gets_a_token_or_credentials_without_a_proof() {
    let stand_in = stand_in(&[]).await;
    let body = json!({"proof": contact("contact-1")}).to_string();
    let unsigned = post(&stand_in, "BrokerApi/v1/credentials", &[], &body);
    is_problem(&unsigned, 401, "not-proven");
    let signature = signature("/v1/credentials", "another body", "nonce-number-one-1");
    let tampered = post(&stand_in, "BrokerApi/v1/credentials", &signature, &body);
    is_problem(&tampered, 401, "not-proven");
    let body = json!({"proof": contact("contact-1")});
    let token = ask(&stand_in, "/v1/token", &body, "nonce-number-one-1");
    is_problem(&token, 403, "tokens-are-off");
}

#[tokio::test]
async fn a_guest_becomes_a_user_by_the_guests_own_signature() {
    let stand_in = stand_in(&["--parameter", "AllowGuests=true"]).await;
    let guest = Identity::of_guest(&stand_in).await.unwrap();
    let path = "/v1/guest/credentials";
    let body = json!({"proof": contact("contact-1")}).to_string();
    let route = format!("BrokerApi{path}");
    let uri = format!("{}/_api/{route}", stand_in.endpoint);
    let mut headers = by(&guest.credentials, &uri, &body);
    headers.extend(signature(path, &body, "nonce-number-one-1"));
    let answer = post(&stand_in, &route, &headers, &body);
    let user = identity_of(&stand_in, &answer);
    assert_eq!(user.id, guest.id);
    let unsigned = signature(path, &body, "nonce-number-two-2");
    let unsigned = post(&stand_in, &route, &unsigned, &body);
    assert_eq!(unsigned.status, 403, "{unsigned:?}");
}

#[tokio::test]
async fn operators_look_up_block_and_unlink_by_a_signature_of_theirs() {
    let stand_in = stand_in(&[]).await;
    let body = json!({"proof": contact("contact-1")});
    let answer = ask(&stand_in, "/v1/credentials", &body, "nonce-number-one-1");
    let user = identity_of(&stand_in, &answer);
    let administrator = administrator();
    let operate = |credentials: &Credentials, name: &str, body: Value| {
        let (route, body) = (format!("OperatorApi/v1/{name}"), body.to_string());
        let uri = format!("{}/_api/{route}", stand_in.endpoint);
        let signed = by(credentials, &uri, &body);
        post(&stand_in, &route, &signed, &body)
    };
    let by_id = json!({"identityId": user.id});
    let denied = operate(&user.credentials, "lookup", by_id.clone());
    assert_eq!(denied.status, 403, "{denied:?}");
    let found = operate(&administrator, "lookup", by_id);
    assert_eq!(found.status, 200, "{found:?}");
    let identifier = found.body["identifiers"][0].clone();
    assert!(identifier.as_str().unwrap().starts_with("crm.h."));
    let found = operate(
        &administrator,
        "lookup",
        json!({ "identifier": identifier }),
    );
    assert_eq!(found.body["consistent"], true);

    let block = json!({"identifier": identifier, "blocked": true});
    assert_eq!(operate(&administrator, "block", block).status, 204);
    let blocked = ask(&stand_in, "/v1/credentials", &body, "nonce-number-two-2");
    is_problem(&blocked, 401, "not-proven");
    let unlink = json!({ "identifier": identifier });
    assert_eq!(operate(&administrator, "unlink", unlink).status, 204);
    let block = json!({"identifier": identifier, "blocked": false});
    assert_eq!(operate(&administrator, "block", block).status, 204);
    let answer = ask(&stand_in, "/v1/credentials", &body, "nonce-number-three-3");
    assert_ne!(identity_of(&stand_in, &answer).id, user.id);
}

#[tokio::test]
async fn two_proofs_make_two_logins_one_person() {
    let stand_in = stand_in(&[]).await;
    let first = json!({"proof": contact("contact-1")});
    ask(&stand_in, "/v1/credentials", &first, "nonce-number-one-1");
    let both = json!({"account": contact("contact-1"), "login": contact("contact-2")});
    // One signature is one proof, and cannot be two.
    let linked = ask(&stand_in, "/v1/link", &both, "nonce-number-two-2");
    is_problem(&linked, 401, "not-proven");
    let challenge = post(&stand_in, "BrokerApi/v1/challenge", &[], "");
    assert_eq!(challenge.status, 200, "{challenge:?}");
}
