use serde_json::{Value, json};

use super::*;

const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";
const RULES: &str = r#"[{"name": "all", "role": "arn:aws:iam::123456789012:role/all"}]"#;
const KEY: &str = r#"{"kty": "OKP", "crv": "Ed25519", "kid": "1", "alg": "EdDSA", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

const LEAST: [(&str, &str); 7] = [
    ("IDENTITY_POOL_ID", "us-east-1:5b0c"),
    ("DEVELOPER_PROVIDER_NAME", "login.example"),
    ("BROKER_KEY", "arn:key"),
    ("IDENTITIES_TABLE", "identities"),
    ("REPLAYS_TABLE", "replays"),
    ("TRIES_TABLE", "tries"),
    ("RULES", RULES),
];

#[track_caller]
fn config<const N: usize>(more: [(&str, &str); N]) -> Result<Config, Vec<String>> {
    let mut pairs = [("", ""); 16];
    for (place, pair) in more.into_iter().chain(LEAST).enumerate() {
        pairs[place] = pair;
    }
    Config::from_env(Env::of_pairs(pairs)).map_err(|problems| {
        let problems = problems.to_string();
        let lines = problems.lines().skip(1);
        lines.map(|line| line.trim().to_owned()).collect()
    })
}

#[test]
fn what_is_not_set_is_the_safe_choice() {
    let config = config([]).unwrap();
    assert!(config.issuers.is_empty() && config.backends.is_empty() && config.tags.is_empty());
    assert!(!config.hands_out_tokens);
    assert!(config.passwords.is_none() && config.secrets.is_none());
    assert_eq!(config.token_seconds, 900);
    assert_eq!(config.identity_keys.url(), IDENTITY_KEYS);
    let limits = [config.per_user, config.per_subject, config.for_all];
    assert_eq!(limits.map(|limit| limit.tries), [20, 60, 1_200]);
}

