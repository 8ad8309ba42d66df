//! The tables, the identity pool, STS, the key, the secrets and an OpenID provider, and what the API asks the function over them.

use std::sync::atomic::{AtomicUsize, Ordering};

use embedded_dynamodb::Tables;
use entrypoint::Env;
use function_tests::{HttpAnswer, IdentityPool, Keys, Roles, create, events, put, service};
use identity_broker::{Clients, Config, Outside, handle, unavailable};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::provider::Provider;
use crate::signers::{BACKEND, BACKEND_P256, PROVIDER, Signer, encode};

/// When the API took the requests, in seconds.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) const IDENTITIES: &str = "identities";
pub(crate) const REPLAYS: &str = "replays";
pub(crate) const TRIES: &str = "tries";
pub(crate) const LEGACY_USERS: &str = "legacy-users";

pub(crate) const PASSWORD: &str = "Correct-Horse-19";

/// Of that password.
pub(crate) const HASH: &str =
    "pbkdf2_sha256$1000$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk=";

const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";

/// Base64 of `a key of thirty-two bytes for us`.
const HMAC_KEY: &str = "YSBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyBmb3IgdXM=";

pub(crate) struct Stage {
    pub(crate) tables: Tables,
    pub(crate) pool: IdentityPool,
    pub(crate) roles: Roles,
    pub(crate) keys: Keys,
    pub(crate) provider: Provider,
    config: Config,
    outside: Outside,
    tokens: AtomicUsize,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with([]).await
    }

    /// With these variables instead of the usual ones.
    pub(crate) async fn with<const N: usize>(more: [(&str, &str); N]) -> Self {
        let tables = tables();
        Self::over(tables.client(), tables, more).await
    }

    pub(crate) async fn over<const N: usize>(
        dynamodb: aws_sdk_dynamodb::Client,
        tables: Tables,
        more: [(&str, &str); N],
    ) -> Self {
        let provider = Provider::start().await;
        let config = config(&provider, more);
        let pool = IdentityPool::at(NOW);
        let (roles, keys) = (Roles::default(), Keys::default());
        let secrets = service(|_, _| {
            let secrets = json!({"hmacKeys": {
                "crm-2027": {"source": "crm", "key": HMAC_KEY},
                "thief": {"source": "acme", "key": HMAC_KEY},
                "short": {"source": "short", "key": "c2hvcnQ="},
            }});
            Ok(json!({"Parameter": {"Value": secrets.to_string()}}))
        });
        let clients = Clients {
            dynamodb,
            identity_pools: aws_sdk_cognitoidentity::Client::new(&pool.connection()).into(),
            sts: aws_sdk_sts::Client::new(&roles.connection()).into(),
            kms: aws_sdk_kms::Client::new(&keys.connection()).into(),
            ssm: aws_sdk_ssm::Client::new(&secrets).into(),
        };
        Self {
            outside: Outside::new(clients, &config),
            tables,
            pool,
            roles,
            keys,
            provider,
            config,
            tokens: AtomicUsize::new(0),
        }
    }

    pub(crate) async fn ask(&self, request: Value) -> HttpAnswer {
        let request: Box<RawValue> = serde_json::value::to_raw_value(&request).unwrap();
        let handle = |request| handle(request, &self.config, &self.outside);
        HttpAnswer::of(entrypoint::answer_http(&request, handle, unavailable).await)
    }

    /// Asks for that with a body.
    pub(crate) async fn post(&self, path: &str, body: Value) -> HttpAnswer {
        self.ask(request(path, body, NOW)).await
    }

    pub(crate) async fn credentials(&self, proof: Value) -> HttpAnswer {
        self.post("/v1/credentials", json!({ "proof": proof }))
            .await
    }

    /// The proof of an ID token with these claims besides.
    pub(crate) fn id_token(&self, more: Value) -> Value {
        self.id_token_by(&PROVIDER, more)
    }

    pub(crate) fn id_token_by(&self, signer: &Signer, more: Value) -> Value {
        let token = signer.token(&self.id_claims(more));
        json!({"kind": "oidc-id-token", "token": token})
    }

    pub(crate) fn id_claims(&self, more: Value) -> Value {
        let claims = json!({
            "iss": self.provider.url(), "sub": "ines", "aud": "client-1",
            "iat": NOW - 5, "exp": NOW + 300, "tenant": "t-1",
        });
        with(claims, more)
    }

    /// The proof of a backend's token, another each time.
    pub(crate) fn backend_token(&self, more: Value) -> Value {
        let token = BACKEND.token(&self.backend_claims(more));
        json!({"kind": "backend-jwt", "token": token})
    }

    pub(crate) fn backend_claims(&self, more: Value) -> Value {
        let number = self.tokens.fetch_add(1, Ordering::Relaxed);
        let claims = json!({
            "iss": "https://shop.example.org", "sub": "customer-1", "aud": "lifeguard",
            "iat": NOW - 5, "exp": NOW + 55, "jti": format!("jti-{number}"), "tenant": "t-1",
        });
        with(claims, more)
    }

    pub(crate) async fn challenge(&self) -> String {
        let answer = self.ask(request("/v1/challenge", Value::Null, NOW)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["challenge"].as_str().unwrap().to_owned()
    }

    /// The proof of a device's key, for a request to that path.
    pub(crate) async fn device_key(&self, signer: &Signer, path: &str) -> Value {
        let challenge = self.challenge().await;
        device_key(signer, path, &challenge)
    }
}

