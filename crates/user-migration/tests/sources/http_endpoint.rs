//! An HTTP endpoint on the loopback, which checks what it is asked as the sample server does.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use embedded_dynamodb::unreachable_client;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};
use user_migration::Proof;

use crate::conformance::{PASSWORD, Stage, conforms, fails};
use crate::{no_pool, outside};

const KEY: &str = "the key of the test";

/// What an endpoint answers a body, as a whole response; `None` is silence.
type Answering = dyn Fn(&Value) -> Option<String> + Send + Sync;

/// The heads of the requests so far.
type Heads = Arc<Mutex<Vec<HashMap<String, String>>>>;

/// A source that asks an endpoint which answers so.
async fn stage(
    answering: impl Fn(&Value) -> Option<String> + Send + Sync + 'static,
) -> (Stage, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Heads::default();
    let (answering, noting): (Arc<Answering>, _) = (Arc::new(answering), Arc::clone(&heads));
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(serve(
                connection,
                Arc::clone(&answering),
                Arc::clone(&noting),
            ));
        }
    });
    (at(address, json!({"endpointKey": KEY})), heads)
}

fn at(address: SocketAddr, secrets: Value) -> Stage {
    let url = format!("http://{address}/ask");
    let more = [
        ("SOURCES", "http-endpoint"),
        ("ENDPOINT_URL", &*url),
        ("MIGRATION_SECRETS", "/lifeguard/migration"),
    ];
    Stage {
        outside: outside(unreachable_client(), no_pool(), Some(secrets), more),
        legacy_users: None,
    }
}

async fn serve(mut connection: TcpStream, answering: Arc<Answering>, heads: Heads) {
    let Some((head, body)) = read_request(&mut connection).await else {
        return; // The client gave up.
    };
    check_signature(&head, &body);
    let answer = answering(&serde_json::from_str(&body).unwrap());
    heads.lock().unwrap().push(head);
    match answer {
        // A client that has read enough is gone already.
        Some(answer) => drop(connection.write_all(answer.as_bytes()).await),
        None => std::future::pending().await,
    }
}

async fn read_request(connection: &mut TcpStream) -> Option<(HashMap<String, String>, String)> {
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4_096];
        let length = connection.read(&mut part).await.ok()?;
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8(request.clone()).ok()?;
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (first, rest) = head.split_once("\r\n")?;
            assert_eq!(first, "POST /ask HTTP/1.1");
            let lines = rest.lines().filter_map(|line| line.split_once(": "));
            let lines = lines.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
            let head: HashMap<_, _> = lines.collect();
            if body.len() == head["content-length"].parse::<usize>().ok()? {
                return Some((head, body.to_owned()));
            }
        }
        if length == 0 {
            return None;
        }
    }
}

#[track_caller]
fn check_signature(head: &HashMap<String, String>, body: &str) {
    let (timestamp, nonce) = (&head["lifeguard-timestamp"], &head["lifeguard-nonce"]);
    assert_eq!(timestamp, "1800000000");
    let mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    let mac = mac.chain_update(format!("{timestamp}.{nonce}.{body}"));
    let hex = mac.finalize().into_bytes();
    let hex: String = hex.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(head["lifeguard-signature"], format!("v1={hex}"));
}

fn ok(body: &Value) -> Option<String> {
    Some(response("200 OK", &body.to_string()))
}

fn response(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn ines(more: Value) -> Value {
    let mut ines = json!({
        "found": true,
        "name": "ines@example.org",
        "password": "right",
        "attributes": {"email": "ines@example.org", "name": "Ines"},
        "verified": ["email"],
    });
    for (name, value) in more.as_object().unwrap() {
        ines[name] = value.clone();
    }
    ines
}

/// As the sample server does it.
fn right(body: &Value) -> Option<String> {
    assert_eq!(body["version"], 1);
    assert_eq!(body["clientId"], "web");
    let name = body["name"].as_str().unwrap().to_lowercase();
    let is_known = name == "ines@example.org";
    let is_right = match body["purpose"].as_str().unwrap() {
        "sign-in" => body["password"] == PASSWORD,
        "forgot-password" => body.get("password").is_none(),
        other => panic!("{other}"),
    };
    ok(&if is_known && is_right {
        ines(json!({}))
    } else {
        json!({"found": false})
    })
}

#[tokio::test]
async fn it_conforms() {
    let (stage, heads) = stage(right).await;
    conforms(&stage).await;
    let heads = heads.lock().unwrap();
    let mut nonces: Vec<_> = heads.iter().map(|head| &head["lifeguard-nonce"]).collect();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), heads.len(), "no nonce comes twice");
}

