use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::srp::Verifier;

/// How many devices of a user may have been named and not confirmed; the oldest gives way, since every sign-in names one.
const MOST_UNCONFIRMED: usize = 20;

/// The devices of the pool's users, by user name and device key.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Devices {
    devices: BTreeMap<String, BTreeMap<String, Device>>,
}

/// A device on which somebody has signed in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) key: String,
    /// Stands in the pool's name's stead when the device proves its password.
    pub(crate) group_key: String,
    pub(crate) name: Option<String>,
    /// What is kept of the device's password; `None` until the device is confirmed.
    pub(crate) verifier: Option<Verifier>,
    pub(crate) remembered: bool,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) last_authenticated: i64,
}

impl Devices {
    /// Names a device on which a user has signed in for the first time.
    pub(crate) fn name(&mut self, username: &str, key: String, group_key: String, now: i64) {
        let devices = self.devices.entry(username.to_owned()).or_default();
        let unconfirmed = |device: &&Device| device.verifier.is_none();
        if devices.values().filter(unconfirmed).count() >= MOST_UNCONFIRMED {
            let oldest = devices.values().filter(unconfirmed);
            let oldest = oldest.min_by_key(|device| device.created);
            if let Some(key) = oldest.map(|device| device.key.clone()) {
                devices.remove(&key);
            }
        }
        let device = Device {
            key: key.clone(),
            group_key,
            name: None,
            verifier: None,
            remembered: false,
            created: now,
            modified: now,
            last_authenticated: now,
        };
        devices.insert(key, device);
    }

    /// Keeps what the device's password is checked with, once.
    pub(crate) fn confirm(
        &mut self,
        username: &str,
        key: &str,
        confirmed: impl FnOnce(&mut Device),
    ) -> Result<(), Error> {
        let device = self.named(username, key);
        let device = device.ok_or_else(|| Error::invalid("Invalid device key given."))?; // W
        if device.verifier.is_some() {
            return Err(Error::DeviceKeyExists);
        }
        confirmed(device);
        Ok(())
    }

    /// A device that was confirmed.
    pub(crate) fn find(&self, username: &str, key: &str) -> Result<&Device, Error> {
        let device = self
            .devices
            .get(username)
            .and_then(|devices| devices.get(key));
        device
            .filter(|device| device.verifier.is_some())
            .ok_or_else(no_such_device)
    }

    /// Changes a device that was confirmed.
    pub(crate) fn change(
        &mut self,
        username: &str,
        key: &str,
        change: impl FnOnce(&mut Device),
    ) -> Result<(), Error> {
        let device = self.named(username, key);
        let device = device.filter(|device| device.verifier.is_some());
        change(device.ok_or_else(no_such_device)?);
        Ok(())
    }

    /// Forgets a device that was confirmed.
    pub(crate) fn forget_device(&mut self, username: &str, key: &str) -> Result<(), Error> {
        self.find(username, key)?;
        if let Some(devices) = self.devices.get_mut(username) {
            devices.remove(key);
        }
        Ok(())
    }

    /// The user's devices that were confirmed, by key.
    pub(crate) fn of(&self, username: &str) -> Vec<Device> {
        let devices = self.devices.get(username);
        let devices = devices.into_iter().flat_map(BTreeMap::values);
        devices
            .filter(|device| device.verifier.is_some())
            .cloned()
            .collect()
    }

    /// Forgets a deleted user's devices.
    pub(crate) fn forget(&mut self, username: &str) {
        self.devices.remove(username);
    }

    fn named(&mut self, username: &str, key: &str) -> Option<&mut Device> {
        self.devices.get_mut(username)?.get_mut(key)
    }
}

fn no_such_device() -> Error {
    Error::ResourceNotFound("Device does not exist.".to_owned()) // W
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(devices: &mut Devices, key: &str, now: i64) {
        devices.name("ines", key.to_owned(), "-group".to_owned(), now);
    }

    #[test]
    fn a_device_counts_once_it_is_confirmed_and_by_its_own_user() {
        let mut devices = Devices::default();
        named(&mut devices, "phone", 0);
        assert!(devices.find("ines", "phone").is_err());
        let confirmed = |device: &mut Device| {
            device.verifier = Some(Verifier::decoy(&[7; 32], "phone"));
        };
        let invalid = Error::invalid("Invalid device key given.");
        for (username, key) in [("jan", "phone"), ("ines", "tablet")] {
            assert_eq!(
                devices.confirm(username, key, confirmed),
                Err(invalid.clone())
            );
        }
        assert_eq!(devices.confirm("ines", "phone", confirmed), Ok(()));
        assert_eq!(
            devices.confirm("ines", "phone", confirmed),
            Err(Error::DeviceKeyExists)
        );
        assert!(devices.find("ines", "phone").is_ok());
        assert!(devices.find("jan", "phone").is_err());
        devices.forget("ines");
        assert!(devices.of("ines").is_empty());
    }

    #[test]
    fn sign_ins_that_confirm_no_device_do_not_pile_up() {
        let mut devices = Devices::default();
        for number in 0..100 {
            named(&mut devices, &number.to_string(), number);
        }
        assert_eq!(devices.devices["ines"].len(), MOST_UNCONFIRMED);
        assert!(devices.devices["ines"].contains_key("99"));
    }
}
