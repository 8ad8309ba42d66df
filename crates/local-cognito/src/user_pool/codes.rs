use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::error::Error;

/// A confirmation code's life: 24 hours (D, quotas).
const LIFE_SECONDS: i64 = 24 * 60 * 60;
/// Wrong tries before even the right code is refused. AWS documents a limit and no number.
const MOST_WRONG_TRIES: u32 = 5;
/// How long after the last wrong try they are forgotten.
const WRONG_TRIES_COUNT_SECONDS: i64 = 60 * 60;

/// Codes that were sent and not yet used, by user name.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Codes {
    sent: BTreeMap<String, Code>,
}

#[derive(Serialize, Deserialize)]
struct Code {
    code: String,
    attribute: Option<String>,
    expires: i64,
    wrong_tries: u32,
    last_wrong_try: i64,
}

impl Codes {
    /// A code was sent to `attribute`; it takes the place of an earlier one.
    pub(crate) fn sent(&mut self, username: &str, code: String, attribute: Option<&str>, now: i64) {
        let attribute = attribute.map(str::to_owned);
        // A new code must not give new tries.
        let (wrong_tries, last_wrong_try) = match self.sent.get(username) {
            Some(before) => (before.wrong_tries, before.last_wrong_try),
            None => (0, 0),
        };
        let expires = now + LIFE_SECONDS;
        self.sent.insert(
            username.to_owned(),
            Code {
                code,
                attribute,
                expires,
                wrong_tries,
                last_wrong_try,
            },
        );
    }

    /// Checks the code and tells which attribute it proves; the caller forgets it when all else has passed too.
    pub(crate) fn check(
        &mut self,
        username: &str,
        presented: &str,
        now: i64,
    ) -> Result<Option<String>, Error> {
        let code = self.sent.get_mut(username).ok_or(Error::ExpiredCode)?;
        if now >= code.last_wrong_try + WRONG_TRIES_COUNT_SECONDS {
            code.wrong_tries = 0;
        }
        if code.wrong_tries >= MOST_WRONG_TRIES {
            return Err(Error::LimitExceeded);
        }
        if !bool::from(code.code.as_bytes().ct_eq(presented.as_bytes())) {
            code.wrong_tries += 1;
            code.last_wrong_try = now;
            return Err(Error::CodeMismatch);
        }
        if now >= code.expires {
            return Err(Error::ExpiredCode);
        }
        Ok(code.attribute.clone())
    }

    pub(crate) fn forget(&mut self, username: &str) {
        self.sent.remove(username);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_for_a_day() {
        let mut codes = Codes::default();
        codes.sent("ines", "123456".to_owned(), Some("email"), 0);
        assert_eq!(codes.check("ines", "000000", 1), Err(Error::CodeMismatch));
        assert_eq!(codes.check("else", "123456", 1), Err(Error::ExpiredCode));
        assert_eq!(
            codes.check("ines", "123456", 1),
            Ok(Some("email".to_owned()))
        );
        codes.forget("ines");
        assert_eq!(codes.check("ines", "123456", 1), Err(Error::ExpiredCode));
        codes.sent("ines", "123456".to_owned(), Some("email"), 0);
        assert_eq!(
            codes.check("ines", "123456", 86_400),
            Err(Error::ExpiredCode)
        );
    }

    #[test]
    fn a_new_code_gives_no_new_tries() {
        let mut codes = Codes::default();
        for try_number in 0..5 {
            codes.sent("ines", "123456".to_owned(), None, 0);
            assert_eq!(
                codes.check("ines", "000000", 1),
                Err(Error::CodeMismatch),
                "{try_number}"
            );
        }
        assert_eq!(codes.check("ines", "123456", 1), Err(Error::LimitExceeded));
        assert_eq!(codes.check("ines", "123456", 3_601), Ok(None));
    }
}
