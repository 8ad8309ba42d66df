//! What the table does for one answer to one challenge.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use time::{Duration, OffsetDateTime};

use crate::challenge::{Challenge, Item};
use crate::kind::Kind;
use crate::table::{Challenges, ChallengesError, number, text, text_of, written};

/// Wrong answers that a challenge takes.
const MAX_ATTEMPTS: i64 = 3;

/// Cognito gives up an answer after 5 s and sends the event again, up to three times in all; that it does so late costs nothing more.
const REPETITION: Duration = Duration::seconds(30);

/// One answer to one challenge in one session.
pub(crate) struct Claim<'a> {
    pub(crate) challenge_id: &'a str,
    pub(crate) kind: Kind,
    pub(crate) owner: &'a str,
    pub(crate) client_id: &'a str,
    /// A keyed hash of the session's nonce and the answer: a repeated event has the same.
    pub(crate) attempt: &'a str,
    /// Whether the answer could be a guess, and so counts.
    pub(crate) is_guess: bool,
    /// Whether another guess may be compared at all.
    pub(crate) is_allowed: bool,
}

/// A challenge whose answer may be compared.
pub(crate) struct Comparable {
    pub(crate) challenge: Challenge,
    /// This very answer was right before.
    pub(crate) is_repetition: bool,
}

/// The challenge is this user's, of this kind, and not answered yet, but for a repetition of the answer that was right.
const OPEN: &str = "#owner = :owner AND #client = :client AND #kind = :kind AND expiresAt > :now \
    AND (attribute_not_exists(usedBy) OR (usedBy = :attempt AND usedAt > :repetition))";

/// What could be guessed is compared three times; a repetition is no other guess.
const COUNTED: &str =
    "(size(attempts) < :most OR (size(attempts) <= :most AND contains(attempts, :attempt)))";

impl Challenges {
    /// Counts an answer before it is compared. `None` where it must not be: the call is the same in every case.
    pub(crate) async fn claim(
        &self,
        claim: &Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Comparable>, ChallengesError> {
        // One more than the attempts, for the element that stands there from the beginning; none at all where it is not allowed.
        let most = if claim.is_allowed {
            MAX_ATTEMPTS + 1
        } else {
            0
        };
        let mut update = self
            .update(Challenge::key(claim.challenge_id))
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#client", "client")
            .expression_attribute_names("#kind", "kind")
            .expression_attribute_values(":owner", text(claim.owner))
            .expression_attribute_values(":client", text(claim.client_id))
            .expression_attribute_values(":kind", text(claim.kind.as_str()))
            .expression_attribute_values(":now", number(now.unix_timestamp()))
            .expression_attribute_values(":repetition", number((now - REPETITION).unix_timestamp()))
            .expression_attribute_values(":attempt", text(claim.attempt))
            .return_values(ReturnValue::AllNew);
        update = match claim.is_guess {
            true => update
                .update_expression("ADD attempts :attempts")
                .condition_expression(format!("{OPEN} AND {COUNTED}"))
                .expression_attribute_values(":most", number(most))
                .expression_attribute_values(
                    ":attempts",
                    AttributeValue::Ss(vec![claim.attempt.to_owned()]),
                ),
            false => update
                .update_expression("SET answeredAt = :now")
                .condition_expression(OPEN),
        };
        let Some(item) = written(update).await? else {
            return Ok(None);
        };
        Ok(Some(Comparable {
            challenge: Challenge::from_item(&item)?,
            is_repetition: text_of(&item, "usedBy") == Some(claim.attempt),
        }))
    }

    /// Uses a challenge up for the answer that was right; `false` when another answer was before it.
    pub(crate) async fn use_up(
        &self,
        claim: &Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<bool, ChallengesError> {
        let update = self
            .update(Challenge::key(claim.challenge_id))
            .update_expression("SET usedBy = :attempt, usedAt = if_not_exists(usedAt, :now)")
            .condition_expression(
                "attribute_exists(id) AND (attribute_not_exists(usedBy) OR usedBy = :attempt)",
            )
            .expression_attribute_values(":attempt", text(claim.attempt))
            .expression_attribute_values(":now", number(now.unix_timestamp()));
        Ok(written(update).await?.is_some())
    }

    /// A challenge that this user can still answer at this app client.
    pub(crate) async fn alive(
        &self,
        id: &str,
        owner: &str,
        client_id: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Challenge>, ChallengesError> {
        let item: Option<Item> = self.item(Challenge::key(id)).await?;
        let Some(item) = item.filter(|item| !item.contains_key("usedBy")) else {
            return Ok(None);
        };
        let challenge = Challenge::from_item(&item)?;
        let is_theirs = challenge.owner == owner && challenge.client_id == client_id;
        Ok(Some(challenge).filter(|challenge| is_theirs && challenge.is_alive(now)))
    }

    /// Keeps a new challenge, under an id that no other has.
    pub(crate) async fn keep(&self, challenge: &Challenge) -> Result<(), ChallengesError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(challenge.to_item()));
        let kept = Box::pin(request.send()).await;
        kept.map_err(|error| ChallengesError::Write(error.into()))?;
        Ok(())
    }
}