pub(crate) fn device_key(signer: &Signer, path: &str, challenge: &str) -> Value {
    let message = format!("lifeguard-device-key-v1\nPOST\n{path}\n{challenge}");
    let signature = encode(signer.sign(message.as_bytes()));
    json!({
        "kind": "device-key", "key": signer.public_key(),
        "challenge": challenge, "signature": signature,
    })
}

pub(crate) fn password(name: &str, password: &str) -> Value {
    json!({"kind": "legacy-password", "name": name, "password": password})
}

pub(crate) fn tables() -> Tables {
    let tables = Tables::in_memory().unwrap();
    for (table, key) in [
        (IDENTITIES, "identifier"),
        (REPLAYS, "proof"),
        (TRIES, "window"),
        (LEGACY_USERS, "user"),
    ] {
        create(&tables, table, &[key]);
    }
    let membership = json!({"M": {"tenant": {"S": "t-1"}}});
    let ines =
        json!({"user": {"S": "ines@example.org"}, "hash": {"S": HASH}, "membership": membership});
    let before = json!({"N": "1700000000"});
    put(&tables, LEGACY_USERS, &ines);
    let moved = with(
        ines.clone(),
        json!({"user": {"S": "moved@example.org"}, "state": {"S": "migrated"}, "migratedAt": before}),
    );
    put(&tables, LEGACY_USERS, &moved);
    // Imported again, after it has moved.
    let back = with(ines, json!({"user": {"S": "back@example.org"}}));
    put(&tables, LEGACY_USERS, &back);
    let tombstone = json!({"user": {"S": "tombstone#back@example.org"}, "migratedAt": before});
    put(&tables, LEGACY_USERS, &tombstone);
    tables
}

fn config<const N: usize>(provider: &Provider, more: [(&str, &str); N]) -> Config {
    let url = provider.url();
    let host = url.trim_start_matches("http://");
    let issuer = |name: &str, more: Value| {
        let issuer = json!({
            "name": name, "issuer": url, "audiences": ["client-1", "client-2"],
            "algorithms": ["RS256"], "hosts": [host],
        });
        with(issuer, more)
    };
    let issuers = json!([
        issuer("acme", json!({})),
        issuer(
            "bound",
            json!({"issuer": "https://bound.example.org", "jwks": format!("{url}/keys"), "nonce": "challenge"})
        ),
    ]);
    let backends = json!([{
        "name": "shop", "issuer": "https://shop.example.org", "audience": "lifeguard",
        "keys": [BACKEND.named_key(), BACKEND_P256.named_key()], "opaque": true,
    }]);
    let role = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
    let rules = json!([
        {"name": "operators", "from": ["acme"], "when": [{"claim": "groups", "contains": "operators"}],
         "role": role("operators"), "seconds": 900, "sessionPolicy": {"Version": "2012-10-17", "Statement": []}},
        {"name": "closed", "when": [{"claim": "tenant", "equals": "closed"}], "deny": true},
        {"name": "tenants", "when": [{"claim": "tenant", "startsWith": "t-"}], "role": role("tenants")},
        {"name": "devices", "proofs": ["device-key"], "role": role("devices")},
    ]);
    let (issuers, backends, rules) = (issuers.to_string(), backends.to_string(), rules.to_string());
    let pool_keys = format!("{url}/pool-keys");
    let usual = [
        ("IDENTITY_POOL_ID", IdentityPool::ID),
        ("DEVELOPER_PROVIDER_NAME", IdentityPool::PROVIDER),
        ("BROKER_KEY", "arn:key"),
        ("IDENTITIES_TABLE", IDENTITIES),
        ("REPLAYS_TABLE", REPLAYS),
        ("TRIES_TABLE", TRIES),
        ("ISSUERS", &issuers),
        ("BACKENDS", &backends),
        ("RULES", &rules),
        ("TAGS", "tenant=tenant"),
        ("BROKER_SECRETS", "/lifeguard/broker"),
        ("LEGACY_USERS_TABLE", LEGACY_USERS),
        ("SAMPLE_HASH", SAMPLE),
        ("TOKENS", "on"),
        ("IDENTITY_KEYS_URL", &pool_keys),
    ];
    let mut pairs = [("", ""); 24];
    for (place, pair) in more.into_iter().chain(usual).enumerate() {
        pairs[place] = pair;
    }
    Config::from_env(Env::of_pairs(pairs)).unwrap()
}

/// The object with those members besides, or instead.
pub(crate) fn with(mut object: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}

pub(crate) fn event(name: &str) -> Value {
    let events = events("identity-broker");
    let (_, event) = events.iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(event.get()).unwrap()
}

/// A request that API Gateway took at that second.
pub(crate) fn request(path: &str, body: Value, now: i64) -> Value {
    let name = match path {
        "/v1/guest/credentials" => "guest-credentials",
        _ => path.rsplit('/').next().unwrap(),
    };
    let mut event = event(name);
    event["requestContext"]["timeEpoch"] = (now * 1_000).into();
    event["body"] = match body {
        Value::Null => Value::Null,
        body => body.to_string().into(),
    };
    event
}

/// The identity of whoever got something.
#[track_caller]
pub(crate) fn identity_of(answer: &HttpAnswer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["identityId"].as_str().unwrap()
}
