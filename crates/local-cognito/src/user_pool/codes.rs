use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::error::Error;

/// A confirmation code's life: 24 hours (D, quotas).
const LIFE_SECONDS: i64 = 24 * 60 * 60;
/// Wrong tries before even the right code is refused. AWS documents a limit and no number.
const MOST_WRONG_TRIES: u32 = 5;
/// How many users have codes at most where they are no users; anyone can ask for theirs, so one of them gives way.
const MOST_DECOYS: usize = 10_000;
/// How long after the last wrong try they are forgotten.
const WRONG_TRIES_COUNT_SECONDS: i64 = 60 * 60;

/// Codes that were sent and not yet used, by user name and purpose.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Codes {
    sent: BTreeMap<String, BTreeMap<Purpose, Code>>,
}

/// What a code was sent for; it is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// To confirm a new user.
    SignUp,
    /// To set a new password.
    ForgotPassword,
    /// To verify an address that the user has given.
    VerifyEmail,
    /// To verify a number that the user has given.
    VerifyPhoneNumber,
}

#[derive(Serialize, Deserialize)]
struct Code {
    code: String,
    proves: Proven,
    expires: i64,
    wrong_tries: u32,
    last_wrong_try: i64,
}

/// What whoever has the code has shown: that messages to this address or number reach them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proven {
    /// `email` or `phone_number`.
    pub(crate) attribute: String,
    /// The attribute's value when the code was sent. The user may have another by now.
    pub(crate) value: String,
}

impl Purpose {
    /// To verify this attribute: `email` or `phone_number`.
    pub(crate) fn to_verify(attribute: &str) -> Self {
        match attribute {
            "phone_number" => Self::VerifyPhoneNumber,
            _ => Self::VerifyEmail,
        }
    }
}

impl Codes {
    /// Remembers a code for somebody who does not exist, as if it had been sent.
    pub(crate) fn pretend(&mut self, name: &str, purpose: Purpose, code: String, now: i64) {
        if self.sent.len() >= MOST_DECOYS && !self.sent.contains_key(name) {
            self.sent.pop_first();
        }
        let nothing = Proven {
            attribute: String::new(),
            value: String::new(),
        };
        self.sent(name, purpose, code, nothing, now);
    }

    /// Whether a code for this purpose waits to be used.
    pub(crate) fn waits(&self, username: &str, purpose: Purpose) -> bool {
        let sent = self.sent.get(username);
        sent.is_some_and(|sent| sent.contains_key(&purpose))
    }

    /// A code was sent; it takes the place of an earlier one.
    pub(crate) fn sent(
        &mut self,
        username: &str,
        purpose: Purpose,
        code: String,
        proves: Proven,
        now: i64,
    ) {
        let sent = self.sent.entry(username.to_owned()).or_default();
        // A new code must not give new tries.
        let (wrong_tries, last_wrong_try) = match sent.get(&purpose) {
            Some(before) => (before.wrong_tries, before.last_wrong_try),
            None => (0, 0),
        };
        let expires = now + LIFE_SECONDS;
        sent.insert(
            purpose,
            Code {
                code,
                proves,
                expires,
                wrong_tries,
                last_wrong_try,
            },
        );
    }

    /// Checks the code and tells what it proves; the caller forgets it when all else has passed too.
    pub(crate) fn check(
        &mut self,
        username: &str,
        purpose: Purpose,
        presented: &str,
        now: i64,
    ) -> Result<Proven, Error> {
        let sent = self.sent.get_mut(username);
        let code = sent
            .and_then(|sent| sent.get_mut(&purpose))
            .ok_or(Error::ExpiredCode)?;
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
        Ok(code.proves.clone())
    }

    /// The code for this purpose was used, or means nothing any more.
    pub(crate) fn used(&mut self, username: &str, purpose: Purpose) {
        if let Some(sent) = self.sent.get_mut(username) {
            sent.remove(&purpose);
        }
    }

    /// Forgets all codes of a user.
    pub(crate) fn forget(&mut self, username: &str) {
        self.sent.remove(username);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Proven {
        Proven {
            attribute: "email".to_owned(),
            value: "ines.falk@example.org".to_owned(),
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_day() {
        let mut codes = Codes::default();
        codes.sent("ines", Purpose::SignUp, "123456".to_owned(), address(), 0);
        assert_eq!(
            codes.check("ines", Purpose::SignUp, "000000", 1),
            Err(Error::CodeMismatch)
        );
        assert_eq!(
            codes.check("else", Purpose::SignUp, "123456", 1),
            Err(Error::ExpiredCode)
        );
        assert_eq!(
            codes.check("ines", Purpose::ForgotPassword, "123456", 1),
            Err(Error::ExpiredCode)
        );
        assert_eq!(
            codes.check("ines", Purpose::SignUp, "123456", 1),
            Ok(address())
        );
        codes.used("ines", Purpose::SignUp);
        assert_eq!(
            codes.check("ines", Purpose::SignUp, "123456", 1),
            Err(Error::ExpiredCode)
        );
        codes.sent("ines", Purpose::SignUp, "123456".to_owned(), address(), 0);
        assert_eq!(
            codes.check("ines", Purpose::SignUp, "123456", 86_400),
            Err(Error::ExpiredCode)
        );
    }

    #[test]
    fn a_new_code_gives_no_new_tries() {
        let mut codes = Codes::default();
        for try_number in 0..5 {
            codes.sent("ines", Purpose::SignUp, "123456".to_owned(), address(), 0);
            assert_eq!(
                codes.check("ines", Purpose::SignUp, "000000", 1),
                Err(Error::CodeMismatch),
                "{try_number}"
            );
        }
        assert_eq!(
            codes.check("ines", Purpose::SignUp, "123456", 1),
            Err(Error::LimitExceeded)
        );
        assert_eq!(
            codes.check("ines", Purpose::SignUp, "123456", 3_601),
            Ok(address())
        );
    }
}
