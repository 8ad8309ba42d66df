//! The events that the stand-in builds have the keys and nulls of the files in `events/`, which nobody generated from our types.

use std::path::Path;

use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType, MessageActionType};
use serde_json::Value;
use tests::stand_in::StandIn;
use tests::user::User;

#[tokio::test(flavor = "multi_thread")]
async fn built_events_are_shaped_like_the_recorded_ones() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let cognito = stand_in.cognito();
    let attribute = |name: &str, value: &str| {
        AttributeType::builder()
            .name(name)
            .value(value)
            .build()
            .unwrap()
    };
    let sign_up = cognito
        .sign_up()
        .client_id(&stand_in.web_client)
        .username("ines.falk@example.org");
    let sign_up = sign_up
        .password("Correct-Horse-19-Battery")
        .user_attributes(attribute("name", "Ines Falk"));
    let sign_up = sign_up
        .validation_data(attribute("inviteCode", "SPRING-7741"))
        .client_metadata("locale", "de-DE");
    sign_up.send().await.unwrap();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.confirm().await.unwrap();
    let tokens = user.sign_in().await.unwrap();
    let refresh = cognito
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::RefreshTokenAuth);
    refresh
        .auth_parameters("REFRESH_TOKEN", tokens.refresh_token().unwrap())
        .send()
        .await
        .unwrap();
    let create = cognito
        .admin_create_user()
        .user_pool_id(&stand_in.pool)
        .username("ops.lead@example.org");
    let create = create
        .user_attributes(attribute("email_verified", "true"))
        .message_action(MessageActionType::Suppress);
    create.send().await.unwrap();

    let calls = stand_in.get("calls");
    let mut compared = Vec::new();
    for call in calls.as_array().unwrap() {
        let source = call["triggerSource"].as_str().unwrap();
        let folder = if source.starts_with("PreSignUp") {
            "pre-sign-up"
        } else {
            "pre-token-generation-v3"
        };
        let mut recorded = recorded(folder, source);
        let mut built = call["event"].clone();
        for event in [&mut recorded, &mut built] {
            // Which attributes a user has, and what an app sends along, is up to them.
            for free in ["userAttributes", "clientMetadata", "validationData"] {
                if let Some(Value::Object(values)) = event["request"].get_mut(free) {
                    values.clear();
                }
            }
        }
        // An app need not send metadata; the file shows one that did.
        if built["request"].get("clientMetadata").is_none() {
            recorded["request"]
                .as_object_mut()
                .unwrap()
                .remove("clientMetadata");
        }
        assert_eq!(shape(&built), shape(&recorded), "{source}");
        compared.push(source.to_owned());
    }
    let expected = [
        "PreSignUp_SignUp",
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
        "PreSignUp_AdminCreateUser",
    ];
    assert_eq!(compared, expected);
}

fn recorded(folder: &str, source: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../events")
        .join(folder)
        .join(format!("{source}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Every member by its path, with the kind of its value. Lists count as lists, however long.
fn shape(value: &Value) -> Vec<String> {
    fn walk(path: &str, value: &Value, into: &mut Vec<String>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "text",
            Value::Array(_) => "list",
            Value::Object(members) => {
                members
                    .iter()
                    .for_each(|(name, member)| walk(&format!("{path}.{name}"), member, into));
                "object"
            }
        };
        // A user with groups has a preferred role, and one without has none.
        let kind = if path.ends_with(".preferredRole") {
            "text or null"
        } else {
            kind
        };
        into.push(format!("{path}: {kind}"));
    }
    let mut paths = Vec::new();
    walk("", value, &mut paths);
    paths.sort();
    paths
}
