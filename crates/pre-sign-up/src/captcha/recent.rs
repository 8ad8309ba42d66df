use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use super::{Answer, Attempt};

/// No provider takes a proof that is older than 300 s, and Cognito has called again long before.
const MAX_AGE: Duration = Duration::seconds(300);

/// A process answers one event at a time and Cognito repeats it at once, so the last few suffice.
const MAX_ANSWERS: usize = 64;

/// The last answers of the provider, each under the digest of its attempt; proofs and names are not kept.
#[derive(Default)]
pub(super) struct Recent(Mutex<VecDeque<Entry>>);

struct Entry {
    digest: [u8; 32],
    since: OffsetDateTime,
    answer: Answer,
}

impl Recent {
    /// What was answered for the same attempt before.
    pub(super) fn answer(&self, attempt: &Attempt, now: OffsetDateTime) -> Option<Answer> {
        let digest = attempt.digest();
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = entries.iter().find(|entry| entry.digest == digest)?;
        (now - known.since < MAX_AGE).then(|| known.answer.clone())
    }

    /// Keeps an answer, in the place of an earlier one.
    pub(super) fn remember(&self, attempt: &Attempt, answer: &Answer, now: OffsetDateTime) {
        let digest = attempt.digest();
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.digest != digest);
        entries.truncate(MAX_ANSWERS - 1);
        entries.push_front(Entry {
            digest,
            since: now,
            answer: answer.clone(),
        });
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recent")
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, OffsetDateTime};

    use super::{MAX_ANSWERS, Recent};
    use crate::captcha::{Answer, Attempt};

    fn attempt<'a>(user_name: &'a str, token: &'a str) -> Attempt<'a> {
        Attempt {
            user_pool_id: "eu-central-1_Kx7QmT2Zd",
            user_name,
            token,
        }
    }

    #[test]
    fn an_answer_is_for_its_user_and_proof_and_for_a_while() {
        let recent = Recent::default();
        let now = OffsetDateTime::UNIX_EPOCH;
        let answer = Answer {
            success: true,
            ..Answer::default()
        };
        recent.remember(&attempt("ines", "token"), &answer, now);
        for (case, user_name, token, seconds, known) in [
            ("at once", "ines", "token", 0, true),
            ("while it could count", "ines", "token", 299, true),
            ("later", "ines", "token", 300, false),
            ("another user", "kim", "token", 0, false),
            ("another proof", "ines", "another", 0, false),
        ] {
            let later = now + Duration::seconds(seconds);
            let found = recent.answer(&attempt(user_name, token), later);
            assert_eq!(found.is_some(), known, "{case}");
        }
    }

    #[test]
    fn only_the_last_answers_are_kept() {
        let recent = Recent::default();
        let now = OffsetDateTime::UNIX_EPOCH;
        for number in 0..=MAX_ANSWERS {
            let token = number.to_string();
            recent.remember(&attempt("ines", &token), &Answer::default(), now);
        }
        assert_eq!(recent.answer(&attempt("ines", "0"), now), None);
        assert!(recent.answer(&attempt("ines", "1"), now).is_some());
    }
}
