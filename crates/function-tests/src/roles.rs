use std::sync::{Arc, Mutex};

use aws_types::SdkConfig;
use serde_json::Value;

use crate::senders::form;
use crate::service::{connection, response};

/// STS in this process, as far as it gives credentials for tokens of an identity pool.
#[derive(Clone, Default)]
pub struct Roles(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failing: Option<&'static str>,
    assumed: Vec<Value>,
}

impl Roles {
    /// Has every call fail with this exception from now on, or none.
    pub fn fail(&self, exception: Option<&'static str>) {
        self.0.lock().unwrap().failing = exception;
    }

    /// For a client of it.
    pub fn connection(&self) -> SdkConfig {
        let roles = self.clone();
        connection(move |request| {
            let mut state = roles.0.lock().unwrap();
            if let Some(exception) = state.failing {
                return Err(exception);
            }
            let signed = request.headers().get("authorization");
            assert_eq!(signed, None, "the token has the right to it");
            let body = request.body().bytes().unwrap();
            let fields = form(std::str::from_utf8(body).unwrap());
            assert_eq!(fields["Action"], "AssumeRoleWithWebIdentity");
            state.assumed.push(fields);
            Ok(response(200, CREDENTIALS))
        })
    }

    /// The fields of what was asked since this was asked last.
    pub fn assumed(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().assumed)
    }
}

const CREDENTIALS: &str = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
    <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret-of-the-role</SecretAccessKey>\
    <SessionToken>session-of-the-role</SessionToken><Expiration>2027-01-15T09:00:00Z</Expiration>\
    </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
