//! A device as the journeys play one: it makes up a password, and proves that it knows it.

use std::collections::HashMap;
use std::time::SystemTime;

use serde_json::{Value, json};
use tests::srp_client::SrpClient;
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, refused, tokens};
use crate::second_factors::{answer, begin};

/// The password that the device made up.
pub(crate) const SECRET: &str = "QXJ0aWZpY2lhbCBzZWNyZXQgb2YgYSBkZXZpY2U=";

/// A device that was named by a sign-in.
pub(crate) struct Device {
    pub(crate) key: String,
    pub(crate) group_key: String,
    /// The tokens of that sign-in.
    pub(crate) tokens: Value,
}

impl Device {
    pub(crate) fn named(signed_in: &Value) -> Self {
        let named = &tokens(signed_in)["NewDeviceMetadata"];
        let text = |name: &str| named[name].as_str().unwrap().to_owned();
        Self {
            key: text("DeviceKey"),
            group_key: text("DeviceGroupKey"),
            tokens: tokens(signed_in).clone(),
        }
    }

    pub(crate) fn confirm(&self, stand_in: &StandIn) -> Result<Value, Refused> {
        let client = SrpClient::of_device(&self.group_key, SECRET);
        let [salt, verifier] = client.device_secret_verifier(&self.key);
        let input = json!({
            "AccessToken": self.tokens["AccessToken"], "DeviceKey": self.key, "DeviceName": "phone",
            "DeviceSecretVerifierConfig": {"Salt": salt, "PasswordVerifier": verifier},
        });
        idp::call(stand_in, "ConfirmDevice", input)
    }

    /// Calls an operation on the device as its user.
    pub(crate) fn own(
        &self,
        stand_in: &StandIn,
        operation: &str,
        more: Value,
    ) -> Result<Value, Refused> {
        let mut input = json!({"AccessToken": self.tokens["AccessToken"], "DeviceKey": self.key});
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        idp::call(stand_in, operation, input)
    }

    /// Sends the password and the key.
    pub(crate) fn begin(&self, stand_in: &StandIn, username: &str) -> Result<Value, Refused> {
        let parameters =
            json!({"USERNAME": username, "PASSWORD": PASSWORD, "DEVICE_KEY": self.key});
        let web = &stand_in.web_client;
        idp::initiate(stand_in, web, "USER_PASSWORD_AUTH", parameters)
    }

    /// Asks to prove the device's password, and returns the challenge with the answer to it.
    pub(crate) fn proof(
        &self,
        stand_in: &StandIn,
        asked: &Value,
        secret: &str,
    ) -> Result<(Value, HashMap<String, String>), Refused> {
        let client = SrpClient::of_device(&self.group_key, secret);
        let begun = answer(
            stand_in,
            asked,
            "ines",
            &[("DEVICE_KEY", &self.key), ("SRP_A", &client.srp_a())],
        )?;
        assert_eq!(begun["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
        let parameters = begun["ChallengeParameters"].clone();
        let mut parameters: HashMap<String, String> = serde_json::from_value(parameters).unwrap();
        assert_eq!(parameters["DEVICE_KEY"], self.key);
        parameters.insert("USER_ID_FOR_SRP".to_owned(), self.key.clone());
        let proof = client.answer(&parameters, SystemTime::now()).unwrap();
        let responses = HashMap::from([
            ("DEVICE_KEY".to_owned(), self.key.clone()),
            (
                "PASSWORD_CLAIM_SECRET_BLOCK".to_owned(),
                parameters["SECRET_BLOCK"].clone(),
            ),
            ("PASSWORD_CLAIM_SIGNATURE".to_owned(), proof.signature),
            ("TIMESTAMP".to_owned(), proof.timestamp),
        ]);
        Ok((begun, responses))
    }

    /// Proves the device's password.
    pub(crate) fn prove(
        &self,
        stand_in: &StandIn,
        asked: &Value,
        secret: &str,
    ) -> Result<Value, Refused> {
        let (begun, responses) = self.proof(stand_in, asked, secret)?;
        tell(stand_in, &begun, &responses)
    }

    pub(crate) fn refresh(&self, stand_in: &StandIn, device_key: Value) -> Result<Value, Refused> {
        let parameters =
            json!({"REFRESH_TOKEN": self.tokens["RefreshToken"], "DEVICE_KEY": device_key});
        let web = &stand_in.web_client;
        idp::initiate(stand_in, web, "REFRESH_TOKEN_AUTH", parameters)
    }
}

pub(crate) fn tell(
    stand_in: &StandIn,
    begun: &Value,
    responses: &HashMap<String, String>,
) -> Result<Value, Refused> {
    let responses: Vec<(&str, &str)> = responses.iter().map(|(a, b)| (&**a, &**b)).collect();
    answer(stand_in, begun, "ines", &responses)
}

/// A device of `ines` that was confirmed.
pub(crate) fn confirmed(stand_in: &StandIn) -> Device {
    let device = Device::named(&begin(stand_in, "ines").unwrap());
    device.confirm(stand_in).unwrap();
    device
}

pub(crate) fn gone() -> Refused {
    refused("ResourceNotFound", "Device does not exist.")
}

pub(crate) fn no_session() -> Refused {
    refused("NotAuthorized", "Invalid session for the user.")
}
