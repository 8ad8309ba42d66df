use std::collections::HashMap;

use crate::error::Error;

/// Wrong passwords before the first lock (D).
const FREE_ATTEMPTS: u32 = 5;
/// The longest lock: about 15 minutes (D).
const LONGEST_LOCK_SECONDS: i64 = 15 * 60;
/// How long nobody must have tried before the count starts anew (D).
const FORGOTTEN_AFTER_SECONDS: i64 = 15 * 60;
/// How many names are kept when some of them are no user's, so that nobody fills the memory with invented ones.
const MOST_NAMES: usize = 10_000;

/// Wrong passwords or codes in a row, by user name, whether there is such a user or not.
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
    last_try: i64,
    /// Whether a user has this name; such a count never gives way to another.
    of_user: bool,
}

impl Attempts {
    /// Refuses while the name is locked, even with the right password.
    pub(crate) fn check(&mut self, name: &str, now: i64) -> Result<(), Error> {
        let Some(failures) = self.failures.get_mut(name) else {
            return Ok(());
        };
        if now < failures.locked_until {
            failures.last_try = now;
            return Err(Error::not_authorized("Password attempts exceeded")); // W
        }
        if now >= failures.last_try + FORGOTTEN_AFTER_SECONDS {
            self.failures.remove(name);
        }
        Ok(())
    }

    /// Judges a try that has been compared: counts it, and lets only the right password pass.
    ///
    /// Looks at the lock once more, so that of many tries at the same time those that end after it has closed learn nothing.
    pub(crate) fn judge(
        &mut self,
        name: &str,
        right: bool,
        of_user: bool,
        now: i64,
    ) -> Result<(), Error> {
        self.check(name, now)?;
        if right {
            self.forget(name);
            return Ok(());
        }
        self.failed(name, of_user, now);
        Err(Error::wrong_credentials())
    }

    /// Counts a wrong password or code; `of_user` tells whether there is a user of this name.
    pub(crate) fn failed(&mut self, name: &str, of_user: bool, now: i64) {
        if self.failures.len() >= MOST_NAMES && !self.failures.contains_key(name) {
            self.drop_oldest_invented_name();
        }
        let failures = self.failures.entry(name.to_owned()).or_default();
        failures.count += 1;
        failures.last_try = now;
        failures.of_user = of_user;
        if failures.count >= FREE_ATTEMPTS {
            let doublings = (failures.count - FREE_ATTEMPTS).min(10);
            failures.locked_until = now + (1 << doublings).min(LONGEST_LOCK_SECONDS);
        }
    }

    /// Starts anew: after the right password, and for a user that is new or gone.
    pub(crate) fn forget(&mut self, name: &str) {
        self.failures.remove(name);
    }

    fn drop_oldest_invented_name(&mut self) {
        let invented = self
            .failures
            .iter()
            .filter(|(_, failures)| !failures.of_user);
        let oldest = invented
            .min_by_key(|(_, failures)| failures.last_try)
            .map(|(name, _)| name.clone());
        if let Some(name) = oldest {
            self.failures.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_wrong_password_in_a_row_doubles_the_lock() {
        let mut attempts = Attempts::default();
        for _ in 0..4 {
            attempts.failed("ines", true, 100);
            assert_eq!(attempts.check("ines", 100), Ok(()));
        }
        attempts.failed("ines", true, 100);
        assert!(attempts.check("ines", 100).is_err());
        assert_eq!(attempts.check("ines", 101), Ok(()));
        assert_eq!(attempts.check("other", 100), Ok(()));
        attempts.failed("ines", true, 101);
        assert!(attempts.check("ines", 102).is_err());
        assert_eq!(attempts.check("ines", 103), Ok(()));
        attempts.forget("ines");
        attempts.failed("ines", true, 200);
        assert_eq!(attempts.check("ines", 200), Ok(()));
    }

    #[test]
    fn the_right_password_does_not_pass_a_lock_that_closed_while_it_was_compared() {
        let mut attempts = Attempts::default();
        for _ in 0..5 {
            let wrong = attempts.judge("ines", false, true, 100);
            assert_eq!(wrong, Err(Error::wrong_credentials()));
        }
        let locked = Err(Error::not_authorized("Password attempts exceeded"));
        assert_eq!(attempts.judge("ines", true, true, 100), locked);
        assert_eq!(attempts.judge("ines", true, true, 101), Ok(()));
    }

    #[test]
    fn no_lock_is_longer_than_fifteen_minutes() {
        let mut attempts = Attempts::default();
        for _ in 0..100 {
            attempts.failed("ines", true, 0);
        }
        assert!(attempts.check("ines", 899).is_err());
        assert_eq!(attempts.check("ines", 900), Ok(()));
    }

    #[test]
    fn fifteen_minutes_without_a_try_start_the_count_anew() {
        let locked_after_one_more = |wait: i64| {
            let mut attempts = Attempts::default();
            for _ in 0..4 {
                attempts.failed("ines", true, 0);
            }
            attempts.check("ines", wait).unwrap();
            attempts.failed("ines", true, wait);
            attempts.check("ines", wait).is_err()
        };
        assert!(locked_after_one_more(899));
        assert!(!locked_after_one_more(900));
    }

    #[test]
    fn invented_names_push_out_each_other_and_never_a_user() {
        let mut attempts = Attempts::default();
        for _ in 0..5 {
            attempts.failed("ines", true, 0);
        }
        for number in 0..2 * MOST_NAMES {
            attempts.failed(&format!("nobody{number}"), false, 1);
        }
        assert_eq!(attempts.failures.len(), MOST_NAMES);
        assert!(attempts.check("ines", 0).is_err());
    }
}
