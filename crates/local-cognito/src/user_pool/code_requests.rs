use std::collections::HashMap;

use crate::error::Error;

/// Codes that one user can have sent in an hour. AWS allows 5 to 20, by the risk that it sees (D).
const MOST_AN_HOUR: usize = 5;
const HOUR_SECONDS: i64 = 60 * 60;
/// How many names are kept, so that nobody fills the memory with invented ones.
const MOST_NAMES: usize = 10_000;

/// When codes were asked for, by user name, whether there is such a user or not: who meets a limit must not learn whether somebody exists.
///
/// Source: Developer Guide, "Recovering passwords".
#[derive(Default)]
pub(crate) struct CodeRequests {
    times: HashMap<String, Vec<i64>>,
}

impl CodeRequests {
    /// Counts a request, or refuses it.
    pub(crate) fn count(&mut self, name: &str, now: i64) -> Result<(), Error> {
        if self.times.len() >= MOST_NAMES && !self.times.contains_key(name) {
            self.sweep(now);
        }
        let times = self.times.entry(name.to_owned()).or_default();
        times.retain(|time| now < time + HOUR_SECONDS);
        if times.len() >= MOST_AN_HOUR {
            return Err(Error::LimitExceeded);
        }
        times.push(now);
        Ok(())
    }

    /// Starts anew: for a user that is new or gone.
    pub(super) fn forget(&mut self, name: &str) {
        self.times.remove(name);
    }

    /// Forgets what is too old to count, and when that is nothing, those who asked least: they have the most left to ask anyway.
    fn sweep(&mut self, now: i64) {
        let counts = |times: &Vec<i64>| times.iter().any(|time| now < time + HOUR_SECONDS);
        self.times.retain(|_, times| counts(times));
        for fewest in 1..MOST_AN_HOUR {
            if self.times.len() < MOST_NAMES {
                return;
            }
            self.times.retain(|_, times| times.len() > fewest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_request_in_an_hour_is_refused() {
        let mut requests = CodeRequests::default();
        for time in 0..5 {
            assert_eq!(requests.count("ines", time), Ok(()));
        }
        assert_eq!(requests.count("ines", 3_599), Err(Error::LimitExceeded));
        assert_eq!(requests.count("jan", 3_599), Ok(()));
        // What was refused does not count, and what was an hour ago no longer does.
        assert_eq!(requests.count("ines", 3_600), Ok(()));
        assert_eq!(requests.count("ines", 3_600), Err(Error::LimitExceeded));
    }

    #[test]
    fn invented_names_do_not_push_out_who_has_met_the_limit() {
        let mut requests = CodeRequests::default();
        for _ in 0..5 {
            requests.count("ines", 0).unwrap();
        }
        for number in 0..3 * MOST_NAMES {
            requests.count(&format!("nobody{number}"), 1).unwrap();
        }
        assert!(requests.times.len() <= MOST_NAMES);
        assert_eq!(requests.count("ines", 2), Err(Error::LimitExceeded));
    }
}
