use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{CustomChallenge, CustomSignIn, SecondFactor};
use crate::error::Error;
use crate::ids;
use crate::srp::Exchange;
use crate::triggers::TokenCause;

/// How many challenges wait at most; anyone can ask for one, so the oldest gives way, and its answer is told that there is no such session.
const MOST_OPEN: usize = 10_000;

/// Wrong codes after which a session is gone. AWS documents no number.
const MOST_WRONG_TRIES: u32 = 3;

/// Challenges that wait for an answer. Each can be answered once; a wrong code can be tried again, though not often.
#[derive(Default)]
pub(crate) struct Sessions {
    /// In the order in which they were opened.
    open: BTreeMap<u64, (Arc<str>, Session)>,
    numbers: HashMap<Arc<str>, u64>,
    next_number: u64,
}

/// A challenge that waits for an answer.
pub(crate) struct Session {
    pub(crate) client_id: String,
    /// The user name; for an unknown user the one that a user of that name would have.
    pub(crate) username: String,
    /// The salt of the password that is asked for or was proven; of a user without one, their `sub`. A password that is set later has another, and so has a new user of
    /// the same name: neither can go on with this session.
    pub(crate) salt: String,
    pub(crate) expires: i64,
    pub(crate) challenge: Challenge,
    pub(crate) wrong_tries: u32,
}

/// What is asked.
pub(crate) enum Challenge {
    /// Which of these first factors the user has chosen, or is to choose.
    FirstFactor(Vec<FirstFactor>),
    /// The proof of a password, by SRP, and the custom sign-in that goes on after it, if one does. Boxed, since its numbers have 384
    /// bytes each.
    PasswordVerifier(Box<Exchange>, Option<Box<CustomSignIn>>),
    /// What create auth challenge made.
    Custom(CustomChallenge, Box<CustomSignIn>),
    /// A password of the user's own in place of a temporary one.
    NewPasswordRequired(Progress),
    /// A code that was sent.
    SentCode(SentCode, Progress),
    /// A code that an authenticator app shows.
    SoftwareToken(Progress),
    /// Which of these second factors the user wants.
    SelectMfaType(Vec<SecondFactor>, Progress),
    /// An authenticator app, which must show a code; whether it has.
    MfaSetup { done: bool, progress: Progress },
    /// That the device begins to prove its password.
    DeviceSrpAuth(Progress),
    /// The proof of a device's password.
    DevicePasswordVerifier(Box<Exchange>, Progress),
}

/// How choice-based sign-in can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstFactor {
    Password,
    PasswordSrp,
    EmailOtp,
    SmsOtp,
}

/// What a sign-in takes along from one challenge to the next.
#[derive(Clone)]
pub(crate) struct Progress {
    /// Why tokens will be made.
    pub(crate) cause: TokenCause,
    /// The device that the client says it is.
    pub(crate) device_key: Option<String>,
    /// Whether a device that is new is named at the end.
    pub(crate) names_device: bool,
    /// The sign-in by custom challenges that this is part of, if it is one: define auth challenge says what comes next.
    pub(crate) custom: Option<Box<CustomSignIn>>,
}

impl Progress {
    /// A sign-in at its start.
    pub(crate) fn new(device_key: Option<&str>) -> Self {
        Self {
            cause: TokenCause::Authentication,
            device_key: device_key.map(str::to_owned),
            names_device: true,
            custom: None,
        }
    }

    /// Notes a challenge of Cognito's own that was passed, for the functions of a custom sign-in.
    pub(crate) fn passed(&mut self, challenge: &'static str) {
        if let Some(custom) = &mut self.custom {
            custom.passed(challenge);
        }
    }
}

/// A code that was sent, and what it was sent for.
pub(crate) struct SentCode {
    /// The challenge's name.
    pub(crate) challenge: &'static str,
    /// `email` or `phone_number`.
    pub(crate) attribute: &'static str,
    /// Where it went. The user may have another address or number by now.
    pub(crate) to: String,
    /// `None` where there is no such user, so that no answer is right.
    pub(crate) code: Option<String>,
    /// Whether it takes the password's place.
    pub(crate) is_first_factor: bool,
}

impl Sessions {
    /// Opens a session under a name of its own, which the client brings back.
    pub(crate) fn open(&mut self, session: Session) -> String {
        let name = ids::opaque(64);
        self.open_as(&name, session);
        name
    }

    /// Opens a session under a given name; SRP's secret block is one.
    pub(crate) fn open_as(&mut self, name: &str, session: Session) {
        if self.open.len() >= MOST_OPEN
            && let Some((_, (oldest, _))) = self.open.pop_first()
        {
            self.numbers.remove(&oldest);
        }
        let name = Arc::<str>::from(name);
        self.numbers.insert(name.clone(), self.next_number);
        self.open.insert(self.next_number, (name, session));
        self.next_number += 1;
    }

