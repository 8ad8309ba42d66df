use std::collections::HashMap;

use crate::error::Error;
use crate::ids;
use crate::srp::Exchange;

/// Challenges that wait for an answer. Each can be answered once.
#[derive(Default)]
pub(crate) struct Sessions {
    open: HashMap<String, Session>,
}

/// A challenge that waits for an answer.
pub(crate) struct Session {
    pub(crate) client_id: String,
    /// The user name; for an unknown user the one that was typed.
    pub(crate) username: String,
    pub(crate) expires: i64,
    pub(crate) challenge: Challenge,
}

/// What is asked.
pub(crate) enum Challenge {
    /// The proof of a password, by SRP. Boxed, since its numbers have 384 bytes each.
    PasswordVerifier(Box<Exchange>),
    /// A password of the user's own in place of a temporary one.
    NewPasswordRequired,
}

impl Sessions {
    /// Opens a session under a name of its own, which the client brings back.
    pub(crate) fn open(&mut self, session: Session, now: i64) -> String {
        let name = ids::opaque(64);
        self.open_as(name.clone(), session, now);
        name
    }

    /// Opens a session under a given name; SRP's secret block is one.
    pub(crate) fn open_as(&mut self, name: String, session: Session, now: i64) {
        // Nobody answers what expired an hour ago; an answer before that is told that it came too late.
        if self.open.len() >= 10_000 {
            self.open.retain(|_, session| now < session.expires + 3_600);
        }
        self.open.insert(name, session);
    }

    /// Takes the session out, so that it cannot be answered again.
    pub(crate) fn take(&mut self, name: &str, client_id: &str, now: i64) -> Result<Session, Error> {
        let session = self.open.remove(name).ok_or_else(Error::used_session)?;
        if session.client_id != client_id {
            return Err(Error::used_session());
        }
        if now >= session.expires {
            return Err(Error::expired_session());
        }
        Ok(session)
    }
}
