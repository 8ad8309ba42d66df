//! Services that speak for themselves: tokens without a user, with claims from the memberships table.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tests::jwt;
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, refused};
use crate::recorded::{last_request, trigger_sources};
use crate::run_time_pools::made_client;

/// A client that may ask for tokens in both ways, and its secret.
struct Machine<'a> {
    stand_in: &'a StandIn,
    id: String,
    secret: String,
}

impl<'a> Machine<'a> {
    fn new(stand_in: &'a StandIn) -> Self {
        let server = json!({
            "UserPoolId": stand_in.pool, "Identifier": "ledger", "Name": "Ledger",
            "Scopes": [
                {"ScopeName": "read", "ScopeDescription": "Read entries"}, {"ScopeName": "post", "ScopeDescription": "Post entries"},
            ],
        });
        idp::call(stand_in, "CreateResourceServer", server).unwrap();
        let id = made_client(
            stand_in,
            &stand_in.pool,
            json!({
                "GenerateSecret": true,
                "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
                "AllowedOAuthFlowsUserPoolClient": true,
                "AllowedOAuthFlows": ["client_credentials"],
                "AllowedOAuthScopes": ["ledger/read", "ledger/post"],
            }),
        );
        let about = json!({"UserPoolId": stand_in.pool, "ClientId": id});
        let described = idp::call(stand_in, "DescribeUserPoolClient", about).unwrap();
        let secret = described["UserPoolClient"]["ClientSecret"].as_str();
        Self {
            stand_in,
            id,
            secret: secret.unwrap().to_owned(),
        }
    }

    fn basic(&self) -> String {
        let pair = format!("{}:{}", self.id, self.secret);
        format!("Basic {}", STANDARD.encode(pair))
    }

    /// Sends a form to a path, with a header of authorization if there is one: the status and the answer.
    fn post(&self, path: &str, authorization: Option<&str>, form: &str) -> (u16, Value) {
        let request = ureq::post(format!("{}/{path}", self.stand_in.endpoint))
            .config()
            .http_status_as_error(false)
            .build()
            .header("content-type", "Application/x-www-form-urlencoded");
        let request = match authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let mut answer = request.send(form).unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_json().unwrap())
    }

    /// The claims of the token that a form gets.
    #[track_caller]
    fn token(&self, path: &str, authorization: Option<&str>, form: &str) -> Value {
        let (status, answer) = self.post(path, authorization, form);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["token_type"], "Bearer");
        assert_eq!(answer["expires_in"], 3_600);
        assert!(answer["id_token"].is_null() && answer["refresh_token"].is_null());
        jwt::claims(answer["access_token"].as_str().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_gets_a_token_with_the_claims_of_its_membership() {
    let stand_in = StandIn::start(&[]);
    let machine = Machine::new(&stand_in);
    let text = |text: &str| AttributeValue::S(text.to_owned());
    stand_in
        .dynamodb()
        .put_item()
        .table_name(stand_in.table("MembershipsTable"))
        .item("subject", text(&format!("client#{}", machine.id)))
        .item("tenant", text("nordwind"))
        .item("roles", AttributeValue::L(vec![text("importer")]))
        .send()
        .await
        .unwrap();
    let of_pool = format!("{}/oauth2/token", stand_in.pool);
    let discovery = stand_in.get(&format!(
        "{}/.well-known/openid-configuration",
        stand_in.pool
    ));
    let endpoint = format!("{}/{of_pool}", stand_in.endpoint);
    assert_eq!(discovery["token_endpoint"], json!(endpoint));

    let form = "grant_type=client_credentials&scope=ledger%2Fread&aws_client_metadata=%7B%22job%22%3A%22nightly%22%7D";
    let claims = machine.token(&of_pool, Some(&machine.basic()), form);
    let names: Vec<&String> = claims.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "auth_time",
            "client_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "roles",
            "scope",
            "sub",
            "tenant",
            "token_use",
            "version"
        ]
    );
    assert_eq!(claims["sub"], json!(machine.id));
    assert_eq!(claims["client_id"], json!(machine.id));
    assert_eq!(claims["token_use"], "access");
    assert_eq!(claims["version"], 2);
    assert_eq!(claims["scope"], "ledger/read");
    assert_eq!(claims["tenant"], "nordwind");
    assert_eq!(claims["roles"], json!(["importer"]));
    flows::CLIENT_CREDENTIALS.was_fired(&stand_in, 0);
    let request = last_request(&stand_in, "TokenGeneration_ClientCredentials");
    assert_eq!(request["scopes"], json!(["ledger/read"]));
    assert_eq!(request["clientMetadata"], json!({"job": "nightly"}));

    // The secret in the form, at the path that all pools share, for all scopes.
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        machine.id, machine.secret
    );
    let claims = machine.token("oauth2/token", None, &form);
    assert_eq!(claims["scope"], "ledger/read ledger/post");
    // What is asked for twice is granted once.
    let twice = format!("{form}&scope=ledger/post+ledger/read+ledger/post");
    let claims = machine.token("oauth2/token", None, &twice);
    assert_eq!(claims["scope"], "ledger/post ledger/read");
    assert_eq!(claims["tenant"], "nordwind");
}