    /// The session, which stays open. Another client's is none.
    pub(crate) fn find(&self, name: &str, client_id: &str, now: i64) -> Result<&Session, Error> {
        let found = self
            .numbers
            .get(name)
            .and_then(|number| self.open.get(number))
            .filter(|(_, session)| session.client_id == client_id);
        let (_, session) = found.ok_or_else(Error::used_session)?;
        if now >= session.expires {
            return Err(Error::expired_session());
        }
        Ok(session)
    }

    /// Takes the session out, so that it cannot be answered again.
    pub(crate) fn take(&mut self, name: &str, client_id: &str, now: i64) -> Result<Session, Error> {
        self.find(name, client_id, now)?;
        let number = self.numbers.remove(name);
        let taken = number.and_then(|number| self.open.remove(&number));
        taken
            .map(|(_, session)| session)
            .ok_or_else(Error::used_session)
    }

    /// Counts a wrong code. After the third the session is gone.
    pub(crate) fn wrong_try(&mut self, name: &str) {
        let Some(number) = self.numbers.get(name).copied() else {
            return;
        };
        if let Some((_, session)) = self.open.get_mut(&number) {
            session.wrong_tries += 1;
            if session.wrong_tries >= MOST_WRONG_TRIES {
                self.open.remove(&number);
                self.numbers.remove(name);
            }
        }
    }

    /// The name of the newest session of this client that is as `wanted` says.
    pub(crate) fn newest(
        &self,
        client_id: &str,
        wanted: impl Fn(&Session) -> bool,
    ) -> Option<String> {
        let mut newest_first = self.open.values().rev();
        newest_first
            .find(|(_, session)| session.client_id == client_id && wanted(session))
            .map(|(name, _)| name.to_string())
    }

    /// The app client of a session.
    pub(crate) fn client_of(&self, name: &str) -> Option<&str> {
        let (_, session) = self.open.get(self.numbers.get(name)?)?;
        Some(&session.client_id)
    }

    /// Forgets a deleted user's sessions.
    pub(crate) fn forget(&mut self, username: &str) {
        self.open
            .retain(|_, (_, session)| session.username != username);
        let open = &self.open;
        self.numbers.retain(|_, number| open.contains_key(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(username: &str) -> Session {
        Session {
            client_id: "web".to_owned(),
            username: username.to_owned(),
            salt: String::new(),
            expires: 180,
            challenge: Challenge::DeviceSrpAuth(Progress::new(None)),
            wrong_tries: 0,
        }
    }

    #[test]
    fn the_third_wrong_code_ends_a_session() {
        let mut sessions = Sessions::default();
        let name = sessions.open(of("ines"));
        for _ in 0..2 {
            sessions.wrong_try(&name);
            assert!(sessions.find(&name, "web", 0).is_ok());
        }
        sessions.wrong_try(&name);
        sessions.wrong_try(&name);
        assert!(sessions.find(&name, "web", 0).is_err());
        assert!(sessions.open.is_empty() && sessions.numbers.is_empty());
    }

    #[test]
    fn a_session_is_good_once_in_time_and_for_its_client() {
        let mut sessions = Sessions::default();
        let name = sessions.open(of("ines"));
        let mut take = |client, now| Some(sessions.take(&name, client, now).err()?.to_string());
        let invalid = Some("Invalid session for the user.".to_owned());
        assert_eq!(take("other", 0), invalid);
        assert_eq!(
            take("web", 180),
            Some("Invalid session for the user, session is expired.".to_owned())
        );
        assert_eq!(take("web", 179), None);
        assert_eq!(take("web", 179), invalid);
    }

    #[test]
    fn a_flood_of_sessions_pushes_out_the_oldest() {
        let mut sessions = Sessions::default();
        let first = sessions.open(of("ines"));
        let second = sessions.open(of("ines"));
        for _ in 0..MOST_OPEN - 1 {
            sessions.open(of("nobody"));
        }
        assert_eq!(
            (sessions.open.len(), sessions.numbers.len()),
            (MOST_OPEN, MOST_OPEN)
        );
        assert!(sessions.take(&first, "web", 0).is_err());
        assert!(sessions.take(&second, "web", 0).is_ok());
    }

    #[test]
    fn a_deleted_users_sessions_are_gone() {
        let mut sessions = Sessions::default();
        let (ines, jan) = (sessions.open(of("ines")), sessions.open(of("jan")));
        sessions.forget("ines");
        assert!(sessions.find(&ines, "web", 0).is_err());
        assert!(sessions.find(&jan, "web", 0).is_ok());
    }
}
