//! How many messages may leave in a day, and to whom: a bound to what somebody can make us pay for.

use time::OffsetDateTime;

use crate::kind::Channel;
use crate::phone::Phone;
use crate::table::{Challenges, ChallengesError, number, written};

/// Messages in a day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// To one user, by all channels.
    pub(crate) user: u32,
    /// To telephone numbers that begin alike.
    pub(crate) prefix: u32,
    /// To one country.
    pub(crate) country: u32,
    /// To everybody by one channel: the breaker.
    pub(crate) all: u32,
}

/// A counter and its limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// What it is called in the log.
    pub(crate) of: &'static str,
    key: String,
    limit: u32,
}

/// The budgets that a message draws on. One that has no recipient draws on just as many, all of them its own: whoever makes up names uses
/// nothing up.
pub(crate) fn budgets(
    channel: Channel,
    owner: &str,
    has_recipient: bool,
    phone: Option<&Phone>,
    limits: &Limits,
    now: OffsetDateTime,
) -> Vec<Budget> {
    let day = now.to_utc().date();
    let nobody = |of: &str| format!("budget#nobody#{of}#{owner}#{day}");
    let key = |of: &str, what: Option<&str>| match what.filter(|_| has_recipient) {
        Some(what) => format!("budget#{of}#{what}#{day}"),
        None => nobody(of),
    };
    let budget = |of, key, limit| Budget { of, key, limit };
    let mut budgets = vec![budget(
        "user",
        format!("budget#user#{owner}#{day}"),
        limits.user,
    )];
    if channel == Channel::Sms {
        let prefix = phone.map(|phone| &*phone.prefix);
        let country = phone.map(|phone| &*phone.country);
        budgets.push(budget("prefix", key("prefix", prefix), limits.prefix));
        budgets.push(budget("country", key("country", country), limits.country));
    }
    budgets.push(budget(
        "all",
        key("all", Some(channel.attribute())),
        limits.all,
    ));
    budgets
}

/// Counters are kept for some time beyond their day.
const MEMORY_SECONDS: i64 = 2 * 86_400;

impl Challenges {
    /// Draws on all of them; the one that has nothing left, if there is one. After that nothing that others share is drawn on, by as many calls.
    pub(crate) async fn draw(
        &self,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Option<&'static str>, ChallengesError> {
        let mut spent = None;
        for budget in budgets {
            let key = match spent {
                None => budget.key.clone(),
                Some(_) => format!("{}#{}", budgets[0].key, budget.of),
            };
            let update = self
                .update(key)
                .update_expression(
                    "SET expiresAt = if_not_exists(expiresAt, :end) ADD messages :one",
                )
                .condition_expression("attribute_not_exists(messages) OR messages < :limit")
                .expression_attribute_values(":one", number(1))
                .expression_attribute_values(":limit", number(budget.limit.into()))
                .expression_attribute_values(":end", number(now.unix_timestamp() + MEMORY_SECONDS));
            if written(update).await?.is_none() && spent.is_none() {
                spent = Some(budget.of);
            }
        }
        Ok(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        user: 10,
        prefix: 50,
        country: 500,
        all: 5_000,
    };

    fn keys(channel: Channel, has_recipient: bool) -> Vec<String> {
        let phone = Phone {
            prefix: "+49151".to_owned(),
            country: "DE".to_owned(),
        };
        let phone = Some(&phone).filter(|_| channel == Channel::Sms && has_recipient);
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let budgets = budgets(channel, "o", has_recipient, phone, &LIMITS, now);
        budgets.into_iter().map(|budget| budget.key).collect()
    }

    #[test]
    fn a_message_draws_on_what_it_could_exhaust() {
        assert_eq!(
            keys(Channel::Sms, true),
            [
                "budget#user#o#2027-01-15",
                "budget#prefix#+49151#2027-01-15",
                "budget#country#DE#2027-01-15",
                "budget#all#phone_number#2027-01-15",
            ]
        );
        assert_eq!(
            keys(Channel::Email, true),
            ["budget#user#o#2027-01-15", "budget#all#email#2027-01-15"]
        );
    }

    #[test]
    fn without_a_recipient_as_many_are_drawn_on_and_none_that_others_share() {
        for channel in [Channel::Email, Channel::Sms] {
            let nobody = keys(channel, false);
            assert_eq!(nobody.len(), keys(channel, true).len());
            assert!(nobody.iter().all(|key| key.contains("#o#")), "{nobody:?}");
        }
    }
}
