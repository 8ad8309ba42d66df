//! Django: `manage.py dumpdata`, as one array or, with `--format jsonl`, a line for each object. Every object whose fields have a `password`
//! is a user, whatever the project calls the model; all others are passed over.
//!
//! Django does not know whether an address was verified. Groups are taken where the dump names them (`--natural-foreign`), and the rights of
//! `is_staff` and `is_superuser` are not.
//!
//! Source: <https://docs.djangoproject.com/en/stable/ref/django-admin/#dumpdata>,
//! <https://docs.djangoproject.com/en/stable/ref/contrib/auth/#user-model>

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json;
use crate::record::{Record, Reject, recognised};

#[derive(Deserialize)]
struct Object {
    fields: Map<String, Value>,
}

#[derive(Deserialize)]
struct User {
    password: String,
    username: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    is_active: Option<bool>,
    #[serde(default)]
    groups: Vec<Value>,
}

pub(super) fn record(document: &[u8]) -> Result<Option<Record>, Reject> {
    let what = "a user as Django dumps them";
    let object: Object = json::parse(document, what)?;
    if !object.fields.contains_key("password") {
        return Ok(None);
    }
    let user = serde_json::from_value(Value::Object(object.fields));
    let user: User = user.map_err(|_| Reject::NotA(what))?;
    if user.is_active == Some(false) {
        return Err(Reject::Blocked);
    }
    // Django's own mark for users who sign in otherwise.
    let has_password = !user.password.is_empty() && !user.password.starts_with('!');
    let record = Record {
        username: user.username,
        hash: has_password.then(|| recognised(user.password.into())),
        ..Record::default()
    };
    Ok(Some(
        record
            .with("email", user.email)
            .with("given_name", user.first_name)
            .with("family_name", user.last_name)
            .member_of("groups", user.groups.iter().filter_map(group).collect()),
    ))
}

/// A group's natural key, which is its name; a number could be any group in another database.
fn group(key: &Value) -> Option<String> {
    let name = key.as_str().or_else(|| key.get(0)?.as_str())?;
    Some(name.to_owned())
}
