//! What stands behind an HTTP API.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use super::{KEY, Measured, SAMPLE_HASH, event};

pub(super) fn functions(stand_in: &StandIn) -> Vec<Measured> {
    let set = |variable, value: &str| (variable, value.to_owned());
    let aws = set("AWS_ENDPOINT_URL", &stand_in.endpoint);
    let pool = [
        aws.clone(),
        set("IDENTITY_POOL_ID", &stand_in.output("IdentityPoolId")),
        set("DEVELOPER_PROVIDER_NAME", "login.lifeguard"),
        set("BROKER_KEY", KEY),
        set("IDENTITIES_TABLE", "identities"),
    ];
    let broker = [
        set("REPLAYS_TABLE", "replays"),
        set("TRIES_TABLE", "tries"),
        set("ISSUERS", &issuers().to_string()),
        set("BACKENDS", &backends().to_string()),
        set("RULES", &rules().to_string()),
        set("TAGS", "tenant=tenant"),
        set("BROKER_SECRETS", "/lifeguard/broker"),
        set("LEGACY_USERS_TABLE", "legacy-users"),
        set("SAMPLE_HASH", SAMPLE_HASH),
        set("TOKENS", "on"),
    ];
    let broker = pool.clone().into_iter().chain(broker);
    let enrolment = [
        aws,
        set("USER_POOL_ID", &stand_in.pool),
        set("AUTHENTICATORS_TABLE", "authenticators"),
        set("AUTHENTICATORS_KEY", KEY),
        set("APP_NAME", "Nordwind"),
    ];
    let request = event("identity-broker/credentials.json");
    let operators = event("identity-operator/lookup.json");
    let list = event("authenticator-enrolment/list.json");
    let caller = event("who-am-i/credentials.json");
    vec![
        // What every route of theirs looks up comes after the route.
        Measured::of("identity-broker", broker, &to_nowhere(&request))
            .starts_within(1.35)
            .holds(16.0),
        Measured::of("identity-operator", pool, &to_nowhere(&operators))
            .starts_within(1.35)
            .holds(16.0),
        Measured::of("authenticator-enrolment", enrolment, &to_nowhere(&list)).starts_within(1.35),
        Measured::of("who-am-i", [], &caller).starts_within(1.35),
    ]
}

fn issuers() -> Value {
    json!([{
        "name": "acme", "issuer": "https://login.example.org", "audiences": ["client-1"], "algorithms": ["RS256"],
        "hosts": ["login.example.org"], "jwks": "https://login.example.org/keys",
    }])
}

/// The key is that of RFC 8037, appendix A.2.
fn backends() -> Value {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    json!([{
        "name": "shop", "issuer": "https://shop.example.org", "audience": "lifeguard",
        "keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "shop-1", "alg": "EdDSA", "x": x}],
    }])
}

fn rules() -> Value {
    let role = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
    let operators = json!([{"claim": "groups", "contains": "operators"}]);
    json!([
        {"name": "operators", "from": ["acme"], "when": operators, "role": role("operators"), "seconds": 900},
        {"name": "closed", "when": [{"claim": "tenant", "equals": "closed"}], "deny": true},
        {"name": "everybody", "role": role("users")},
    ])
}

/// A request to a path that there is not: 404, without a look-up.
fn to_nowhere(event: &str) -> String {
    let mut event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["routeKey"] = json!("POST /v1/nowhere");
    event.to_string()
}
