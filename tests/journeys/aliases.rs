//! Names by which a user is found: who has them, and how they change hands.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, admin, confirm, refused, sign_in, sign_up, user};

/// The value of a user's attribute.
fn attribute(stand_in: &StandIn, username: &str, name: &str) -> Value {
    let user = admin(stand_in, "AdminGetUser", username, json!({})).unwrap();
    let attributes = user["UserAttributes"].as_array().unwrap();
    let found = attributes
        .iter()
        .find(|attribute| attribute["Name"] == name);
    found.map_or(Value::Null, |attribute| attribute["Value"].clone())
}

fn update(
    stand_in: &StandIn,
    username: &str,
    name: &str,
    value: &str,
) -> Result<Value, idp::Refused> {
    let attributes = json!({"UserAttributes": [{"Name": name, "Value": value}]});
    admin(stand_in, "AdminUpdateUserAttributes", username, attributes)
}

const TAKEN: &str = "An account with the given email already exists.";

#[test]
fn an_alias_counts_once_it_is_verified_and_the_last_to_verify_may_take_it() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    let email = "shared@example.org";
    sign_up(&stand_in, "ines", email).unwrap();
    let unknown = refused("NotAuthorized", "Incorrect username or password.");
    assert_eq!(
        sign_in(&stand_in, web, email, PASSWORD).unwrap_err(),
        unknown
    );
    confirm(&stand_in, "ines", email, false).unwrap();
    sign_in(&stand_in, web, email, PASSWORD).unwrap();
    // This pool minds the case.
    assert_eq!(
        sign_in(&stand_in, web, "Shared@example.org", PASSWORD).unwrap_err(),
        unknown
    );
    assert_eq!(
        sign_in(&stand_in, web, "Ines", PASSWORD).unwrap_err(),
        unknown
    );

    sign_up(&stand_in, "jan", email).unwrap();
    assert_eq!(
        confirm(&stand_in, "jan", email, false).unwrap_err(),
        refused("AliasExists", TAKEN)
    );
    assert_eq!(attribute(&stand_in, email, "email_verified"), "true");
    confirm(&stand_in, "jan", email, true).unwrap();
    assert_eq!(
        admin(&stand_in, "AdminGetUser", email, json!({})).unwrap()["Username"],
        "jan"
    );
    assert_eq!(attribute(&stand_in, "ines", "email_verified"), "false");
    // What else changes about the first owner does not bring the alias back.
    update(&stand_in, "ines", "name", "Ines").unwrap();
    assert_eq!(
        admin(&stand_in, "AdminGetUser", email, json!({})).unwrap()["Username"],
        "jan"
    );
}

#[test]
fn a_user_name_is_never_an_alias_and_an_alias_never_anothers_user_name() {
    let stand_in = idp::alias_pool();
    user(&stand_in, "ines", "ines.falk@example.org");
    user(&stand_in, "jan", "jan.roth@example.org");
    let text = "Username cannot be of email format, since user pool is configured for email alias.";
    let shaped = sign_up(&stand_in, "eve@example.org", "eve@example.org");
    assert_eq!(shaped.unwrap_err(), refused("InvalidParameter", text));

    let attributes = json!([
        {"Name": "email", "Value": "eve@example.org"}, {"Name": "name", "Value": "Eve"}, {"Name": "preferred_username", "Value": "ines"}
    ]);
    let input = json!({"ClientId": stand_in.web_client, "Username": "eve", "Password": PASSWORD, "UserAttributes": attributes});
    let text = "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.";
    let preferred = idp::call(&stand_in, "SignUp", input);
    assert_eq!(preferred.unwrap_err(), refused("InvalidParameter", text));

    let text = "An account with the given preferred_username already exists.";
    assert_eq!(
        update(&stand_in, "jan", "preferred_username", "ines").unwrap_err(),
        refused("AliasExists", text)
    );
    update(&stand_in, "jan", "preferred_username", "captain").unwrap();
    assert_eq!(
        update(&stand_in, "ines", "preferred_username", "captain").unwrap_err(),
        refused("AliasExists", text)
    );
    sign_in(&stand_in, &stand_in.web_client, "captain", PASSWORD).unwrap();
    update(&stand_in, "jan", "preferred_username", "").unwrap();
    assert!(sign_in(&stand_in, &stand_in.web_client, "captain", PASSWORD).is_err());
    update(&stand_in, "ines", "preferred_username", "captain").unwrap();
}