#[test]
fn the_api_gives_the_same_token() {
    let stand_in = StandIn::start(&[]);
    let machine = Machine::new(&stand_in);
    let asked = json!({"ClientId": machine.id, "Secret": machine.secret, "Scopes": ["ledger/post"], "ClientMetadata": {"a": "b"}});
    let answer = idp::call(&stand_in, "GetClientToken", asked.clone()).unwrap();
    let token = &answer["ClientAuthenticationResult"];
    assert_eq!(
        (&token["TokenType"], &token["ExpiresIn"]),
        (&json!("Bearer"), &json!(3_600))
    );
    let token = token["AccessToken"].as_str().unwrap();
    assert_eq!(jwt::claims(token)["scope"], "ledger/post");
    flows::GET_CLIENT_TOKEN.was_fired(&stand_in, 0);

    // It speaks for no user.
    let text = "Access Token does not have required scopes";
    let user = idp::call(&stand_in, "GetUser", json!({"AccessToken": token}));
    assert_eq!(user, Err(refused("NotAuthorized", text)));

    let with = |member: &str, value: Value| {
        let mut asked = asked.clone();
        asked[member] = value;
        idp::call(&stand_in, "GetClientToken", asked)
    };
    let wrong = format!("Unable to verify secret for client {}", machine.id);
    assert_eq!(
        with("Secret", json!("wrong")),
        Err(refused("NotAuthorized", &wrong))
    );
    assert_eq!(
        with("Scopes", json!(["openid"])),
        Err(refused("InvalidParameter", "invalid_scope"))
    );
    let text = "CLIENT_TOKEN_AUTH flow not enabled for this client";
    let about = json!({"UserPoolId": stand_in.pool, "ClientId": machine.id, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]});
    idp::call(&stand_in, "UpdateUserPoolClient", about).unwrap();
    assert_eq!(
        with("Scopes", Value::Null),
        Err(refused("InvalidParameter", text))
    );
}

#[test]
fn what_is_no_right_request_gets_the_errors_of_oauth() {
    let stand_in = StandIn::start(&[]);
    let machine = Machine::new(&stand_in);
    let basic = machine.basic();
    let wrong = format!("Basic {}", STANDARD.encode(format!("{}:wrong", machine.id)));
    let public = format!(
        "Basic {}",
        STANDARD.encode(format!("{}:", stand_in.web_client))
    );
    let twice = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        machine.id, machine.secret
    );
    let good = "grant_type=client_credentials";
    let of_pool = format!("{}/oauth2/token", stand_in.pool);
    for (name, path, authorization, form, error) in [
        (
            "no form",
            "oauth2/token",
            Some(&basic),
            "",
            "invalid_request",
        ),
        (
            "no grant",
            "oauth2/token",
            Some(&basic),
            "scope=a",
            "invalid_request",
        ),
        (
            "a strange grant",
            "oauth2/token",
            Some(&basic),
            "grant_type=password",
            "unsupported_grant_type",
        ),
        (
            "a grant that is not played",
            "oauth2/token",
            Some(&basic),
            "grant_type=authorization_code",
            "unsupported_grant_type",
        ),
        (
            "a field twice",
            "oauth2/token",
            Some(&basic),
            "grant_type=client_credentials&grant_type=client_credentials",
            "invalid_request",
        ),
        ("no client", "oauth2/token", None, good, "invalid_client"),
        (
            "a wrong secret",
            "oauth2/token",
            Some(&wrong),
            good,
            "invalid_client",
        ),
        (
            "a public client",
            "oauth2/token",
            Some(&public),
            good,
            "invalid_client",
        ),
        (
            "another pool",
            "us-east-1_Nobody000/oauth2/token",
            Some(&basic),
            good,
            "invalid_client",
        ),
        (
            "the secret twice",
            "oauth2/token",
            Some(&basic),
            &twice,
            "invalid_request",
        ),
        (
            "the secret twice, the id once",
            "oauth2/token",
            Some(&basic),
            &format!("{good}&client_secret={}", machine.secret),
            "invalid_request",
        ),
        (
            "a secret of nobody",
            "oauth2/token",
            None,
            &format!("{good}&client_secret={}", machine.secret),
            "invalid_client",
        ),
        (
            "a strange scope",
            &of_pool,
            Some(&basic),
            "grant_type=client_credentials&scope=ledger/read+ledger/delete",
            "invalid_scope",
        ),
        (
            "scopes with a tab between them",
            &of_pool,
            Some(&basic),
            "grant_type=client_credentials&scope=ledger/read%09ledger/read",
            "invalid_scope",
        ),
        (
            "a scope of users",
            &of_pool,
            Some(&basic),
            "grant_type=client_credentials&scope=openid",
            "invalid_scope",
        ),
        (
            "strange metadata",
            &of_pool,
            Some(&basic),
            "grant_type=client_credentials&aws_client_metadata=7",
            "invalid_request",
        ),
    ] {
        let (status, answer) = machine.post(path, authorization.map(String::as_str), form);
        assert_eq!((status, &answer["error"]), (400, &json!(error)), "{name}");
    }
    let about = json!({"UserPoolId": stand_in.pool, "ClientId": machine.id, "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]});
    idp::call(&stand_in, "UpdateUserPoolClient", about).unwrap();
    let (_, answer) = machine.post("oauth2/token", Some(&basic), good);
    assert_eq!(answer, json!({"error": "unauthorized_client"}));
    assert_eq!(trigger_sources(&stand_in), [""; 0]);
}
