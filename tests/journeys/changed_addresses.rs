//! Users who change what is known of them: a new address or number is theirs once they have shown that messages reach them there.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in, tokens};
use crate::recorded::{last_request, trigger_sources};
use crate::recovery::{EMAIL, ines, other_than, person, stand_in};

const NEW: &str = "ines.roth@example.org";

/// `ines` with an app that holds an access token.
struct Ines<'a> {
    stand_in: &'a StandIn,
    token: Value,
}

impl<'a> Ines<'a> {
    fn signed_in(stand_in: &'a StandIn) -> Self {
        ines(stand_in);
        Self::of(stand_in, "ines")
    }

    fn of(stand_in: &'a StandIn, name: &str) -> Self {
        let signed_in = sign_in(stand_in, &stand_in.web_client, name, PASSWORD).unwrap();
        let token = tokens(&signed_in)["AccessToken"].clone();
        Self { stand_in, token }
    }

    fn call(&self, operation: &str, mut input: Value) -> Result<Value, Refused> {
        input["AccessToken"] = self.token.clone();
        idp::call(self.stand_in, operation, input)
    }

    fn update(&self, name: &str, value: &str) -> Result<Value, Refused> {
        let attributes = json!([{"Name": name, "Value": value}]);
        let input = json!({"UserAttributes": attributes, "ClientMetadata": {"locale": "de-DE"}});
        self.call("UpdateUserAttributes", input)
    }

    fn verify(&self, attribute: &str, code: &str) -> Result<Value, Refused> {
        let input = json!({"AttributeName": attribute, "Code": code});
        self.call("VerifyUserAttribute", input)
    }

    fn ask_for_code(&self, attribute: &str) -> Result<Value, Refused> {
        let input = json!({"AttributeName": attribute, "ClientMetadata": {"locale": "de-DE"}});
        self.call("GetUserAttributeVerificationCode", input)
    }

    fn attribute(&self, name: &str) -> Value {
        let user = self.call("GetUser", json!({})).unwrap();
        let attributes = user["UserAttributes"].as_array().unwrap().iter();
        let mut values = attributes.filter(|attribute| attribute["Name"] == name);
        let value = values.next().map(|attribute| attribute["Value"].clone());
        value.unwrap_or_default()
    }

    /// How many calls of functions there were.
    fn fired(&self) -> usize {
        trigger_sources(self.stand_in).len()
    }
}

fn details(destination: &str) -> Value {
    json!({"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": destination})
}

#[test]
fn a_new_address_counts_at_once_and_is_verified_by_code() {
    let stand_in = stand_in(&[]);
    let ines = Ines::signed_in(&stand_in);
    let fired = ines.fired();
    let sent = ines.update("email", NEW);
    flows::UPDATE_USER_ATTRIBUTES.was_fired(&stand_in, fired);
    assert_eq!(
        sent,
        Ok(json!({"CodeDeliveryDetailsList": [details("i***@e***")]}))
    );
    let asked = last_request(&stand_in, "CustomMessage_UpdateUserAttribute");
    assert_eq!(asked["clientMetadata"], json!({"locale": "de-DE"}));
    assert_eq!(asked["userAttributes"]["email"], NEW);
    assert_eq!(asked["userAttributes"]["email_verified"], "false");
    assert_eq!(ines.attribute("email"), NEW);
    assert_eq!(ines.attribute("email_verified"), "false");
    // The old address is no name any more, and the new one not yet.
    assert!(sign_in(&stand_in, &stand_in.web_client, EMAIL, PASSWORD).is_err());
    assert!(sign_in(&stand_in, &stand_in.web_client, NEW, PASSWORD).is_err());

    let code = stand_in.code_for(NEW);
    let wrong = ines.verify("email", other_than(&code)).unwrap_err();
    assert_eq!(wrong.name, "CodeMismatchException");
    let fired = ines.fired();
    let verified = ines.verify("email", &code);
    flows::VERIFY_USER_ATTRIBUTE.was_fired(&stand_in, fired);
    assert_eq!(verified, Ok(json!({})));
    assert_eq!(ines.attribute("email_verified"), "true");
    sign_in(&stand_in, &stand_in.web_client, NEW, PASSWORD).unwrap();
    let again = ines.verify("email", &code).unwrap_err();
    let text = "Invalid code provided, please request a code again.";
    assert_eq!(again, refused("ExpiredCode", text));
    // What does not change needs no proof.
    let fired = ines.fired();
    let same = ines.update("email", NEW);
    flows::UPDATE_USER_ATTRIBUTES_UNSENT.was_fired(&stand_in, fired);
    assert_eq!(same, Ok(json!({"CodeDeliveryDetailsList": []})));
    assert_eq!(ines.attribute("email_verified"), "true");
}

