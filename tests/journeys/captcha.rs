//! A sign-up that has to bring the proof of a CAPTCHA, with a provider on the loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, refused};
use crate::parameters;

const INES: &str = "ines.falk@example.org";
const SECRET: &str = "0x4AAAAAAAsesame";

/// A provider that takes one proof, `solved`, with the secret; and the forms that it was sent.
struct Provider {
    address: String,
    forms: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    /// One whose puzzles stand on pages of this host.
    fn start(host: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/siteverify", listener.local_addr().unwrap());
        let forms = Arc::new(Mutex::new(Vec::<String>::new()));
        let received = Arc::clone(&forms);
        // Ends with the test's process.
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let form = read_form(&mut connection);
                let mut received = received.lock().unwrap();
                let good = accepts(&received, &form);
                received.push(form);
                let answer = match good {
                    true => json!({"success": true, "hostname": host}),
                    false => json!({"success": false, "error-codes": ["timeout-or-duplicate"]}),
                };
                let answer = answer.to_string();
                let length = answer.len();
                let _gone = write!(
                    connection,
                    "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{answer}"
                );
            }
        });
        Self { address, forms }
    }

    fn asked(&self) -> usize {
        self.forms.lock().unwrap().len()
    }
}

/// A proof counts for the form that it came with first, however often that one comes.
fn accepts(received: &[String], form: &str) -> bool {
    let beginning = format!("secret={SECRET}&response=solved&");
    let first = received.iter().find(|form| form.starts_with(&beginning));
    form.starts_with(&beginning) && first.is_none_or(|first| first == form)
}

fn read_form(connection: &mut impl Read) -> String {
    let mut reader = BufReader::new(connection);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut form = vec![0; length];
    reader.read_exact(&mut form).unwrap();
    String::from_utf8(form).unwrap()
}

/// A stand-in whose sign-ups need the proof of that provider; its secret is put as an operator does.
fn stand_in(endpoint: &str, on_error: &str) -> StandIn {
    let endpoint = format!("CaptchaEndpoint={endpoint}");
    let on_error = format!("CaptchaOnError={on_error}");
    let parameters = [
        "Captcha=turnstile",
        "CaptchaSecret=/lifeguard/captcha",
        "CaptchaHosts=app.example.org",
        &endpoint,
        &on_error,
    ];
    let stand_in = StandIn::start(
        &parameters
            .map(|parameter| ["--parameter", parameter])
            .concat(),
    );
    let put = json!({"Name": "/lifeguard/captcha", "Value": SECRET, "Type": "SecureString"});
    parameters::call(&stand_in, "PutParameter", true, &put);
    stand_in
}

fn sign_up(stand_in: &StandIn, email: &str, proof: Option<&str>) -> Result<(), Refused> {
    let proof = proof.map(|proof| json!({"Name": "captchaToken", "Value": proof}));
    let proof: Vec<Value> = proof.into_iter().collect();
    let input = json!({
        "ClientId": stand_in.web_client, "Username": email, "Password": PASSWORD, "ValidationData": proof,
    });
    idp::call(stand_in, "SignUp", input).map(drop)
}

fn shown(text: &str) -> Result<(), Refused> {
    let text = format!("PreSignUp failed with error {text}.");
    Err(refused("UserLambdaValidation", &text))
}

const SOLVE: &str = "Please solve the CAPTCHA to sign up";
const SOLVE_AGAIN: &str = "Please solve the CAPTCHA again";
const LATER: &str = "This service is not available right now, please try again later";

#[test]
fn a_proof_lets_one_user_sign_up() {
    let provider = Provider::start("app.example.org");
    let stand_in = stand_in(&provider.address, "refuse");
    assert_eq!(sign_up(&stand_in, INES, None), shown(SOLVE));
    assert_eq!(provider.asked(), 0);
    assert_eq!(
        sign_up(&stand_in, INES, Some("guessed")),
        shown(SOLVE_AGAIN)
    );
    assert_eq!(stand_in.get("outbox"), json!([]));
    assert_eq!(sign_up(&stand_in, INES, Some("solved")), Ok(()));
    let another = sign_up(&stand_in, "jan.roth@example.org", Some("solved"));
    assert_eq!(another, shown(SOLVE_AGAIN));
    idp::confirm(&stand_in, INES, INES, false).unwrap();
    // Administrators have solved no puzzle, and need not.
    let more = json!({"MessageAction": "SUPPRESS"});
    idp::admin(&stand_in, "AdminCreateUser", "eva@example.org", more).unwrap();
    let decisions = ["CaptchaMissing", "CaptchaWrong", "DomainRules"];
    assert!(decisions.iter().all(|reason| stand_in.logs(reason)));
    for secret in [SECRET, "sesame", "solved", "guessed"] {
        assert!(!stand_in.log().contains(secret), "{secret} is in the log");
        assert!(!stand_in.get("stack").to_string().contains(secret));
    }
}

#[test]
fn a_puzzle_on_somebody_elses_page_does_not_count() {
    let provider = Provider::start("evil.example");
    let stand_in = stand_in(&provider.address, "allow");
    assert_eq!(sign_up(&stand_in, INES, Some("solved")), shown(SOLVE_AGAIN));
    assert!(stand_in.logs("CaptchaFromAnotherHost"));
}

#[test]
fn while_the_provider_is_away_the_operator_decides() {
    // It hangs up on whoever calls.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/siteverify", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().for_each(drop));
    for (on_error, expected) in [("refuse", shown(LATER)), ("allow", Ok(()))] {
        let stand_in = stand_in(&address, on_error);
        assert_eq!(sign_up(&stand_in, INES, None), shown(SOLVE), "{on_error}");
        assert_eq!(
            sign_up(&stand_in, INES, Some("solved")),
            expected,
            "{on_error}"
        );
        assert!(stand_in.logs("failed to reach the CAPTCHA provider"));
    }
}
