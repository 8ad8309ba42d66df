//! How often somebody has answered wrong, across rounds, sessions and resends.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use time::{Duration, OffsetDateTime};

use crate::challenge::Item;
use crate::table::{Challenges, ChallengesError, number, number_of, text, texts_of};

/// Guesses within an hour. With six digits that is one success in 100,000 hours.
const PER_WINDOW: usize = 10;

/// From the last guess on: so there are never more within any hour.
const WINDOW: Duration = Duration::hours(1);

/// Wrong answers one after another, without a right one between them, after which no more are compared. NIST SP 800-63B-4, section 3.2.2.
const CONSECUTIVE: i64 = 100;

/// After so long without any guess nothing is left of them.
const MEMORY: Duration = Duration::days(30);

/// How often a write is tried that others get in the way of. Cognito sends an event three times at the most; whoever guesses in parallel is
/// refused.
const ATTEMPTS: usize = 5;

/// What is known of a user's wrong answers of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    /// Before this window, without a right answer since.
    past: i64,
    /// The attempts of this window, as keyed hashes.
    attempts: BTreeSet<String>,
    /// When the window ends, in epoch seconds.
    until: i64,
    /// Of the item, for a write that changes what was read.
    version: i64,
}

impl Failures {
    /// Counts an attempt as failed, for as long as nobody says otherwise; and whether it may be compared. A repetition counts once.
    fn count(mut self, attempt: &str, now: OffsetDateTime) -> (Self, bool) {
        let seconds = now.unix_timestamp();
        if seconds >= self.until {
            self.past += self.attempts.len() as i64;
            self.attempts.clear();
        }
        if self.attempts.contains(attempt) {
            return (self, true);
        }
        let consecutive = self.past + self.attempts.len() as i64;
        if self.attempts.len() >= PER_WINDOW || consecutive >= CONSECUTIVE {
            return (self, false);
        }
        self.attempts.insert(attempt.to_owned());
        self.until = seconds + WINDOW.whole_seconds();
        (self, true)
    }

    fn from_item(item: &Item) -> Option<Self> {
        Some(Self {
            past: number_of(item, "past")?,
            attempts: texts_of(item, "attempts")?.into_iter().collect(),
            until: number_of(item, "until")?,
            version: number_of(item, "version")?,
        })
    }
}

impl Challenges {
    /// Counts a guess before it is compared, and says whether it may be. Reads and writes in either case.
    pub(crate) async fn count_guess(
        &self,
        key: &str,
        attempt: &str,
        now: OffsetDateTime,
    ) -> Result<bool, ChallengesError> {
        for _ in 0..ATTEMPTS {
            let item = self.item(key.to_owned()).await?;
            let before = match &item {
                None => None,
                // What has expired is deleted days later.
                Some(item)
                    if number_of(item, "expiresAt")
                        .is_some_and(|end| end <= now.unix_timestamp()) =>
                {
                    Some(Failures {
                        version: number_of(item, "version").unwrap_or_default(),
                        ..Failures::default()
                    })
                }
                Some(item) => Some(
                    Failures::from_item(item).ok_or(ChallengesError::Malformed("the failures"))?,
                ),
            };
            let version = before.as_ref().map(|before| before.version);
            let (after, is_allowed) = before.unwrap_or_default().count(attempt, now);
            let is_written = self.replace_failures(key, version, after, now).await?;
            // Who is refused anyway need not be written down.
            if is_written || !is_allowed {
                return Ok(is_allowed);
            }
        }
        Ok(false)
    }

    async fn replace_failures(
        &self,
        key: &str,
        version: Option<i64>,
        failures: Failures,
        now: OffsetDateTime,
    ) -> Result<bool, ChallengesError> {
        let mut request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("id", text(key))
            .item("past", number(failures.past))
            .item(
                "attempts",
                AttributeValue::Ss(failures.attempts.into_iter().collect()),
            )
            .item("until", number(failures.until))
            .item("version", number(failures.version + 1))
            .item("expiresAt", number((now + MEMORY).unix_timestamp()));
        request = match version {
            None => request.condition_expression("attribute_not_exists(id)"),
            Some(version) => request
                .condition_expression("version = :version")
                .expression_attribute_values(":version", number(version)),
        };
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refused))
                if refused.err().is_conditional_check_failed_exception() =>
            {
                Ok(false)
            }
            Err(error) => Err(ChallengesError::Write(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000 + seconds).unwrap()
    }

    /// So many new attempts at that time; how many of them may be compared.
    fn tried(failures: &mut Failures, attempts: usize, seconds: i64) -> usize {
        let mut allowed = 0;
        for number in 0..attempts {
            let (after, is_allowed) =
                std::mem::take(failures).count(&format!("{seconds}-{number}"), at(seconds));
            *failures = after;
            allowed += usize::from(is_allowed);
        }
        allowed
    }

    #[test]
    fn ten_guesses_are_compared_within_any_hour() {
        let mut failures = Failures::default();
        assert_eq!(tried(&mut failures, 6, 0), 6);
        assert_eq!(tried(&mut failures, 6, 3_000), 4);
        assert_eq!(tried(&mut failures, 6, 3_601), 0);
        // An hour after the last one that counted, and not after those that were refused.
        assert_eq!(tried(&mut failures, 6, 6_599), 0);
        assert_eq!(tried(&mut failures, 12, 6_600), 10);
    }

    #[test]
    fn a_hundred_wrong_answers_end_it() {
        let mut failures = Failures::default();
        let allowed: usize = (0..20)
            .map(|hour| tried(&mut failures, 12, hour * 3_600))
            .sum();
        assert_eq!(allowed, 100);
    }

    #[test]
    fn a_repetition_counts_once_and_may_be_compared_again() {
        let mut failures = Failures::default();
        for _ in 0..20 {
            let (after, is_allowed) = failures.count("same", at(0));
            assert!(is_allowed);
            failures = after;
        }
        assert_eq!(tried(&mut failures, 12, 1), 9);
        let (_, is_allowed) = failures.count("same", at(2));
        assert!(is_allowed, "as it was answered before");
    }
}
