//! Attributes: what the schema takes, who may write and read them, and where they turn up.

use serde_json::{Value, json};
use tests::jwt;
use tests::signed::Signing;
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in, tokens};

fn list(attributes: &[(&str, &str)]) -> Value {
    attributes
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect()
}

fn sign_up(
    stand_in: &StandIn,
    client: &str,
    attributes: &[(&str, &str)],
) -> Result<Value, Refused> {
    let attributes = list(attributes);
    let input = json!({"ClientId": client, "Username": "ines", "Password": PASSWORD, "UserAttributes": attributes});
    idp::call(stand_in, "SignUp", input)
}

fn create(
    stand_in: &StandIn,
    username: &str,
    attributes: &[(&str, &str)],
) -> Result<Value, Refused> {
    let more = json!({"UserAttributes": list(attributes), "TemporaryPassword": "Temporary-Horse-19", "MessageAction": "SUPPRESS"});
    admin(stand_in, "AdminCreateUser", username, more)
}

#[test]
fn the_schema_is_kept_at_sign_up() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    let conform = |problem: &str| {
        let text = format!("Attributes did not conform to the schema: {problem}\n");
        refused("InvalidParameter", &text)
    };
    let name = ("name", "Ines");
    let unauthorized = refused(
        "NotAuthorized",
        "A client attempted to write unauthorized attribute",
    );
    for (attributes, expected) in [
        (vec![], conform("name: The attribute is required")),
        (
            vec![name, ("custom:badge", "7")],
            conform("custom:badge: String length too short"),
        ),
        (
            vec![name, ("custom:badge", "123456789")],
            conform("custom:badge: String length too long"),
        ),
        (
            vec![name, ("custom:level", "11")],
            conform("custom:level: Number too large"),
        ),
        (
            vec![name, ("custom:level", "high")],
            conform("custom:level: Invalid number value"),
        ),
        (
            vec![name, ("custom:other", "1")],
            conform("custom:other: Attribute does not exist in the schema."),
        ),
        (
            vec![name, ("email", "ines")],
            refused("InvalidParameter", "Invalid email address format."),
        ),
        (vec![name, ("locale", "de-DE")], unauthorized.clone()),
    ] {
        assert_eq!(sign_up(&stand_in, web, &attributes).unwrap_err(), expected);
    }
    // A client without a list writes the standard attributes alone.
    let legacy = stand_in.client_id("LegacyClient");
    let custom = sign_up(&stand_in, &legacy, &[name, ("custom:badge", "77")]);
    assert_eq!(custom.unwrap_err(), unauthorized);
    let users = idp::call(&stand_in, "ListUsers", json!({"UserPoolId": stand_in.pool})).unwrap();
    assert_eq!(users["Users"], json!([]));
    sign_up(
        &stand_in,
        web,
        &[name, ("custom:badge", "77"), ("custom:level", "10")],
    )
    .unwrap();
}

