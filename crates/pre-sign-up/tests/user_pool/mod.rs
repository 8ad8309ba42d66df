//! A user pool in this process, as far as linking needs one.

use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider::Client;
use function_tests::{Answer, service};
use pre_sign_up::{Outside, UserPool};
use serde_json::{Value, json};

/// When users are created here, and events handled.
pub(crate) const NOW: i64 = 1_800_000_000;

/// The pool, shared with the client that reaches it.
#[derive(Clone, Default)]
pub(crate) struct Pool(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// As `ListUsers` shows them.
    users: Vec<Value>,
    calls: Vec<(String, Value)>,
    /// The operation that fails, and how.
    failing: Option<(&'static str, &'static str)>,
}

impl Pool {
    pub(crate) fn with(users: &[Value]) -> Self {
        let pool = Self::default();
        pool.0.lock().unwrap().users = users.to_vec();
        pool
    }

    pub(crate) fn fail(&self, operation: &'static str, exception: &'static str) {
        self.0.lock().unwrap().failing = Some((operation, exception));
    }

    /// This pool, and nothing else.
    pub(crate) fn outside(&self) -> Outside {
        let pool = self.clone();
        let connection = service(move |operation, input| pool.answer(operation, &input));
        Outside {
            user_pool: Some(UserPool::new(Client::new(&connection))),
            ..Outside::default()
        }
    }

    pub(crate) fn users(&self) -> Vec<Value> {
        self.0.lock().unwrap().users.clone()
    }

    /// The names of the operations that were called.
    pub(crate) fn operations(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        state.calls.iter().map(|(name, _)| name.clone()).collect()
    }

    /// What that operation was called with, the last time.
    pub(crate) fn input(&self, operation: &str) -> Value {
        let state = self.0.lock().unwrap();
        let mut calls = state.calls.iter().rev();
        calls.find(|(name, _)| name == operation).unwrap().1.clone()
    }

    fn answer(&self, operation: &str, input: &Value) -> Answer {
        let mut state = self.0.lock().unwrap();
        state.calls.push((operation.to_owned(), input.clone()));
        if let Some((failing, exception)) = state.failing
            && failing == operation
        {
            return Err(exception);
        }
        match operation {
            "ListUsers" => Ok(state.list(input)),
            "AdminCreateUser" => state.create(input),
            "AdminSetUserPassword" => Ok(state.set_password(input)),
            "AdminLinkProviderForUser" => state.link(input),
            _ => panic!("{operation}: not needed for linking"),
        }
    }
}

impl State {
    fn list(&self, input: &Value) -> Value {
        let filter = input["Filter"].as_str().unwrap();
        let users = self.users.iter();
        let found: Vec<_> = users
            .filter(|user| filter == format!("email = \"{}\"", attribute(user, "email")))
            .collect();
        json!({"Users": found})
    }

    fn create(&mut self, input: &Value) -> Answer {
        let email = &input["Username"];
        if self
            .users
            .iter()
            .any(|user| attribute(user, "email") == *email)
        {
            return Err("UsernameExistsException");
        }
        let user = json!({
            "Username": "made",
            "Attributes": input["UserAttributes"],
            "Enabled": true,
            "UserStatus": "FORCE_CHANGE_PASSWORD",
            "UserCreateDate": NOW,
        });
        self.users.push(user.clone());
        Ok(json!({"User": user}))
    }

    fn set_password(&mut self, input: &Value) -> Value {
        assert!(input["Permanent"].as_bool().unwrap());
        self.user(&input["Username"])["UserStatus"] = json!("CONFIRMED");
        json!({})
    }

    fn link(&mut self, input: &Value) -> Answer {
        let source = &input["SourceUser"];
        let user = self.user(&input["DestinationUser"]["ProviderAttributeValue"]);
        if !attribute(user, "identities").is_empty() {
            return Err("InvalidParameterException");
        }
        let identities = json!([{
            "userId": source["ProviderAttributeValue"],
            "providerName": source["ProviderName"],
        }]);
        let attributes = user["Attributes"].as_array_mut().unwrap();
        attributes.push(json!({"Name": "identities", "Value": identities.to_string()}));
        Ok(json!({}))
    }

    fn user(&mut self, name: &Value) -> &mut Value {
        let mut users = self.users.iter_mut();
        users.find(|user| user["Username"] == *name).unwrap()
    }
}

/// A native user of that address, confirmed, enabled and verified.
pub(crate) fn owner(name: &str, email: &str) -> Value {
    json!({
        "Username": name,
        "Attributes": [
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
        ],
        "Enabled": true,
        "UserStatus": "CONFIRMED",
        "UserCreateDate": 1_700_000_000,
    })
}

/// The attribute's value, empty where there is none.
pub(crate) fn attribute<'a>(user: &'a Value, name: &str) -> &'a str {
    let mut attributes = user["Attributes"].as_array().unwrap().iter();
    let found = attributes.find(|attribute| attribute["Name"] == name);
    found.map_or("", |attribute| attribute["Value"].as_str().unwrap())
}
