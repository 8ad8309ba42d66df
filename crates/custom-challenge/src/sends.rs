//! When the next message may leave to somebody.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use time::OffsetDateTime;

use crate::challenge::Item;
use crate::table::{Challenges, ChallengesError, flag, number, number_of, text, text_of, written};

/// Cognito gives up an answer after 5 s and sends the event again, up to three times in all.
const REPETITION_SECONDS: i64 = 20;

/// The longest time between two messages, however many there were.
const LONGEST_SECONDS: i64 = 3_600;

/// For how long after a message may leave again it is remembered how many there were.
const MEMORY_SECONDS: i64 = 3_600;

/// The last message of a kind to a user at an app client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LastSend {
    /// The challenge that it was about.
    pub(crate) challenge_id: String,
    /// When it was begun, in epoch seconds.
    at: i64,
    /// When the next may leave.
    pub(crate) next_at: i64,
    /// How often the time between two messages has doubled.
    doublings: u32,
    /// Which session asked, as far as sessions can be told apart: all that are new are one.
    session: String,
    /// Whether the budgets let it leave; none when that is not known yet.
    pub(crate) is_granted: Option<bool>,
}

/// What to do for a session that wants a challenge with a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan<'a> {
    /// A new challenge with its message.
    New,
    /// The same challenge once more: the message under its id leaves once.
    Again(&'a LastSend),
    /// A new challenge whose message does not leave: it is too early.
    Silent(&'a LastSend),
}

/// Decides by the last message. `is_shared`: it brought a code that is good for every session of the user.
pub(crate) fn plan<'a>(
    last: Option<&'a LastSend>,
    session: &str,
    is_shared: bool,
    now: OffsetDateTime,
) -> Plan<'a> {
    let now = now.unix_timestamp();
    let Some(last) = last.filter(|last| now < last.next_at) else {
        return Plan::New;
    };
    let is_repetition = last.session == session && now < last.at + REPETITION_SECONDS;
    if is_shared || is_repetition {
        Plan::Again(last)
    } else {
        Plan::Silent(last)
    }
}

impl LastSend {
    /// The message of a challenge, after the last one: the time until the next doubles.
    pub(crate) fn after(
        last: Option<&Self>,
        challenge_id: &str,
        session: &str,
        interval_seconds: i64,
        now: OffsetDateTime,
    ) -> Self {
        let now = now.unix_timestamp();
        let doublings = match last {
            Some(last) if now < last.next_at + MEMORY_SECONDS => last.doublings + 1,
            _ => 0,
        };
        let interval = interval_seconds << doublings.min(16);
        Self {
            challenge_id: challenge_id.to_owned(),
            at: now,
            next_at: now + interval.min(LONGEST_SECONDS),
            doublings,
            session: session.to_owned(),
            is_granted: None,
        }
    }

    fn from_item(item: &Item) -> Option<Self> {
        Some(Self {
            challenge_id: text_of(item, "challenge")?.to_owned(),
            at: number_of(item, "at")?,
            next_at: number_of(item, "nextAt")?,
            doublings: number_of(item, "doublings")?.try_into().ok()?,
            session: text_of(item, "session")?.to_owned(),
            is_granted: flag(item, "granted"),
        })
    }
}

impl Challenges {
    pub(crate) async fn last_send(&self, key: &str) -> Result<Option<LastSend>, ChallengesError> {
        let Some(item) = self.item(key.to_owned()).await? else {
            return Ok(None);
        };
        let last = LastSend::from_item(&item);
        last.map(Some).ok_or(ChallengesError::Malformed("a send"))
    }

    /// Notes the next message instead of the last one; `false` when another did so first.
    pub(crate) async fn begin_send(
        &self,
        key: &str,
        last: Option<&LastSend>,
        next: &LastSend,
    ) -> Result<bool, ChallengesError> {
        let mut update = self
            .update(key.to_owned())
            .update_expression(
                "SET challenge = :challenge, #at = :at, nextAt = :nextAt, doublings = :doublings, #session = :session, expiresAt = :end REMOVE granted",
            )
            .expression_attribute_names("#at", "at")
            .expression_attribute_names("#session", "session")
            .expression_attribute_values(":challenge", text(&next.challenge_id))
            .expression_attribute_values(":at", number(next.at))
            .expression_attribute_values(":nextAt", number(next.next_at))
            .expression_attribute_values(":doublings", number(next.doublings.into()))
            .expression_attribute_values(":session", text(&next.session))
            .expression_attribute_values(":end", number(next.next_at + MEMORY_SECONDS));
        update = match last {
            None => update.condition_expression("attribute_not_exists(id)"),
            Some(last) => update
                .condition_expression("challenge = :last")
                .expression_attribute_values(":last", text(&last.challenge_id)),
        };
        Ok(written(update).await?.is_some())
    }

    /// Notes whether the budgets let the message leave, and returns what was noted first.
    pub(crate) async fn settle_send(
        &self,
        key: &str,
        challenge_id: &str,
        is_granted: bool,
    ) -> Result<bool, ChallengesError> {
        let update = self
            .update(key.to_owned())
            .update_expression("SET granted = if_not_exists(granted, :granted)")
            .condition_expression("challenge = :challenge")
            .expression_attribute_values(":challenge", text(challenge_id))
            .expression_attribute_values(":granted", AttributeValue::Bool(is_granted))
            .return_values(ReturnValue::AllNew);
        let noted = written(update).await?;
        Ok(noted
            .and_then(|item| flag(&item, "granted"))
            .unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    fn new_at(last: Option<&LastSend>, seconds: i64) -> LastSend {
        assert_eq!(plan(last, "session", true, at(seconds)), Plan::New);
        LastSend::after(last, "new", "session", 30, at(seconds))
    }

    #[test]
    fn the_time_between_two_messages_doubles_and_is_forgotten() {
        let first = new_at(None, 0);
        assert_eq!(first.next_at, 30);
        let second = new_at(Some(&first), 30);
        assert_eq!(second.next_at, 30 + 60);
        let third = new_at(Some(&second), 3_000);
        assert_eq!(third.next_at, 3_000 + 120);
        let forgotten = new_at(Some(&third), 3_120 + 3_600);
        assert_eq!(forgotten.next_at, 6_720 + 30);
        let mut last = first;
        for _ in 0..40 {
            last = new_at(Some(&last), last.next_at);
        }
        assert_eq!(last.next_at - last.at, 3_600);
    }

    #[test]
    fn too_early_a_code_is_shared_and_a_link_is_the_asking_sessions_own() {
        let last = new_at(None, 0);
        for (is_shared, session, seconds, expected) in [
            (true, "session", 29, Plan::Again(&last)),
            (true, "another", 29, Plan::Again(&last)),
            (true, "another", 30, Plan::New),
            (false, "session", 19, Plan::Again(&last)),
            (false, "session", 20, Plan::Silent(&last)),
            (false, "another", 1, Plan::Silent(&last)),
            (false, "session", 30, Plan::New),
        ] {
            let planned = plan(Some(&last), session, is_shared, at(seconds));
            assert_eq!(planned, expected, "{is_shared} {session} {seconds}");
        }
    }
}
