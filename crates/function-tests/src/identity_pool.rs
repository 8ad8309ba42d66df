use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_types::SdkConfig;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::service::{Answer, service};

/// An identity pool in this process, as far as it has developer users. Its tokens say what AWS's say, and are not signed.
#[derive(Clone)]
pub struct IdentityPool(Arc<Mutex<State>>);

struct State {
    id: &'static str,
    provider_name: &'static str,
    now: i64,
    made: usize,
    /// The identity of each developer user.
    users: BTreeMap<String, String>,
    guests: Vec<String>,
    failing: Option<&'static str>,
    /// What tokens say instead of what they should.
    forged: Value,
    calls: Vec<(String, Value)>,
}

impl IdentityPool {
    /// The id, which has AWS's form.
    pub const ID: &str = "us-east-1:5b0c3f6e-0c7a-4f5e-8a39-2b8f6f7a4c55";

    /// The developer provider's name.
    pub const PROVIDER: &str = "login.example";

    /// A pool without anybody, whose clock stands still at that second.
    pub fn at(now: i64) -> Self {
        Self(Arc::new(Mutex::new(State {
            id: Self::ID,
            provider_name: Self::PROVIDER,
            now,
            made: 0,
            users: BTreeMap::new(),
            guests: Vec::new(),
            failing: None,
            forged: json!({}),
            calls: Vec::new(),
        })))
    }

    /// Has every call fail with this exception from now on, or none.
    pub fn fail(&self, exception: Option<&'static str>) {
        self.0.lock().unwrap().failing = exception;
    }

    /// Has tokens say that, too, from now on.
    pub fn forge(&self, claims: Value) {
        self.0.lock().unwrap().forged = claims;
    }

    /// Has its clock stand at that second from now on.
    pub fn set_time(&self, now: i64) {
        self.0.lock().unwrap().now = now;
    }

    /// The identity of a new guest.
    pub fn guest(&self) -> String {
        let mut state = self.0.lock().unwrap();
        let guest = state.new_identity();
        state.guests.push(guest.clone());
        guest
    }

    /// The developer users, with their identities.
    pub fn users(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().users.clone()
    }

    /// What was called since this was asked last.
    pub fn calls(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    /// For a client of it.
    pub fn connection(&self) -> SdkConfig {
        let pool = self.clone();
        service(move |operation, input| pool.0.lock().unwrap().answer(operation, &input))
    }
}

impl State {
    fn answer(&mut self, operation: &str, input: &Value) -> Answer {
        self.calls.push((operation.to_owned(), input.clone()));
        if let Some(exception) = self.failing {
            return Err(exception);
        }
        assert_eq!(input["IdentityPoolId"], self.id);
        match operation {
            "GetOpenIdTokenForDeveloperIdentity" => self.token(input),
            "LookupDeveloperIdentity" => self.look_up(input),
            "MergeDeveloperIdentities" => {
                let user = |name: &str| input[name].as_str().unwrap().to_owned();
                let destination = self.users.get(&user("DestinationUserIdentifier"));
                let identity = destination.ok_or("ResourceNotFoundException")?.clone();
                let source = user("SourceUserIdentifier");
                self.users.insert(source, identity.clone());
                Ok(json!({"IdentityId": identity}))
            }
            "UnlinkDeveloperIdentity" => {
                let user = input["DeveloperUserIdentifier"].as_str().unwrap();
                match self.users.remove(user) {
                    Some(identity) if input["IdentityId"] == *identity => Ok(json!({})),
                    _ => Err("ResourceNotFoundException"),
                }
            }
            _ => Err("UnknownOperationException"),
        }
    }

    fn token(&mut self, input: &Value) -> Answer {
        let logins = input["Logins"].as_object().unwrap();
        assert_eq!(logins.len(), 1, "the broker knows no other logins");
        let user = logins[self.provider_name].as_str().unwrap().to_owned();
        let identity = match (self.users.get(&user), input["IdentityId"].as_str()) {
            (Some(known), Some(named)) if known != named => {
                return Err("DeveloperUserAlreadyRegisteredException");
            }
            (Some(known), _) => known.clone(),
            (None, Some(guest)) if self.guests.iter().any(|known| known == guest) => {
                self.guests.retain(|known| known != guest);
                guest.to_owned()
            }
            (None, Some(_)) => return Err("NotAuthorizedException"),
            (None, None) => self.new_identity(),
        };
        self.users.insert(user.clone(), identity.clone());
        let token = self.token_of(&user, &identity, input["TokenDuration"].as_i64().unwrap());
        Ok(json!({"IdentityId": identity, "Token": token}))
    }

    fn token_of(&self, user: &str, identity: &str, seconds: i64) -> String {
        let (provider, id) = (self.provider_name, self.id);
        let mut claims = json!({
            "sub": identity,
            "aud": id,
            "amr": ["authenticated", provider, format!("{provider}:{id}:{user}")],
            "iss": "https://cognito-identity.amazonaws.com",
            "exp": self.now + seconds,
            "iat": self.now,
        });
        for (name, value) in self.forged.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let header = json!({"kid": "us-east-11", "typ": "JWS", "alg": "RS512"});
        let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        format!("{}.c2lnbmF0dXJl", parts.join("."))
    }

    fn look_up(&self, input: &Value) -> Answer {
        let by_user = input["DeveloperUserIdentifier"].as_str();
        let identity = match by_user {
            Some(user) => self.users.get(user).cloned(),
            None => input["IdentityId"].as_str().map(str::to_owned),
        };
        let identity = identity.ok_or("ResourceNotFoundException")?;
        let of_it = self.users.iter().filter(|(_, known)| **known == identity);
        let users: Vec<_> = of_it.map(|(user, _)| user).collect();
        if users.is_empty() {
            return Err("ResourceNotFoundException");
        }
        Ok(json!({"IdentityId": identity, "DeveloperUserIdentifierList": users}))
    }

    fn new_identity(&mut self) -> String {
        self.made += 1;
        format!("us-east-1:77aa0000-0000-4000-8000-{:012x}", self.made)
    }
}
