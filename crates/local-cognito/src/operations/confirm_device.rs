use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::srp::Verifier;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    device_key: String,
    device_secret_verifier_config: SecretVerifier,
    device_name: Option<String>,
}

/// Both in base64.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SecretVerifier {
    password_verifier: String,
    salt: String,
}

/// Keeps what the device's password, which only the device knows, is checked with.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmDevice.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    let verifier = input.device_secret_verifier_config.read()?;
    let asks = pool
        .config
        .device_configuration
        .is_some_and(|devices| devices.device_only_remembered_on_user_prompt);
    let now = stand_in.clock.now();
    let mut state = pool.state();
    state
        .devices
        .confirm(&user.username, &input.device_key, |device| {
            device.verifier = Some(verifier);
            device.name = input.device_name;
            device.remembered = !asks;
            device.modified = now;
        })?;
    Ok(json!({ "UserConfirmationNecessary": asks }))
}

impl SecretVerifier {
    fn read(&self) -> Result<Verifier, Error> {
        let read = || {
            let salt = STANDARD.decode(&self.salt).ok()?;
            let v = STANDARD.decode(&self.password_verifier).ok()?;
            Verifier::of_device(&salt, &v)
        };
        // The text is ours.
        read().ok_or_else(|| Error::invalid("Invalid device secret verifier config given."))
    }
}
