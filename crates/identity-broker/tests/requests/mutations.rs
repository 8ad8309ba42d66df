//! Proofs that were changed anywhere: none is taken. A few rounds here; a million with
//! `ROUNDS=1000000 cargo test --release --workspace --test requests mutations`, which takes the release profile some minutes to build.

use serde_json::{Value, json};

use crate::signers::{BACKEND_P256, DEVICE};
use crate::stage::{NOW, PASSWORD, Stage, event, password, request};

/// Chance that a failure can be repeated with.
struct Chance(u64);

impl Chance {
    /// Xorshift, by G. Marsaglia, 2003.
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/";

/// The text with a letter changed, added, taken out or moved, or a part of it twice.
fn mutated(text: &str, chance: &mut Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=chance.below(3) {
        let place = chance.below(bytes.len());
        let letter = LETTERS[chance.below(LETTERS.len())];
        match chance.below(5) {
            0 => bytes[place] = letter,
            1 => bytes.insert(place, letter),
            2 if bytes.len() > 1 => drop(bytes.remove(place)),
            3 => {
                let other = chance.below(bytes.len());
                bytes.swap(place, other);
            }
            _ => {
                let end = place + chance.below(bytes.len() - place);
                bytes.extend_from_within(place..end);
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Where a request is changed.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// A member of the proof.
    Proof(&'static str),
    /// A header, or the body as it is signed.
    Header(&'static str),
    Body,
}

impl Place {
    /// The request with that place changed by the function.
    fn change(self, request: &Value, change: impl FnOnce(&str) -> String) -> Value {
        let mut changed = request.clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        match self {
            Self::Proof(member) => {
                let mut body: Value = serde_json::from_str(&text(&request["body"])).unwrap();
                let value = &mut body["proof"][member];
                *value = change(&text(value)).into();
                changed["body"] = body.to_string().into();
            }
            Self::Header(name) => {
                let value = &mut changed["headers"][name];
                *value = change(&text(value)).into();
            }
            Self::Body => changed["body"] = change(&text(&request["body"])).into(),
        }
        changed
    }
}

async fn targets(stage: &Stage) -> Vec<(Value, Vec<Place>)> {
    let es256 = BACKEND_P256.token(&stage.backend_claims(json!({})));
    let device = stage.device_key(&DEVICE, PATH).await;
    let of_proof = |proof: Value, members: &[&'static str]| {
        let places = members.iter().copied().map(Place::Proof);
        (
            request(PATH, json!({ "proof": proof }), NOW),
            places.collect(),
        )
    };
    let headers = [
        "lifeguard-key",
        "lifeguard-timestamp",
        "lifeguard-nonce",
        "lifeguard-signature",
    ];
    let of_request = headers.map(Place::Header).into_iter().chain([Place::Body]);
    vec![
        of_proof(stage.id_token(json!({})), &["token"]),
        of_proof(stage.backend_token(json!({})), &["token"]),
        of_proof(json!({"kind": "backend-jwt", "token": es256}), &["token"]),
        of_proof(device, &["challenge", "signature"]),
        of_proof(password("ines@example.org", PASSWORD), &["password"]),
        (event("credentials.hmac-request"), of_request.collect()),
    ]
}

const PATH: &str = "/v1/credentials";

#[tokio::test]
async fn no_proof_that_was_changed_is_taken() {
    let rounds = std::env::var("ROUNDS").map_or(300, |rounds| rounds.parse().unwrap());
    let stage = Stage::with([("TRIES_PER_USER", "1000000")]).await;
    let targets = targets(&stage).await;
    let mut chance = Chance(0x5eed);
    let mut tried = 0;
    for round in 0..rounds {
        let (good, places) = &targets[chance.below(targets.len())];
        let place = places[chance.below(places.len())];
        let forged = place.change(good, |text| mutated(text, &mut chance));
        if forged == *good {
            continue;
        }
        tried += 1;
        let answer = stage.ask(forged).await;
        let is_refused = matches!(answer.status, 400 | 401);
        assert!(is_refused, "round {round}: {place:?}: {answer:?}");
    }
    assert!(tried > rounds * 9 / 10, "only {tried} of {rounds}");
    assert!(stage.pool.calls().is_empty());
}