#[test]
fn an_administrator_moves_an_alias_only_on_purpose() {
    let stand_in = idp::alias_pool();
    user(&stand_in, "ines", "ines.falk@example.org");
    let attributes = json!([{"Name": "email", "Value": "ines.falk@example.org"}, {"Name": "email_verified", "Value": "true"}]);
    let create = |username: &str, force: bool| {
        let more = json!({"UserAttributes": attributes, "MessageAction": "SUPPRESS", "ForceAliasCreation": force});
        admin(&stand_in, "AdminCreateUser", username, more)
    };
    assert_eq!(
        create("jan", false).unwrap_err(),
        refused("AliasExists", TAKEN)
    );
    assert!(admin(&stand_in, "AdminGetUser", "jan", json!({})).is_err());
    create("jan", true).unwrap();
    assert_eq!(attribute(&stand_in, "ines", "email_verified"), "false");
    let again = create("jan", true).unwrap_err();
    assert_eq!(
        again,
        refused("UsernameExists", "User account already exists")
    );
}

#[test]
fn a_code_proves_the_address_that_it_was_sent_to() {
    let stand_in = idp::alias_pool();
    sign_up(&stand_in, "ines", "mine@example.org").unwrap();
    update(&stand_in, "ines", "email", "yours@example.org").unwrap();
    let text = "Invalid code provided, please request a code again.";
    let old = confirm(&stand_in, "ines", "mine@example.org", false);
    assert_eq!(old.unwrap_err(), refused("ExpiredCode", text));
    assert_eq!(attribute(&stand_in, "ines", "email_verified"), "false");
    let resend = json!({"ClientId": stand_in.web_client, "Username": "ines"});
    idp::call(&stand_in, "ResendConfirmationCode", resend).unwrap();
    confirm(&stand_in, "ines", "yours@example.org", false).unwrap();
    assert_eq!(attribute(&stand_in, "ines", "email_verified"), "true");
}

#[test]
fn addresses_and_numbers_that_are_user_names_stay_with_one_user() {
    let stand_in = StandIn::start(&["--template", &idp::template("numbers.yaml")]);
    let sign_up = |username: &str, attributes: Value| {
        let input = json!({"ClientId": stand_in.web_client, "Username": username, "Password": PASSWORD, "UserAttributes": attributes});
        idp::call(&stand_in, "SignUp", input)
    };
    let number = "+4915112345678";
    let signed_up = sign_up(number, json!([])).unwrap();
    let sub = &signed_up["UserSub"];
    assert_eq!(signed_up["CodeDeliveryDetails"]["DeliveryMedium"], "SMS");
    assert_eq!(
        signed_up["CodeDeliveryDetails"]["Destination"],
        "+*******5678"
    );
    let input = json!({"ClientId": stand_in.web_client, "Username": number, "ConfirmationCode": stand_in.code_for(number)});
    idp::call(&stand_in, "ConfirmSignUp", input).unwrap();
    assert_eq!(
        admin(&stand_in, "AdminGetUser", number, json!({})).unwrap()["Username"],
        *sub
    );

    let text = "An account with the given phone_number already exists.";
    let taken = sign_up(
        "Eve@Example.org",
        json!([{"Name": "phone_number", "Value": number}]),
    );
    assert_eq!(taken.unwrap_err(), refused("UsernameExists", text));
    assert_eq!(
        sign_up(number, json!([])).unwrap_err(),
        refused("UsernameExists", text)
    );
    for wrong in ["ines", "+49-151-123", "+49151123456789012"] {
        assert_eq!(
            sign_up(wrong, json!([])).unwrap_err().text,
            "Username should be an email.",
            "{wrong}"
        );
    }
    // The pool minds no case, and shows what was typed in lower case.
    sign_up("Eve@Example.org", json!([])).unwrap();
    assert_eq!(
        attribute(&stand_in, "EVE@example.org", "email"),
        "eve@example.org"
    );
    assert_eq!(
        sign_up("eve@example.ORG", json!([])).unwrap_err(),
        refused("UsernameExists", TAKEN)
    );
    let more = json!({"MessageAction": "SUPPRESS"});
    let created = admin(&stand_in, "AdminCreateUser", "eve@example.org", more);
    assert_eq!(created.unwrap_err(), refused("UsernameExists", TAKEN));
}

