//! What user migration answers in the journeys: one user of another system, and how they come over.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, Refused, template};

pub(crate) const SIGN_IN: &str = "UserMigration_Authentication";
pub(crate) const FORGOT_PASSWORD: &str = "UserMigration_ForgotPassword";

/// What the user of the other system is called there, and here.
pub(crate) const EMAIL: &str = "ines.falk@example.org";

/// What the user has there: nothing that this pool would take as a new password.
pub(crate) const OLD_PASSWORD: &str = "old horse";

/// A stand-in whose functions follow a script, the first scene that fits an event first. What fits none comes back as it is.
pub(crate) fn stand_in(script: &[Value], options: &[&str]) -> StandIn {
    let template = template("user-migration.yaml");
    let script = format!("Script={}", json!(script));
    let own = ["--template", &template, "--parameter", &script];
    StandIn::start(&[&own, options].concat())
}

/// One in whose pool addresses are aliases beside user names.
pub(crate) fn alias_pool(script: &[Value]) -> StandIn {
    stand_in(script, &["--parameter", "Names=alias"])
}

/// What the function answers when somebody signs in under this name, with the password of the other system.
pub(crate) fn at_sign_in(name: &str, response: Value) -> Value {
    json!({
        "when": {"triggerSource": SIGN_IN, "userName": name, "request": {"password": OLD_PASSWORD}},
        "changes": {"response": response},
    })
}

/// What the function answers when the password of this name is forgotten.
pub(crate) fn when_forgotten(name: &str, response: Value) -> Value {
    json!({
        "when": {"triggerSource": FORGOT_PASSWORD, "userName": name, "request": {"password": null}},
        "changes": {"response": response},
    })
}

/// What a user must have, with more attributes.
pub(crate) fn attributes(more: Value) -> Value {
    laid_over(
        json!({"email": EMAIL, "email_verified": "true", "name": "Ines Falk"}),
        more,
    )
}

/// A user with these attributes who may go on at once and is not greeted, but for what `more` says.
pub(crate) fn confirmed(attributes: Value, more: Value) -> Value {
    let usual = json!({"userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"});
    laid_over(usual, more)
}

/// A user whose password is yet to be set.
pub(crate) fn unconfirmed() -> Value {
    confirmed(attributes(json!({})), json!({"finalUserStatus": null}))
}

/// The whole script of a user who comes over as they should, either way.
pub(crate) fn script() -> Vec<Value> {
    let user = confirmed(attributes(json!({})), json!({}));
    vec![
        at_sign_in(EMAIL, user),
        when_forgotten(EMAIL, unconfirmed()),
    ]
}

/// Mappings of one level: a null takes a member away.
fn laid_over(mut members: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        let members = members.as_object_mut().unwrap();
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    members
}

/// Signs in with the password of the other system.
pub(crate) fn come_over(stand_in: &StandIn, client: &str, name: &str) -> Result<Value, Refused> {
    idp::sign_in(stand_in, client, name, OLD_PASSWORD)
}

/// How many users the pool has.
pub(crate) fn users(stand_in: &StandIn) -> usize {
    let listed = idp::call(stand_in, "ListUsers", json!({"UserPoolId": stand_in.pool})).unwrap();
    listed["Users"].as_array().unwrap().len()
}
