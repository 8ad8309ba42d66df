use std::collections::HashMap;

use crate::error::Error;

/// Wrong passwords before the first lock (D).
const FREE_ATTEMPTS: u32 = 5;
/// The longest lock: about 15 minutes (D).
const LONGEST_LOCK_SECONDS: i64 = 15 * 60;

/// Wrong passwords in a row, by user name, whether there is such a user or not.
///
/// After five of them Cognito locks for a second, and doubles that with each further one.
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html>
#[derive(Default)]
pub(crate) struct Attempts {
    failures: HashMap<String, Failures>,
}

#[derive(Default)]
struct Failures {
    count: u32,
    locked_until: i64,
}

impl Attempts {
    /// Refuses while the name is locked, even with the right password.
    pub(crate) fn check(&self, name: &str, now: i64) -> Result<(), Error> {
        match self.failures.get(name) {
            Some(failures) if now < failures.locked_until => {
                Err(Error::not_authorized("Password attempts exceeded"))
            } // W
            _ => Ok(()),
        }
    }

    pub(crate) fn failed(&mut self, name: &str, now: i64) {
        let failures = self.failures.entry(name.to_owned()).or_default();
        failures.count += 1;
        if failures.count >= FREE_ATTEMPTS {
            let doublings = (failures.count - FREE_ATTEMPTS).min(10);
            failures.locked_until = now + (1 << doublings).min(LONGEST_LOCK_SECONDS);
        }
    }

    pub(crate) fn succeeded(&mut self, name: &str) {
        self.failures.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_wrong_password_in_a_row_doubles_the_lock() {
        let mut attempts = Attempts::default();
        for _ in 0..4 {
            attempts.failed("ines", 100);
            assert_eq!(attempts.check("ines", 100), Ok(()));
        }
        attempts.failed("ines", 100);
        assert!(attempts.check("ines", 100).is_err());
        assert_eq!(attempts.check("ines", 101), Ok(()));
        assert_eq!(attempts.check("other", 100), Ok(()));
        attempts.failed("ines", 101);
        assert!(attempts.check("ines", 102).is_err());
        assert_eq!(attempts.check("ines", 103), Ok(()));
        attempts.succeeded("ines");
        attempts.failed("ines", 200);
        assert_eq!(attempts.check("ines", 200), Ok(()));
    }

    #[test]
    fn no_lock_is_longer_than_fifteen_minutes() {
        let mut attempts = Attempts::default();
        for _ in 0..100 {
            attempts.failed("ines", 0);
        }
        assert!(attempts.check("ines", 899).is_err());
        assert_eq!(attempts.check("ines", 900), Ok(()));
    }
}
