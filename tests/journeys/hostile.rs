//! Requests that no honest client sends: each is refused in AWS's form, and leaves everything as it was.

use serde_json::{Value, json};
use tests::signed::Signing;
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD};

/// What each operation must be given, in a form that reads well.
fn inputs(stand_in: &StandIn) -> Vec<(&'static str, Value)> {
    let (pool, client) = (&stand_in.pool, &stand_in.web_client);
    let user = json!({"UserPoolId": pool, "Username": "ines"});
    let group = json!({"UserPoolId": pool, "GroupName": "editors"});
    let member = json!({"UserPoolId": pool, "Username": "ines", "GroupName": "editors"});
    let auth = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "ines", "PASSWORD": "x"}});
    let challenge = json!({
        "ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "x",
        "ChallengeResponses": {"USERNAME": "ines", "NEW_PASSWORD": PASSWORD},
    });
    let by_administrator = |input: &Value| {
        let mut input = input.clone();
        input["UserPoolId"] = json!(pool);
        input
    };
    vec![
        ("AdminAddUserToGroup", member.clone()),
        ("AdminConfirmSignUp", user.clone()),
        (
            "AdminCreateUser",
            json!({"UserPoolId": pool, "Username": "ines", "UserAttributes": [], "ClientMetadata": {}, "ForceAliasCreation": true}),
        ),
        ("AdminInitiateAuth", by_administrator(&auth)),
        ("AdminRemoveUserFromGroup", member),
        ("AdminRespondToAuthChallenge", by_administrator(&challenge)),
        (
            "AdminSetUserPassword",
            json!({"UserPoolId": pool, "Username": "ines", "Password": "x", "Permanent": true}),
        ),
        (
            "AdminUpdateUserAttributes",
            json!({"UserPoolId": pool, "Username": "nobody", "UserAttributes": []}),
        ),
        (
            "ConfirmSignUp",
            json!({"ClientId": client, "Username": "ines", "ConfirmationCode": "x", "ForceAliasCreation": true}),
        ),
        (
            "DescribeUserPoolClient",
            json!({"UserPoolId": pool, "ClientId": "x"}),
        ),
        ("GetGroup", group),
        (
            "GetTokensFromRefreshToken",
            json!({"ClientId": client, "RefreshToken": "x", "ClientMetadata": {}}),
        ),
        ("GetUser", json!({"AccessToken": "x"})),
        ("GlobalSignOut", json!({"AccessToken": "x"})),
        ("InitiateAuth", auth),
        (
            "ListUsers",
            json!({"UserPoolId": pool, "Limit": 61, "Filter": "x", "AttributesToGet": []}),
        ),
        (
            "ResendConfirmationCode",
            json!({"ClientId": client, "Username": "ines"}),
        ),
        ("RespondToAuthChallenge", challenge),
        ("RevokeToken", json!({"ClientId": client, "Token": "x"})),
        (
            "SignUp",
            json!({
                "ClientId": client, "Username": "ines", "Password": PASSWORD, "UserAttributes": [], "ValidationData": [], "ClientMetadata": {},
            }),
        ),
    ]
}

/// Everything that a request could have changed, as far as it can be seen.
fn state(stand_in: &StandIn) -> Value {
    let pool = json!({"UserPoolId": stand_in.pool});
    let users = idp::call(stand_in, "ListUsers", pool.clone()).unwrap();
    let groups = idp::call(stand_in, "ListGroups", pool).unwrap();
    json!([users, groups, stand_in.get("outbox"), stand_in.get("calls")])
}

fn with(input: &Value, member: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[member] = value;
    input
}

#[test]
fn members_of_a_wrong_type_are_not_read() {
    let stand_in = idp::alias_pool();
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let before = state(&stand_in);
    let values = [
        json!(7),
        json!(1.5),
        json!(true),
        json!("x"),
        json!([7]),
        json!({"a": 7}),
        json!([[]]),
        json!({"a": {}}),
    ];
    for (operation, input) in inputs(&stand_in) {
        for (member, right) in input.as_object().unwrap() {
            let wrong = values.iter().filter(|value| match right {
                Value::Number(_) => !value.is_u64(),
                Value::Bool(_) => !value.is_boolean(),
                Value::String(_) => !value.is_string(),
                // A list or a map of the wrong things is as wrong.
                _ => true,
            });
            for value in wrong {
                let refusal = idp::call(&stand_in, operation, with(&input, member, value.clone()));
                let name = refusal.unwrap_err().name;
                assert_eq!(
                    name, "SerializationException",
                    "{operation}: {member} = {value}"
                );
            }
        }
    }
    assert_eq!(state(&stand_in), before);
}

