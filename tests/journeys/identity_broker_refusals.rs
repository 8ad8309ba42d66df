//! ID tokens that prove nothing to the broker: each is refused with the same answer, whoever it is about, and the log alone says why.

use std::time::{Duration, Instant};

use serde_json::Value;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::http_api::{Answer, tampered};
use crate::identity_broker::{identity_of, is_problem};
use crate::identity_broker_provider::{Provider, broker_of, prove};

const INES: &str = "ines.falk@example.org";
const KIM: &str = "kim.berg@example.com";

/// All that a client sees of an answer, but for what each has of its own.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, &Value) {
    let headers = answer.headers.iter();
    let headers = headers
        .filter(|(name, _)| !["apigw-requestid", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, headers.collect(), &answer.body)
}

/// What became of each proof, by the broker's audit lines. They arrive a little after the answers.
fn outcomes(broker: &StandIn, expected: usize) -> Vec<String> {
    let give_up = Instant::now() + Duration::from_secs(10);
    loop {
        let log = broker.log();
        let lines = log.lines().filter_map(|line| {
            let line: Value = serde_json::from_str(&line[line.find('{')?..]).ok()?;
            (line["message"] == "answered a proof").then(|| line["outcome"].clone())
        });
        let found: Vec<String> = lines
            .map(|outcome| outcome.as_str().unwrap().to_owned())
            .collect();
        if found.len() >= expected || Instant::now() > give_up {
            return found;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The ID token of a user for another app client of the provider.
async fn for_another_client(provider: &Provider, email: &str) -> String {
    let stand_in = &provider.stand_in;
    let cognito = stand_in.cognito();
    let client = cognito
        .create_user_pool_client()
        .user_pool_id(&stand_in.pool)
        .client_name("another")
        .explicit_auth_flows("ALLOW_USER_PASSWORD_AUTH".into());
    let client = client.send().await.unwrap().user_pool_client.unwrap();
    let signed_in = cognito
        .initiate_auth()
        .client_id(client.client_id.unwrap())
        .auth_flow("USER_PASSWORD_AUTH".into())
        .auth_parameters("USERNAME", email)
        .auth_parameters("PASSWORD", User::new(stand_in, email).password);
    let signed_in = signed_in.send().await.unwrap();
    let tokens = signed_in.authentication_result.unwrap();
    tokens.id_token.unwrap()
}

/// What the first token says, with the second one's signature.
fn with_signature_of(claims: &str, signature: &str) -> String {
    let (claims, _) = claims.rsplit_once('.').unwrap();
    let (_, signature) = signature.rsplit_once('.').unwrap();
    format!("{claims}.{signature}")
}

#[tokio::test]
async fn what_proves_nothing_is_refused_alike_for_known_and_unknown_users() {
    let (provider, stranger) = (Provider::start(), Provider::start());
    let broker = broker_of(&[provider.as_issuer("partner")]);
    let ines = provider.tokens_of(INES).await;
    let kim = provider.tokens_of(KIM).await;
    let known = prove(&broker, "/v1/credentials", &ines.1);
    let known = identity_of(&broker, &known);
    let mut expected = vec!["granted".to_owned()];

    let mut first = None;
    // Kim has never been here.
    for (email, own, other) in [(INES, &ines, &kim), (KIM, &kim, &ines)] {
        let (access_token, id_token) = own;
        let attacks = [
            ("Audience", for_another_client(&provider, email).await),
            ("UnknownIssuer", stranger.tokens_of(email).await.1),
            // It has no audience at all, so that no claims can be read of it.
            ("Signature", access_token.clone()),
            ("Signature", tampered(id_token)),
            ("Signature", with_signature_of(id_token, &other.1)),
            ("Unreadable", id_token.replacen('.', "", 1)),
        ];
        for (reason, token) in attacks {
            for path in ["/v1/credentials", "/v1/token"] {
                let refused = prove(&broker, path, &token);
                is_problem(&refused, 401, "not-proven");
                assert_eq!(refused.header("www-authenticate"), "Lifeguard-Proof");
                expected.push(reason.to_owned());
                let first = first.get_or_insert_with(|| refused.clone());
                assert_eq!(seen(&refused), seen(first), "{email}, {reason}, {path}");
            }
        }
    }
    // All that was wrong was the proof.
    let again = prove(&broker, "/v1/credentials", &ines.1);
    assert_eq!(identity_of(&broker, &again).id, known.id);
    let new = prove(&broker, "/v1/credentials", &kim.1);
    assert_ne!(identity_of(&broker, &new).id, known.id);
    expected.extend(["granted".to_owned(), "granted".to_owned()]);
    assert_eq!(outcomes(&broker, expected.len()), expected);
    let log = broker.log();
    for secret in [INES, KIM, &ines.0, &ines.1, &kim.0, &kim.1] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_token_that_has_expired_is_refused_as_any_other() {
    let provider = Provider::start();
    let broker = broker_of(&[provider.as_issuer("partner")]);
    let (_, of_ines) = provider.tokens_of(INES).await;
    let (_, of_kim) = provider.tokens_of(KIM).await;
    let forged = prove(&broker, "/v1/credentials", &tampered(&of_ines));
    let known = prove(&broker, "/v1/credentials", &of_ines);
    let known = identity_of(&broker, &known);

    broker.advance_clock(3_600);
    for (token, path) in [
        (&of_ines, "/v1/credentials"),
        (&of_ines, "/v1/token"),
        (&of_kim, "/v1/credentials"),
    ] {
        let refused = prove(&broker, path, token);
        is_problem(&refused, 401, "not-proven");
        assert_eq!(seen(&refused), seen(&forged), "{path}");
    }
    let expected = ["Signature", "granted", "Expired", "Expired", "Expired"];
    assert_eq!(outcomes(&broker, expected.len()), expected);

    provider.stand_in.advance_clock(3_600);
    let next = provider.id_token_of(INES).await;
    let next = prove(&broker, "/v1/credentials", &next);
    assert_eq!(identity_of(&broker, &next).id, known.id);
}