#[test]
fn everything_set() {
    let issuers = r#"[{"name": "acme", "issuer": "https://login.example.org/", "audiences": ["a"], "algorithms": ["RS256", "ES256"],
        "hosts": ["login.example.org"], "nonce": "challenge", "opaque": true, "maxAgeSeconds": 60},
        {"name": "pool", "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC", "audiences": ["b"], "algorithms": ["RS256"],
        "hosts": ["cognito-idp.us-east-1.amazonaws.com"], "jwks": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC/.well-known/jwks.json"}]"#;
    let backends = format!(
        r#"[{{"name": "shop", "issuer": "https://shop.example.org", "audience": "us", "keys": [{KEY}]}}]"#
    );
    let config = config([
        ("ISSUERS", issuers),
        ("BACKENDS", &backends),
        ("TAGS", "tenant=custom:tenant,plan=plan"),
        ("BROKER_SECRETS", "/lifeguard/broker"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("SAMPLE_HASH", SAMPLE),
        ("TOKENS", "on"),
        ("TOKEN_SECONDS", "60"),
        ("IDENTITY_KEYS_URL", "http://127.0.0.1:9229/keys"),
    ])
    .unwrap();
    let [acme, pool] = &config.issuers[..] else {
        panic!("two issuers")
    };
    let KeysAt::Discovery(at) = &acme.keys else {
        panic!("discovery")
    };
    assert_eq!(
        at.url(),
        "https://login.example.org/.well-known/openid-configuration"
    );
    assert_eq!((acme.nonce, acme.is_opaque), (NonceRule::Challenge, true));
    assert_eq!(acme.max_age, Duration::minutes(1));
    assert!(matches!(pool.keys, KeysAt::Keys(_)));
    assert_eq!((pool.nonce, pool.is_opaque), (NonceRule::Presented, false));
    assert!(config.has_source("shop") && !config.has_source("device"));
    assert_eq!(config.tags.len(), 2);
    assert!(config.hands_out_tokens);
}

#[track_caller]
fn check<const N: usize>(more: [(&str, &str); N], expected: &[&str]) {
    assert_eq!(config(more).unwrap_err(), expected);
}

#[test]
fn all_problems_are_named_at_once() {
    let problems = Config::from_env(Env::of_pairs([])).unwrap_err().to_string();
    assert_eq!(problems.lines().count(), 8, "{problems}");
    check(
        [
            ("DEVELOPER_PROVIDER_NAME", "login,example"),
            ("BROKER_SECRETS", "hunter2"),
            ("LEGACY_USERS_TABLE", "legacy-users"),
            ("TOKENS", "yes"),
            ("TOKEN_SECONDS", "901"),
            ("GRANTS_PER_MINUTE", "0"),
            ("TAGS", "a=b,A=c"),
        ],
        &[
            "DEVELOPER_PROVIDER_NAME: expected letters, digits, `.`, `_` and `-`",
            "TAGS: A: is there twice",
            "BROKER_SECRETS: expected a parameter's name that begins with a slash, not the secrets themselves",
            "SAMPLE_HASH: not set; expected a hash as most users have it, of a password that nobody has",
            "TOKENS: expected one of on, off",
            "TOKEN_SECONDS: expected 60 to 900",
            "GRANTS_PER_MINUTE: expected 1 to 1000000",
        ],
    );
}

#[test]
fn an_issuer_has_to_be_one_that_can_be_asked() {
    let issuer = |more: Value| {
        let mut issuer = json!({
            "name": "acme", "issuer": "https://login.example.org", "audiences": ["a"],
            "algorithms": ["RS256"], "hosts": ["login.example.org"],
        });
        for (name, value) in more.as_object().unwrap() {
            issuer[name] = value.clone();
        }
        json!([issuer]).to_string()
    };
    for (more, expected) in [
        (
            json!({"issuer": "http://login.example.org"}),
            "ISSUERS: acme: expected https://<host>/<path>",
        ),
        (
            json!({"issuer": "https://169.254.169.254"}),
            "ISSUERS: acme: expected https://<host>/<path>",
        ),
        (
            json!({"hosts": ["example.org"]}),
            "ISSUERS: acme: expected the host among `hosts`",
        ),
        (
            json!({"jwks": "https://evil.example/keys"}),
            "ISSUERS: acme: expected the host among `hosts`",
        ),
        (
            json!({"audiences": []}),
            "ISSUERS: acme: expected an audience and an algorithm at least",
        ),
        (
            json!({"algorithms": []}),
            "ISSUERS: acme: expected an audience and an algorithm at least",
        ),
    ] {
        check([("ISSUERS", &*issuer(more))], &[expected]);
    }
    for name in ["Acme", "a.b", "", "device", "password"] {
        let problems = config([("ISSUERS", &*issuer(json!({ "name": name })))]).unwrap_err();
        assert!(problems[0].contains("expected a name"), "{problems:?}");
    }
    // What would weaken a check is not to be had.
    for more in [
        json!({"algorithms": ["none"]}),
        json!({"algorithms": ["HS256"]}),
        json!({"nonce": "ignore"}),
        json!({"skipExpiry": true}),
    ] {
        let problems = config([("ISSUERS", &*issuer(more))]).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
    let twice = json!([
        serde_json::from_str::<Value>(&issuer(json!({}))).unwrap()[0],
        serde_json::from_str::<Value>(&issuer(json!({"name": "other"}))).unwrap()[0],
    ]);
    check(
        [("ISSUERS", &*twice.to_string())],
        &["ISSUERS: other: a name or an issuer is there twice"],
    );
}

#[test]
fn a_backend_has_keys_with_names_and_algorithms() {
    for keys in [
        "",
        r#"{"kty": "oct", "k": "AAAA", "kid": "1", "alg": "HS256"}"#,
    ] {
        let backends = format!(
            r#"[{{"name": "shop", "issuer": "https://shop.example.org", "audience": "us", "keys": [{keys}]}}]"#
        );
        check(
            [("BACKENDS", &*backends)],
            &[
                "BACKENDS: shop: expected an issuer, an audience, and public keys with `kid` and `alg`",
            ],
        );
    }
}

#[test]
fn a_rule_gives_a_role_or_denies() {
    let role = "arn:aws:iam::123456789012:role/all";
    for (rules, expected) in [
        (json!([]), "RULES: expected a rule at least, in JSON"),
        (
            json!([{"name": "a"}]),
            "RULES: a: expected a role, or `deny`",
        ),
        (
            json!([{"name": "a", "deny": true, "role": role}]),
            "RULES: a: expected either a role or `deny`",
        ),
        (
            json!([{"name": "a", "role": "*"}]),
            "RULES: a: expected the ARN of a role",
        ),
        (
            json!([{"name": "a", "role": role, "seconds": 60}]),
            "RULES: a: expected 900 to 43200 seconds",
        ),
        (
            json!([{"name": "a", "role": role, "sessionPolicy": "x".repeat(2_048)}]),
            "RULES: a: expected a session policy of at most 2048 characters",
        ),
        (
            json!([{"name": "a", "role": role}, {"name": "a", "deny": true}]),
            "RULES: a: is there twice",
        ),
    ] {
        check([("RULES", &*rules.to_string())], &[expected]);
    }
}
