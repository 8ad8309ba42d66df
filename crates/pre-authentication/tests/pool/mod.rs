//! A user pool in this process that knows one call, `AdminListGroupsForUser`, and one user's groups.

use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider::Client;
use function_tests::service;
use serde_json::{Value, json};
use user_groups::UserGroups;

/// The calls that arrived.
pub(crate) type Calls = Arc<Mutex<Vec<Value>>>;

/// What the pool does when it is asked.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    /// Gives the groups.
    Groups(Vec<&'static str>),
    /// Answers with this exception, whose text speaks of the user.
    Fails(&'static str),
}

/// A pool whose user is in these groups.
pub(crate) fn with_groups(groups: &[&'static str]) -> Pool {
    Pool::Groups(groups.to_vec())
}

impl Pool {
    /// The pool behind a client, and the calls that it gets.
    pub(crate) fn start(self) -> (UserGroups, Calls) {
        let calls = Calls::default();
        let arrived = calls.clone();
        let connection = service(move |operation, call| {
            assert_eq!(operation, "AdminListGroupsForUser");
            arrived.lock().unwrap().push(call);
            match &self {
                Self::Fails(exception) => Err(exception),
                Self::Groups(groups) => {
                    let named = groups.iter().map(|name| json!({"GroupName": name}));
                    Ok(json!({"Groups": Vec::from_iter(named)}))
                }
            }
        });
        (UserGroups::new(Client::new(&connection)), calls)
    }
}
