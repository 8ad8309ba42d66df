//! `openapi.yaml` and the function say the same: routes, what comes in, what goes out.

use serde_json::{Value, json};

use crate::signers::DEVICE;
use crate::stage::{NOW, PASSWORD, Stage, event, password, request};

fn document() -> Value {
    serde_norway::from_str(include_str!("../../openapi.yaml")).unwrap()
}

/// What the place in the document is, behind its references.
fn at<'a>(document: &'a Value, mut place: &'a Value) -> &'a Value {
    while let Some(reference) = place["$ref"].as_str() {
        place = document.pointer(&reference[1..]).unwrap();
    }
    place
}

/// What is wrong with a value, of the few words of JSON Schema that the document uses; another word is wrong with the document.
fn problem(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let schema = at(document, schema);
    for (word, wanted) in schema.as_object().unwrap() {
        let is_right = match word.as_str() {
            "description" | "format" => true,
            "type" => match wanted.as_str().unwrap() {
                "object" => value.is_object(),
                "string" => value.is_string(),
                "integer" => value.is_i64() || value.is_u64(),
                _ => panic!("{wanted}"),
            },
            "const" => value == wanted,
            "enum" => wanted.as_array().unwrap().contains(value),
            "required" => {
                let names = wanted.as_array().unwrap().iter();
                names
                    .map(|name| name.as_str().unwrap())
                    .all(|name| value.get(name).is_some())
            }
            "additionalProperties" => {
                let known = &schema["properties"];
                let members = value.as_object().unwrap();
                members.keys().all(|name| known.get(name).is_some())
            }
            "properties" => {
                let mut members = value.as_object().unwrap().iter();
                let wrong = members.find_map(|(name, value)| {
                    problem(document, wanted.get(name)?, value)
                        .map(|wrong| format!("{name}: {wrong}"))
                });
                if wrong.is_some() {
                    return wrong;
                }
                true
            }
            "oneOf" => {
                let kinds = wanted.as_array().unwrap().iter();
                kinds
                    .filter(|kind| problem(document, kind, value).is_none())
                    .count()
                    == 1
            }
            word => panic!("{word}"),
        };
        if !is_right {
            return Some(format!("{word}: {value}"));
        }
    }
    None
}

/// Asks, and holds the request and the answer against the document.
async fn check(stage: &Stage, path: &str, body: Value, expected: i64) {
    let document = document();
    let operation = &document["paths"][path]["post"];
    assert!(operation.is_object(), "{path} is not documented");
    let schema = &at(&document, &operation["requestBody"])["content"]["application/json"]["schema"];
    if expected < 300 && !body.is_null() {
        assert_eq!(problem(&document, schema, &body), None, "{path}");
    }
    let answer = stage.ask(request(path, body, NOW)).await;
    assert_eq!(answer.status, expected, "{path}: {answer:?}");
    let response = at(&document, &operation["responses"][expected.to_string()]);
    assert!(response.is_object(), "{path}: {expected} is not documented");
    let content = &response["content"];
    let kind = if expected < 300 {
        "application/json"
    } else {
        "application/problem+json"
    };
    match content[kind].get("schema") {
        Some(schema) => assert_eq!(problem(&document, schema, &answer.body), None, "{path}"),
        None => assert_eq!(answer.body, Value::Null, "{path}"),
    }
}

#[tokio::test]
async fn the_document_says_what_the_function_does() {
    let stage = Stage::new().await;
    let good = || stage.backend_token(json!({}));
    check(&stage, "/v1/challenge", Value::Null, 200).await;
    for path in ["/v1/credentials", "/v1/token"] {
        check(&stage, path, json!({"proof": good()}), 200).await;
        check(
            &stage,
            path,
            json!({"proof": stage.id_token(json!({}))}),
            200,
        )
        .await;
        check(
            &stage,
            path,
            json!({"proof": good(), "guest": {"token": "x"}}),
            401,
        )
        .await;
        check(&stage, path, json!({}), 400).await;
        let closed = stage.backend_token(json!({"tenant": "closed"}));
        check(&stage, path, json!({ "proof": closed }), 403).await;
        let long = "x".repeat(41 * 1_024);
        check(&stage, path, json!({"proof": long}), 413).await;
    }
    let guest = json!({"proof": stage.backend_token(json!({"sub": "guest"}))});
    check(&stage, "/v1/guest/credentials", guest, 409).await;
    let login = || password("ines@example.org", PASSWORD);
    for path in ["/v1/link", "/v1/unlink"] {
        check(
            &stage,
            path,
            json!({"account": good(), "login": login()}),
            204,
        )
        .await;
        check(
            &stage,
            path,
            json!({"account": good(), "login": good()}),
            409,
        )
        .await;
        let device = stage.device_key(&DEVICE, path).await;
        check(
            &stage,
            path,
            json!({"account": good(), "login": device}),
            204,
        )
        .await;
        check(
            &stage,
            path,
            json!({"account": good(), "login": password("x", "y")}),
            401,
        )
        .await;
        check(&stage, path, json!({}), 400).await;
    }
    stage.keys.fail(None);
    stage.pool.fail(Some("InternalErrorException"));
    check(&stage, "/v1/credentials", json!({"proof": good()}), 503).await;
    let limits = [("GRANTS_PER_SUBJECT", "1")];
    let stage = Stage::with(limits).await;
    for expected in [200, 429] {
        let proof = stage.backend_token(json!({}));
        check(&stage, "/v1/token", json!({ "proof": proof }), expected).await;
    }
}

#[tokio::test]
async fn every_documented_path_is_a_route() {
    let document = document();
    let stage = Stage::new().await;
    for path in document["paths"].as_object().unwrap().keys() {
        let mut asked = event("challenge");
        asked["routeKey"] = format!("POST {path}").into();
        asked["body"] = "{}".into();
        let answer = stage.ask(asked).await;
        assert_ne!(answer.status, 404, "{path}");
    }
}

/// Every code of a problem is in the document, and no other.
#[test]
fn every_code_is_documented() {
    let source = include_str!("../../src/problem.rs");
    let document = document();
    let codes = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].clone();
    let codes = codes.as_array().unwrap();
    let in_source = |code: &Value| source.contains(&format!("{code}"));
    assert!(codes.iter().all(in_source), "{codes:?}");
    let variants = source.matches("=> (4").count() + source.matches("=> (5").count();
    let on_own_lines = source.matches("(\n                4").count();
    assert_eq!(codes.len(), variants + on_own_lines);
}