#[test]
fn a_user_of_a_deleted_users_name_inherits_nothing() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    user(&stand_in, "ines", "ines.falk@example.org");
    let signed_in = sign_in(&stand_in, web, "ines", PASSWORD).unwrap();
    let tokens = idp::tokens(&signed_in);
    let temporary = json!({"Password": "Temporary-Horse-19", "Permanent": false});
    admin(&stand_in, "AdminSetUserPassword", "ines", temporary.clone()).unwrap();
    let asked = sign_in(&stand_in, web, "ines", "Temporary-Horse-19").unwrap();
    let (_, proof) = idp::srp(&stand_in, web, "ines", "Temporary-Horse-19").unwrap();
    for _ in 0..5 {
        sign_in(&stand_in, web, "ines", "Wrong-Horse-19-Battery").unwrap_err();
    }
    admin(&stand_in, "AdminDeleteUser", "ines", json!({})).unwrap();
    sign_up(&stand_in, "ines", "other@example.org").unwrap();
    admin(&stand_in, "AdminSetUserPassword", "ines", temporary).unwrap();

    let invalid = refused("NotAuthorized", "Invalid session for the user.");
    let answer = json!({"USERNAME": "ines", "NEW_PASSWORD": "Stolen-Horse-19-Battery"});
    let answer = idp::respond(
        &stand_in,
        web,
        "NEW_PASSWORD_REQUIRED",
        &asked["Session"],
        answer,
    );
    assert_eq!(answer.unwrap_err(), invalid);
    let answer = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof);
    assert_eq!(answer.unwrap_err(), invalid);
    let refresh = json!({"REFRESH_TOKEN": tokens["RefreshToken"]});
    let refresh = idp::initiate(&stand_in, web, "REFRESH_TOKEN_AUTH", refresh);
    assert_eq!(
        refresh.unwrap_err(),
        refused("NotAuthorized", "Invalid Refresh Token.")
    );
    let get = idp::call(
        &stand_in,
        "GetUser",
        json!({"AccessToken": tokens["AccessToken"]}),
    );
    assert_eq!(
        get.unwrap_err(),
        refused("UserNotFound", "User does not exist.")
    );
    sign_in(&stand_in, web, "ines", "Temporary-Horse-19").unwrap();
    assert!(
        sign_in(
            &stand_in,
            web,
            "ines.falk@example.org",
            "Temporary-Horse-19"
        )
        .is_err()
    );
}

#[test]
fn nobody_takes_anothers_address_with_a_new_password() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let web = &stand_in.web_client;
    for email in ["victim@example.org", "eve@example.org"] {
        let more = json!({"TemporaryPassword": "Temporary-Horse-19", "MessageAction": "SUPPRESS"});
        admin(&stand_in, "AdminCreateUser", email, more).unwrap();
    }
    let asked = sign_in(&stand_in, web, "eve@example.org", "Temporary-Horse-19").unwrap();
    let responses = json!({"USERNAME": "eve@example.org", "NEW_PASSWORD": PASSWORD, "userAttributes.email": "victim@example.org"});
    let taken = idp::respond(
        &stand_in,
        web,
        "NEW_PASSWORD_REQUIRED",
        &asked["Session"],
        responses,
    );
    assert_eq!(
        taken.unwrap_err(),
        refused("NotAuthorized", "Cannot modify an already provided email")
    );
    let wrong = sign_in(&stand_in, web, "victim@example.org", PASSWORD);
    assert_eq!(
        wrong.unwrap_err(),
        refused("NotAuthorized", "Incorrect username or password.")
    );
}
