//! A user pool in this process that knows one call, `AdminListGroupsForUser`, and one user's groups.

use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider::Client;
use function_tests::{Answer, service};
use pre_authentication::UserPool;
use serde_json::{Value, json};

/// The calls that arrived.
pub(crate) type Calls = Arc<Mutex<Vec<Value>>>;

/// What the pool does when it is asked.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    /// Gives the groups, so many a page.
    Groups(Vec<String>, usize),
    /// Answers with this exception, whose text speaks of the user.
    Fails(&'static str),
}

/// A pool whose user is in these groups.
pub(crate) fn with_groups(groups: &[&str]) -> Pool {
    let groups = groups.iter().map(|group| (*group).to_owned()).collect();
    Pool::Groups(groups, 60)
}

impl Pool {
    /// The pool behind a client, and the calls that it gets.
    pub(crate) fn start(self) -> (UserPool, Calls) {
        let calls = Calls::default();
        let arrived = calls.clone();
        let connection = service(move |operation, call| {
            assert_eq!(operation, "AdminListGroupsForUser");
            let answer = self.answer(&call);
            arrived.lock().unwrap().push(call);
            answer
        });
        (UserPool::new(Client::new(&connection)), calls)
    }

    fn answer(&self, call: &Value) -> Answer {
        match self {
            Self::Fails(exception) => Err(exception),
            Self::Groups(groups, a_page) => {
                let token = call["NextToken"].as_str().unwrap_or("0");
                let start: usize = token.parse().unwrap();
                let end = groups.len().min(start + a_page);
                let page = groups[start..end].iter();
                let page: Vec<_> = page.map(|name| json!({"GroupName": name})).collect();
                let mut answer = json!({"Groups": page});
                if end < groups.len() {
                    answer["NextToken"] = end.to_string().into();
                }
                Ok(answer)
            }
        }
    }
}
