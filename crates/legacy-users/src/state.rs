use time::{Duration, OffsetDateTime};

use crate::legacy_user::{Item, Malformed, take_text};

/// How long the answer of a migration can be asked for again. Cognito calls up to three times in 15 s, may then not have made the user all
/// the same, and the person tries again.
const REPEATABLE: Duration = Duration::minutes(15);

/// Whether a user has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not yet.
    Waiting,
    /// Answered for at this time, and not seen in the pool since: it may have refused them.
    Awaited(OffsetDateTime),
    /// At this time, for good.
    Migrated(OffsetDateTime),
    /// The user must not move: somebody has deleted the account.
    Deleted,
}

impl State {
    /// The word that the row has.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Awaited(_) | Self::Migrated(_) => "migrated",
            Self::Deleted => "deleted",
        }
    }

    /// What the row says, which does not know who is awaited.
    pub(crate) fn take(item: &mut Item) -> Result<Self, Malformed> {
        match take_text(item, "state")?.as_deref() {
            None | Some("waiting") => Ok(Self::Waiting),
            Some("migrated") => migrated_at(item).map(Self::Migrated),
            Some("deleted") => Ok(Self::Deleted),
            Some(_) => Err(Malformed {
                attribute: "state",
                expected: "one of `waiting`, `migrated`, `deleted`",
            }),
        }
    }

    /// What the tombstone says.
    pub(crate) fn of_tombstone(item: &Item) -> Result<Self, Malformed> {
        let at = migrated_at(item)?;
        Ok(if item.contains_key("awaited") {
            Self::Awaited(at)
        } else {
            Self::Migrated(at)
        })
    }

    /// Whether a user of this state may be answered for: who waits or is awaited, and who has moved just now, since the answer may have been
    /// lost.
    pub fn may_migrate(self, now: OffsetDateTime) -> bool {
        match self {
            Self::Waiting | Self::Awaited(_) => true,
            Self::Migrated(_) => self.has_just_moved(now),
            Self::Deleted => false,
        }
    }

    /// Whether the event that the user was answered for may be coming again.
    pub fn has_just_moved(self, now: OffsetDateTime) -> bool {
        match self {
            Self::Awaited(at) | Self::Migrated(at) => (now - at).abs() < REPEATABLE,
            Self::Waiting | Self::Deleted => false,
        }
    }
}

fn migrated_at(item: &Item) -> Result<OffsetDateTime, Malformed> {
    let at = item.get("migratedAt").and_then(|value| {
        let at = value.as_n().ok()?.parse().ok()?;
        OffsetDateTime::from_unix_timestamp(at).ok()
    });
    at.ok_or(Malformed {
        attribute: "migratedAt",
        expected: "a time in epoch seconds",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many seconds after 2027-01-15, 08:00 UTC.
    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn whoever_has_moved_is_answered_for_a_little_longer() {
        for (state, may_migrate, has_just_moved) in [
            (State::Waiting, true, false),
            (State::Migrated(at(0)), true, true),
            (State::Migrated(at(-899)), true, true),
            (State::Migrated(at(-900)), false, false),
            (State::Migrated(at(-100_000_000)), false, false),
            // Clocks differ a little, and no more than that.
            (State::Migrated(at(5)), true, true),
            (State::Migrated(at(900)), false, false),
            (State::Awaited(at(-899)), true, true),
            (State::Awaited(at(-100_000_000)), true, false),
            (State::Deleted, false, false),
        ] {
            assert_eq!(state.may_migrate(at(0)), may_migrate, "{state:?}");
            assert_eq!(state.has_just_moved(at(0)), has_just_moved, "{state:?}");
        }
    }
}