#[tokio::test]
async fn an_endpoint_that_is_out_of_order_is_an_error() {
    let redirection = response("302 Found", "").replacen("\r\n", "\r\nlocation: /ask\r\n", 1);
    let too_long = response(
        "200 OK",
        &format!("{}{}", ines(json!({})), " ".repeat(64 * 1_024)),
    );
    for answer in [
        redirection,
        response("500 Internal Server Error", "{}"),
        response("401 Unauthorized", r#"{"found": false}"#),
        response("200 OK", "ines@example.org"),
        response("200 OK", r#"{"found": true, "password": "right"}"#),
        response(
            "200 OK",
            r#"{"found": true, "name": "ines", "password": "wrong-Horse"}"#,
        ),
        response(
            "200 OK",
            r#"{"found": true, "name": "ines", "password": "right", "membership": {"tenant": null}}"#,
        ),
        too_long,
        String::new(),
    ] {
        let (stage, heads) = stage(move |_| Some(answer.clone())).await;
        fails(&stage).await;
        assert_eq!(
            heads.lock().unwrap().len(),
            3,
            "nothing is followed or tried again"
        );
    }
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    fails(&at(nobody, json!({"endpointKey": KEY}))).await;
    fails(&at(nobody, json!({}))).await;
}

#[tokio::test(start_paused = true)]
async fn silence_is_given_up_after_two_seconds() {
    let (stage, _) = stage(|_| None).await;
    let started = Instant::now();
    let asking = stage.ask("ines@example.org", Some(PASSWORD));
    let answer = timeout(Duration::from_secs(4), asking).await;
    let error = answer.expect("it is given up before the edge").unwrap_err();
    assert_eq!(error.to_string(), "the endpoint did not answer within 2 s");
    assert!(started.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn what_is_said_of_the_password_counts_and_nothing_else() {
    for (password, typed, expected) in [
        (json!("right"), Some(PASSWORD), Some(Proof::PasswordRight)),
        (
            json!("right-but-reset"),
            Some(PASSWORD),
            Some(Proof::PasswordRightButReset),
        ),
        (Value::Null, Some(PASSWORD), None),
        (json!("right"), None, Some(Proof::Known)),
        (Value::Null, None, Some(Proof::Known)),
    ] {
        let answer = ines(json!({"password": password}));
        let (stage, _) = stage(move |_| ok(&answer)).await;
        let found = stage.ask("ines@example.org", typed).await.unwrap();
        assert_eq!(
            found.map(|found| found.proof),
            expected,
            "{password} {typed:?}"
        );
    }
}

#[tokio::test]
async fn a_cohort_and_a_membership_come_along() {
    let answer = ines(json!({
        "cohort": "spring",
        "membership": {"tenant": "t-1", "groups": ["editors"], "claims": {"seats": 3, "paid": true}},
    }));
    let (stage, _) = stage(move |_| ok(&answer)).await;
    let found = stage
        .ask("ines@example.org", Some(PASSWORD))
        .await
        .unwrap()
        .unwrap();
    let s = |text: &str| AttributeValue::S(text.to_owned());
    let claims = [
        ("seats".to_owned(), AttributeValue::N("3".to_owned())),
        ("paid".to_owned(), AttributeValue::Bool(true)),
    ];
    let membership = [
        ("tenant".to_owned(), s("t-1")),
        ("groups".to_owned(), AttributeValue::L(vec![s("editors")])),
        ("claims".to_owned(), AttributeValue::M(claims.into())),
    ];
    assert_eq!(found.cohort.as_deref(), Some("spring"));
    assert_eq!(found.membership, Some(membership.into()));
}
