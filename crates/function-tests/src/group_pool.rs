use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use aws_types::SdkConfig;
use serde_json::{Value, json};

use crate::service::{Answer, service};

/// A user pool in this process: who was put into which of its groups, and who was signed out.
#[derive(Clone)]
pub struct GroupPool(Arc<Mutex<State>>);

struct State {
    groups: BTreeSet<String>,
    failing: Option<&'static str>,
    done: Vec<String>,
}

impl GroupPool {
    /// A pool that has these groups.
    pub fn with_groups<const N: usize>(groups: [&str; N]) -> Self {
        Self(Arc::new(Mutex::new(State {
            groups: groups.map(str::to_owned).into(),
            failing: None,
            done: Vec::new(),
        })))
    }

    /// Has every call fail with this exception from now on, or none.
    pub fn fail(&self, exception: Option<&'static str>) {
        self.0.lock().unwrap().failing = exception;
    }

    /// For a client of it.
    pub fn connection(&self) -> SdkConfig {
        let pool = self.clone();
        service(move |operation, input| pool.0.lock().unwrap().answer(operation, &input))
    }

    /// What was done to whom, in the order of the calls.
    pub fn done(&self) -> Vec<String> {
        self.0.lock().unwrap().done.clone()
    }
}

impl State {
    fn answer(&mut self, operation: &str, input: &Value) -> Answer {
        if let Some(exception) = self.failing {
            return Err(exception);
        }
        let text = |name: &str| input[name].as_str().unwrap_or_default();
        let user = format!("{}/{}", text("UserPoolId"), text("Username"));
        let group = text("GroupName");
        let effect = match operation {
            "AdminUserGlobalSignOut" => format!("{user} is signed out"),
            "AdminAddUserToGroup" if self.groups.contains(group) => format!("{user} joins {group}"),
            "AdminAddUserToGroup" => return Err("ResourceNotFoundException"),
            _ => return Err("InvalidParameterException"),
        };
        self.done.push(effect);
        Ok(json!({}))
    }
}