#[test]
fn a_new_address_can_wait_for_its_proof() {
    let stand_in = stand_in(&["NewAddress=once-verified"]);
    let ines = Ines::signed_in(&stand_in);
    let fired = ines.fired();
    let sent = ines.update("email", NEW);
    flows::UPDATE_USER_ATTRIBUTES.was_fired(&stand_in, fired);
    assert_eq!(
        sent,
        Ok(json!({"CodeDeliveryDetailsList": [details("i***@e***")]}))
    );
    assert_eq!(stand_in.get("outbox")[0]["to"], NEW);
    assert_eq!(ines.attribute("email"), EMAIL);
    assert_eq!(ines.attribute("email_verified"), "true");
    sign_in(&stand_in, &stand_in.web_client, EMAIL, PASSWORD).unwrap();
    // A forgotten password's code still goes to the old one.
    let forgot = json!({"ClientId": stand_in.web_client, "Username": "ines"});
    idp::call(&stand_in, "ForgotPassword", forgot).unwrap();
    assert_eq!(stand_in.get("outbox")[1]["to"], EMAIL);
    // Another code goes to the one that waits.
    let fired = ines.fired();
    let asked = ines.ask_for_code("email");
    flows::GET_USER_ATTRIBUTE_VERIFICATION_CODE.was_fired(&stand_in, fired);
    assert_eq!(
        asked,
        Ok(json!({"CodeDeliveryDetails": details("i***@e***")}))
    );
    ines.verify("email", &stand_in.code_for(NEW)).unwrap();
    assert_eq!(ines.attribute("email"), NEW);
    assert_eq!(ines.attribute("email_verified"), "true");

    // Who goes back to the old value needs no code, and the one that was sent is worth nothing.
    ines.update("email", "elsewhere@example.org").unwrap();
    let code = stand_in.code_for("elsewhere@example.org");
    ines.update("email", NEW).unwrap();
    assert_eq!(
        ines.verify("email", &code).unwrap_err().name,
        "ExpiredCodeException"
    );
    // An administrator can vouch for a new one.
    let vouched = [
        json!({"Name": "email", "Value": EMAIL}),
        json!({"Name": "email_verified", "Value": "true"}),
    ];
    let fired = ines.fired();
    let more = json!({"UserAttributes": vouched});
    admin(&stand_in, "AdminUpdateUserAttributes", "ines", more).unwrap();
    let fired = flows::UPDATE_USER_ATTRIBUTES_UNSENT.was_fired(&stand_in, fired);
    assert_eq!(ines.attribute("email"), EMAIL);
    // Without that word it waits, too.
    let more = json!({"UserAttributes": [{"Name": "email", "Value": NEW}], "ClientMetadata": {"by": "support"}});
    admin(&stand_in, "AdminUpdateUserAttributes", "ines", more).unwrap();
    flows::ADMIN_UPDATE_USER_ATTRIBUTES.was_fired(&stand_in, fired);
    let asked = last_request(&stand_in, "CustomMessage_UpdateUserAttribute");
    assert_eq!(asked["clientMetadata"], json!({"by": "support"}));
    assert_eq!(ines.attribute("email"), EMAIL);
}

#[test]
fn a_code_can_be_asked_for() {
    let stand_in = stand_in(&[]);
    let ines = Ines::signed_in(&stand_in);
    // Even for an address that is verified.
    let fired = ines.fired();
    ines.ask_for_code("email").unwrap();
    flows::GET_USER_ATTRIBUTE_VERIFICATION_CODE.was_fired(&stand_in, fired);
    let asked = last_request(&stand_in, "CustomMessage_VerifyUserAttribute");
    assert_eq!(asked["clientMetadata"], json!({"locale": "de-DE"}));
    let code = stand_in.code_for(EMAIL);
    ines.verify("email", &code).unwrap();
    // A code for one thing is good for nothing else.
    ines.ask_for_code("email").unwrap();
    let input = json!({
        "ClientId": stand_in.web_client, "Username": "ines", "ConfirmationCode": stand_in.code_for(EMAIL), "Password": PASSWORD,
    });
    let reset = idp::call(&stand_in, "ConfirmForgotPassword", input).unwrap_err();
    assert_eq!(reset.name, "ExpiredCodeException");

    let invalid = |text: &str| refused("InvalidParameter", text);
    let text = "Invalid attribute name. Only phone_number and email can be verified.";
    assert_eq!(ines.ask_for_code("name").unwrap_err(), invalid(text));
    assert_eq!(ines.verify("name", "123456").unwrap_err(), invalid(text));
    let text = "User does not have a valid registered phone number";
    assert_eq!(
        ines.ask_for_code("phone_number").unwrap_err(),
        invalid(text)
    );
    (0..3).for_each(|_| drop(ines.ask_for_code("email").unwrap()));
    assert_eq!(
        ines.ask_for_code("email").unwrap_err().name,
        "LimitExceededException"
    );
}

