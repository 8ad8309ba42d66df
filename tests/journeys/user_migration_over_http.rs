//! Users of an older system that answers over HTTP, by the contract of `docs/MIGRATION.md`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::jwt;
use tests::stand_in::StandIn;

use crate::idp::{PASSWORD, Refused, admin, refused, sign_in, tokens};
use crate::parameters;
use crate::recovery::{confirm, forgot};

const EMAIL: &str = "ines.falk@example.org";
const OLD_PASSWORD: &str = "old horse";

/// What the two systems share.
const KEY: &str = "a key that only the two of them know";

/// The repository's own stack, and an older system on a free port.
struct Stack {
    stand_in: StandIn,
    /// What the older system was asked.
    asked: Receiver<Value>,
}

impl Stack {
    /// `answer` is the status and the body that the older system answers with.
    fn start(answer: impl Fn(&Value) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, asked) = channel();
        // It ends with this program.
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let question = serve(connection.unwrap(), &answer);
                drop(tell.send(question));
            }
        });
        let url = format!("MigrationEndpointUrl=http://{address}/users");
        let parameters = [
            "PasswordSignIn=true",
            "MigrationSources=http-endpoint",
            "MigrationSecrets=/migration/secrets",
            &url,
        ];
        let options: Vec<_> = parameters
            .iter()
            .flat_map(|parameter| ["--parameter", parameter])
            .collect();
        let stand_in = StandIn::start(&options);
        let secrets = json!({ "endpointKey": KEY }).to_string();
        let put = json!({"Name": "/migration/secrets", "Value": secrets, "Type": "SecureString"});
        let (status, _) = parameters::call(&stand_in, "PutParameter", true, &put);
        assert_eq!(status, 200);
        Self { stand_in, asked }
    }

    fn come_over(&self, password: &str) -> Result<Value, Refused> {
        sign_in(&self.stand_in, &self.stand_in.web_client, EMAIL, password)
    }

    fn moved(&self) -> bool {
        admin(&self.stand_in, "AdminGetUser", EMAIL, json!({})).is_ok()
    }
}

/// Answers one request, whose signature must be right, and returns what it asked.
fn serve(connection: TcpStream, answer: impl Fn(&Value) -> (u16, String)) -> Value {
    let mut connection = BufReader::new(connection);
    let mut line = || {
        let mut line = String::new();
        connection.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    assert_eq!(line(), "POST /users HTTP/1.1");
    let mut headers = std::collections::BTreeMap::new();
    while let Some((name, value)) = line().split_once(": ") {
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    connection.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let [time, nonce] = ["lifeguard-timestamp", "lifeguard-nonce"].map(|name| &headers[name]);
    let mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    let mac = mac
        .chain_update(format!("{time}.{nonce}.{body}"))
        .finalize();
    let mac = mac
        .into_bytes()
        .into_iter()
        .map(|byte| format!("{byte:02x}"));
    let signature = format!("v1={}", mac.collect::<String>());
    assert_eq!(headers["lifeguard-signature"], signature);
    let question = serde_json::from_str(&body).unwrap();
    let (status, body) = answer(&question);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} so\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let mut connection = connection.into_inner();
    connection.write_all((head + &body).as_bytes()).unwrap();
    question
}

/// What an older system with one user answers.
fn one_user(question: &Value) -> (u16, String) {
    let is_forgotten = question["purpose"] == "forgot-password";
    let is_right = question["password"] == OLD_PASSWORD;
    if question["name"] != EMAIL || !(is_forgotten || is_right) {
        return (200, json!({"found": false}).to_string());
    }
    let mut answer = json!({
        "found": true, "name": EMAIL, "attributes": {"email": EMAIL, "name": "Ines Falk"},
        "verified": ["email"], "membership": {"tenant": "nordwind"},
    });
    if is_right {
        answer["password"] = json!("right");
    }
    (200, answer.to_string())
}

#[test]
fn an_old_password_opens_the_new_pool() {
    let stack = Stack::start(one_user);
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    assert_eq!(stack.come_over(PASSWORD).unwrap_err(), wrong);
    assert!(!stack.moved());
    let signed_in = stack.come_over(OLD_PASSWORD).unwrap();
    let id = jwt::claims(tokens(&signed_in)["IdToken"].as_str().unwrap());
    assert_eq!(id["tenant"], "nordwind");
    let asked: Vec<Value> = stack.asked.try_iter().collect();
    let client = &stack.stand_in.web_client;
    let question = |password: &str| json!({"version": 1, "purpose": "sign-in", "name": EMAIL, "password": password, "clientId": client});
    assert_eq!(asked, [question(PASSWORD), question(OLD_PASSWORD)]);
    stack.come_over(OLD_PASSWORD).unwrap();
    assert!(
        stack.asked.try_recv().is_err(),
        "the older system was asked again"
    );
    for secret in ["ines.falk", OLD_PASSWORD, KEY] {
        assert!(!stack.stand_in.log().contains(secret), "{secret}");
    }
}

#[test]
fn a_forgotten_password_brings_over_whom_the_older_system_knows() {
    let stack = Stack::start(one_user);
    let (stand_in, web) = (&stack.stand_in, &stack.stand_in.web_client);
    let sent = forgot(stand_in, web, EMAIL).unwrap();
    assert_eq!(
        forgot(stand_in, web, "ines.roth@example.org").unwrap(),
        sent
    );
    let code = stand_in.code_for(EMAIL);
    confirm(stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    stack.come_over(PASSWORD).unwrap();
}

#[test]
fn while_the_older_system_is_out_of_order_nobody_is_told_of_a_wrong_password() {
    let right = one_user(&json!({"name": EMAIL, "password": OLD_PASSWORD})).1;
    let text = "UserMigration failed with error This service is not available right now, please try again later.";
    for (status, body) in [
        (500, right.clone()),
        (302, right.clone()),
        (200, "<html>".to_owned()),
        (200, format!("{right}{}", " ".repeat(65 * 1_024))),
    ] {
        let length = body.len();
        let stack = Stack::start(move |_| (status, body.clone()));
        let seen = stack.come_over(OLD_PASSWORD).unwrap_err();
        let expected = refused("UserLambdaValidation", text);
        assert_eq!(seen, expected, "{status}, {length} bytes");
        assert!(!stack.moved());
    }
}

#[test]
fn an_answer_about_somebody_else_brings_nobody() {
    let stack = Stack::start(|_| one_user(&json!({"name": EMAIL, "password": OLD_PASSWORD})));
    let (stand_in, web) = (&stack.stand_in, &stack.stand_in.web_client);
    let seen = sign_in(stand_in, web, "jan.roth@example.org", OLD_PASSWORD).unwrap_err();
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    assert_eq!(seen, wrong);
    assert!(stand_in.logs("\"reason\":\"AnotherName\""));
    assert!(!stack.moved());
}