#[test]
fn an_administrator_changes_what_can_be_changed() {
    let stand_in = idp::alias_pool();
    create(
        &stand_in,
        "ines",
        &[("custom:badge", "77"), ("custom:level", "1")],
    )
    .unwrap();
    let update = |name: &str, value: &str| {
        let more = json!({"UserAttributes": list(&[(name, value)])});
        admin(&stand_in, "AdminUpdateUserAttributes", "ines", more)
    };
    let text = "user.custom:badge: Attribute cannot be updated.\n";
    assert_eq!(
        update("custom:badge", "78").unwrap_err(),
        refused("InvalidParameter", text)
    );
    let text =
        "Invalid user attributes: user.custom:other: Attribute does not exist in the schema.\n";
    assert_eq!(
        update("custom:other", "1").unwrap_err(),
        refused("InvalidParameter", text)
    );
    let text = "Invalid user attributes: user.name: The attribute is required\n";
    assert_eq!(
        update("name", "").unwrap_err(),
        refused("InvalidParameter", text)
    );
    update("custom:level", "").unwrap();
    let user = admin(&stand_in, "AdminGetUser", "ines", json!({})).unwrap();
    let names: Vec<&Value> = user["UserAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| &attribute["Name"])
        .collect();
    assert_eq!(names, ["sub", "custom:badge"]);
}

#[test]
fn a_client_reads_what_it_may_and_the_trigger_reads_all() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    create(
        &stand_in,
        "ines",
        &[
            ("name", "Ines"),
            ("email", "ines@example.org"),
            ("custom:badge", "77"),
            ("custom:level", "9"),
        ],
    )
    .unwrap();
    let permanent = json!({"Password": PASSWORD, "Permanent": true});
    admin(&stand_in, "AdminSetUserPassword", "ines", permanent).unwrap();
    let signed_in = sign_in(&stand_in, web, "ines", PASSWORD).unwrap();
    let id = jwt::claims(tokens(&signed_in)["IdToken"].as_str().unwrap());
    assert_eq!(
        (&id["custom:badge"], &id["email"]),
        (&json!("77"), &json!("ines@example.org"))
    );
    assert_eq!((id.get("name"), id.get("custom:level")), (None, None));
    let shown = idp::call(
        &stand_in,
        "GetUser",
        json!({"AccessToken": tokens(&signed_in)["AccessToken"]}),
    )
    .unwrap();
    let names: Vec<&Value> = shown["UserAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| &attribute["Name"])
        .collect();
    assert_eq!(names, ["sub", "custom:badge", "email"]);
    let seen = &stand_in.get("calls")[0]["event"]["request"]["userAttributes"];
    assert_eq!(
        (&seen["custom:level"], &seen["name"]),
        (&json!("9"), &json!("Ines"))
    );
}

#[test]
fn with_the_new_password_come_the_missing_attributes_and_no_others_change() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    idp::user(&stand_in, "jan", "jan.roth@example.org");
    create(
        &stand_in,
        "ines",
        &[
            ("email", "ines@example.org"),
            ("email_verified", "true"),
            ("custom:badge", "77"),
        ],
    )
    .unwrap();
    create(&stand_in, "eve", &[("name", "Eve")]).unwrap();
    let asked = sign_in(&stand_in, web, "ines", "Temporary-Horse-19").unwrap();
    let parameters = &asked["ChallengeParameters"];
    assert_eq!(
        parameters["requiredAttributes"],
        "[\"userAttributes.name\"]"
    );
    let answer = |username: &str, session: &Value, attributes: &[(&str, &str)]| {
        let mut responses = json!({"USERNAME": username, "NEW_PASSWORD": PASSWORD});
        for (name, value) in attributes {
            responses[format!("userAttributes.{name}")] = json!(value);
        }
        idp::respond(&stand_in, web, "NEW_PASSWORD_REQUIRED", session, responses)
    };
    let ines = |attributes: &[(&str, &str)]| answer("ines", &asked["Session"], attributes);
    let name = ("name", "Ines");
    let not_mutable = |name: &str| {
        refused(
            "NotAuthorized",
            &format!("Cannot modify the non-mutable attribute {name}"),
        )
    };
    let missing = refused(
        "InvalidParameter",
        "Invalid attributes given, name is missing",
    );
    assert_eq!(ines(&[]).unwrap_err(), missing);
    assert_eq!(
        ines(&[name, ("email_verified", "true")]).unwrap_err(),
        not_mutable("email_verified")
    );
    assert_eq!(
        ines(&[name, ("custom:badge", "78")]).unwrap_err(),
        not_mutable("custom:badge")
    );
    let text = "An account with the given preferred_username already exists.";
    assert_eq!(
        ines(&[name, ("preferred_username", "jan")]).unwrap_err(),
        refused("AliasExists", text)
    );
    // None of these refusals used the session up; and the new address is no alias before it is verified.
    ines(&[name, ("email", "jan.roth@example.org")]).unwrap();
    let owner = admin(&stand_in, "AdminGetUser", "jan.roth@example.org", json!({})).unwrap();
    assert_eq!(owner["Username"], "jan");
    assert!(admin(&stand_in, "AdminGetUser", "ines@example.org", json!({})).is_err());

    let asked = sign_in(&stand_in, web, "eve", "Temporary-Horse-19").unwrap();
    let again = answer("eve", &asked["Session"], &[("name", "Eve")]);
    assert_eq!(
        again.unwrap_err(),
        refused("NotAuthorized", "Cannot modify an already provided name")
    );
}

#[test]
fn older_versions_of_the_token_trigger_change_what_they_could_then() {
    for (version, tenant_in_access) in [("V1_0", None), ("V2_0", Some("nordwind"))] {
        let parameter = format!("LambdaVersion={version}");
        let stand_in = StandIn::start(&[
            "--template",
            &idp::template("numbers.yaml"),
            "--parameter",
            &parameter,
        ]);
        let created = create(&stand_in, "+4915112345678", &[]).unwrap();
        let sub = created["User"]["Username"].as_str().unwrap();
        let item = json!({"TableName": stand_in.table("MembershipsTable"), "Item": {"subject": {"S": format!("user#{sub}")}, "tenant": {"S": "nordwind"}}});
        let put = Signing::for_service("dynamodb").send(
            &stand_in,
            "DynamoDB_20120810.PutItem",
            &item.to_string(),
        );
        assert_eq!(put.0, 200);
        let permanent = json!({"Password": PASSWORD, "Permanent": true});
        admin(&stand_in, "AdminSetUserPassword", sub, permanent).unwrap();
        let signed_in =
            sign_in(&stand_in, &stand_in.web_client, "+4915112345678", PASSWORD).unwrap();
        let claims = |token: &str| jwt::claims(tokens(&signed_in)[token].as_str().unwrap());
        assert_eq!(claims("IdToken")["tenant"], "nordwind", "{version}");
        assert_eq!(
            claims("IdToken")["phone_number"],
            "+4915112345678",
            "{version}"
        );
        assert_eq!(
            claims("AccessToken").get("tenant").and_then(Value::as_str),
            tenant_in_access,
            "{version}"
        );
        let event = &stand_in.get("calls")[0]["event"];
        assert_eq!(event["version"], version[1..2], "{version}");
        assert_eq!(
            event["request"].get("scopes").is_some(),
            version != "V1_0",
            "{version}"
        );
    }
}