#[test]
fn texts_that_are_empty_long_or_full_of_controls_break_nothing() {
    let stand_in = idp::alias_pool();
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let before = state(&stand_in);
    let long = "ü".repeat(100_000);
    let values = [
        "",
        " ",
        "\u{0}",
        "a\r\nx-injected: 1",
        "\u{202e}",
        "'; --\"\\",
        &long,
    ];
    for (operation, input) in inputs(&stand_in) {
        for (member, _) in input
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| value.is_string())
        {
            // What a filter or a session holds back is not asked for in these inputs; an empty filter is none.
            if (operation, member.as_str()) == ("ListUsers", "Filter") {
                continue;
            }
            for value in values {
                let refusal = idp::call(&stand_in, operation, with(&input, member, json!(value)));
                let name = refusal.map_err(|refusal| refusal.name);
                let read = name.is_err_and(|name| name != "SerializationException");
                assert!(read, "{operation}: {member}");
            }
        }
    }
    assert_eq!(state(&stand_in), before);
}

#[test]
fn new_names_with_blanks_and_controls_are_refused() {
    let stand_in = idp::alias_pool();
    let before = state(&stand_in);
    for name in [
        "",
        "ines falk",
        "ines\r\nx-injected: 1",
        "\u{0}",
        "ines\u{200b}",
        &"x".repeat(129),
    ] {
        let created = idp::admin(
            &stand_in,
            "AdminCreateUser",
            name,
            json!({"MessageAction": "SUPPRESS"}),
        );
        let signed_up = idp::sign_up(&stand_in, name, "ines.falk@example.org");
        for refusal in [created, signed_up] {
            let refusal = refusal.unwrap_err();
            assert_eq!(refusal.name, "InvalidParameterException", "{name:?}");
            assert!(
                refusal.text.contains("at 'username' failed"),
                "{name:?}: {}",
                refusal.text
            );
        }
    }
    for address in [
        "ines\n@example.org",
        "a@b@example.org",
        "ines\u{7}@example.org",
        " @example.org",
    ] {
        let refusal = idp::sign_up(&stand_in, "ines", address).unwrap_err();
        assert_eq!(refusal.text, "Invalid email address format.", "{address:?}");
    }
    assert_eq!(state(&stand_in), before);
}

#[test]
fn requests_that_are_too_large_too_deep_or_too_many_are_refused() {
    let stand_in = idp::alias_pool();
    let before = state(&stand_in);
    let client = &stand_in.web_client;
    let serialization = |body: &str| {
        let refusal = idp::send(&stand_in, "SignUp", body).unwrap_err();
        assert_eq!(refusal.name, "SerializationException");
    };
    serialization(&format!("{{\"ClientId\": {}", "[".repeat(50_000)));
    serialization(&format!(
        "{{\"ClientMetadata\": {}7{}}}",
        "{\"a\":".repeat(1_000),
        "}".repeat(1_000)
    ));
    serialization(
        &json!({"ClientId": client, "Username": "x".repeat(300_000), "Password": PASSWORD})
            .to_string(),
    );
    serialization("\u{feff}{}");
    serialization("{\"ClientId\": \"\\ud800\"}");

    let attributes: Vec<Value> = (0..5_000)
        .map(|number| json!({"Name": format!("a{number}"), "Value": ""}))
        .collect();
    let input = json!({"ClientId": client, "Username": "ines", "Password": PASSWORD, "UserAttributes": attributes});
    assert_eq!(
        idp::call(&stand_in, "SignUp", input).unwrap_err().name,
        "InvalidParameterException"
    );

    // So large that the connection may be closed before all of it was sent; the next request is served all the same.
    let huge = vec![b' '; 17 * 1024 * 1024];
    let target = "AWSCognitoIdentityProviderService.SignUp";
    let sent = ureq::post(&stand_in.endpoint)
        .header("x-amz-target", target)
        .send(&huge);
    assert!(sent.is_err());
    assert_eq!(state(&stand_in), before);
}

/// DynamoDB takes 4,096 bytes of an expression, be they parentheses.
#[test]
fn an_expression_of_parentheses_breaks_nothing() {
    let stand_in = StandIn::start(&[]);
    let depth = 2_000;
    let nested = format!("{}:v{}", "(".repeat(depth), ")".repeat(depth));
    for (operation, member, expression) in [
        ("Scan", "FilterExpression", format!("{nested} = :v")),
        ("Scan", "FilterExpression", format!("NOT {nested}")),
        (
            "UpdateItem",
            "UpdateExpression",
            format!("SET a = {nested}"),
        ),
    ] {
        let mut input = json!({
            "TableName": stand_in.table("InvitationsTable"), "ExpressionAttributeValues": {":v": {"S": "x"}},
        });
        input[member] = Value::from(expression);
        if operation == "UpdateItem" {
            input["Key"] = json!({"code": {"S": "SPRING-7741"}});
        }
        let target = format!("DynamoDB_20120810.{operation}");
        let (status, _, _) =
            Signing::for_service("dynamodb").send(&stand_in, &target, &input.to_string());
        assert!(status < 500, "{operation} {member}");
    }
}