#[test]
fn an_address_that_is_verified_elsewhere_is_taken() {
    let stand_in = stand_in(&[]);
    let ines = Ines::signed_in(&stand_in);
    person(
        &stand_in,
        "jan",
        &[("email", NEW), ("email_verified", "true")],
    );
    ines.update("email", NEW).unwrap();
    let code = stand_in.code_for(NEW);
    let taken = ines.verify("email", &code).unwrap_err();
    let text = "An account with the given email already exists.";
    assert_eq!(taken, refused("AliasExists", text));
    assert_eq!(ines.attribute("email_verified"), "false");
}

#[test]
fn attributes_are_deleted_if_they_can_be() {
    let stand_in = stand_in(&[]);
    person(
        &stand_in,
        "ines",
        &[
            ("email", EMAIL),
            ("email_verified", "true"),
            ("custom:badge", "77"),
            ("nickname", "I"),
        ],
    );
    let ines = Ines::of(&stand_in, "ines");
    let delete = |name: &str| {
        ines.call(
            "DeleteUserAttributes",
            json!({"UserAttributeNames": [name]}),
        )
    };
    let text = "A client attempted to write unauthorized attribute";
    let unauthorized = refused("NotAuthorized", text);
    assert_eq!(delete("email_verified").unwrap_err(), unauthorized);
    assert_eq!(delete("locale").unwrap_err(), unauthorized);
    let text = "user.custom:badge: Attribute cannot be updated.\n";
    assert_eq!(
        delete("custom:badge").unwrap_err(),
        refused("InvalidParameter", text)
    );
    assert_eq!(
        ines.update("custom:badge", "78").unwrap_err(),
        refused("InvalidParameter", text)
    );
    let text = "Attributes did not conform to the schema: name: The attribute is required\n";
    assert_eq!(
        delete("name").unwrap_err(),
        refused("InvalidParameter", text)
    );
    for missing in ["sub", "identities", "custom:other"] {
        let refusal = delete(missing).unwrap_err();
        assert_eq!(refusal.name, "InvalidParameterException", "{missing}");
    }
    assert_eq!(
        delete("phone_number"),
        Ok(json!({})),
        "one that the user does not have"
    );
    ines.ask_for_code("email").unwrap();
    let code = stand_in.code_for(EMAIL);
    let fired = ines.fired();
    delete("email").unwrap();
    flows::DELETE_USER_ATTRIBUTES.was_fired(&stand_in, fired);
    assert_eq!(
        (ines.attribute("email"), ines.attribute("email_verified")),
        (Value::Null, Value::Null)
    );
    assert_eq!(
        ines.verify("email", &code).unwrap_err().name,
        "ExpiredCodeException"
    );

    let more = json!({"UserAttributeNames": ["nickname"]});
    admin(&stand_in, "AdminDeleteUserAttributes", "ines", more).unwrap();
    let user = admin(&stand_in, "AdminGetUser", "ines", json!({})).unwrap();
    assert!(!user.to_string().contains("nickname"), "{user}");
}

#[test]
fn users_delete_themselves() {
    let stand_in = stand_in(&[]);
    let ines = Ines::signed_in(&stand_in);
    let fired = ines.fired();
    assert_eq!(ines.call("DeleteUser", json!({})), Ok(json!({})));
    flows::DELETE_USER.was_fired(&stand_in, fired);
    assert!(ines.call("GetUser", json!({})).is_err());
    // A new user of the name is another.
    let again = Ines::signed_in(&stand_in);
    assert!(ines.call("DeleteUser", json!({})).is_err());
    again.call("GetUser", json!({})).unwrap();
}
