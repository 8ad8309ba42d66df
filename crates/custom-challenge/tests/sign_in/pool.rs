use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_types::SdkConfig;
use function_tests::service;
use serde_json::{Value, json};

/// A user pool in this process that knows one call, `AdminListGroupsForUser`, and two users.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Mutex<State>>);

struct State {
    groups: BTreeMap<&'static str, Vec<&'static str>>,
    failing: Option<&'static str>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            groups: [("u-1", Vec::new()), ("u-2", Vec::new())].into(),
            failing: None,
        })))
    }

    pub(crate) fn enrol(&self, user_name: &'static str, group: &'static str) {
        let groups = &mut self.0.lock().unwrap().groups;
        groups.entry(user_name).or_default().push(group);
    }

    pub(crate) fn fail(&self, exception: Option<&'static str>) {
        self.0.lock().unwrap().failing = exception;
    }

    pub(crate) fn connection(&self) -> SdkConfig {
        let pool = self.clone();
        service(move |operation, input| {
            assert_eq!(operation, "AdminListGroupsForUser");
            let state = pool.0.lock().unwrap();
            if let Some(exception) = state.failing {
                return Err(exception);
            }
            let user_name = input["Username"].as_str().unwrap_or_default();
            let groups = state.groups.get(user_name).ok_or("UserNotFoundException")?;
            let groups: Vec<Value> = groups
                .iter()
                .map(|name| json!({"GroupName": name}))
                .collect();
            Ok(json!({"Groups": groups}))
        })
    }
}
