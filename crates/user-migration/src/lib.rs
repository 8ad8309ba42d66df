//! User migration: who may bring an account along from an older system, with its password.
//!
//! Cognito calls this trigger when somebody signs in by a plain password, or has forgotten it, under a name that the pool does not know. It
//! asks the configured sources, in their order, and answers with the first user whose password is right, whom Cognito then creates. The
//! user goes on with the password, and needs no reset.
//!
//! Whoever is unknown, has a wrong password, has moved before, tries too often or comes when the migration is over gets the same answer:
//! the event as it came, at the same cost. Cognito then answers as for a wrong password. While a source is out of order nobody is told so;
//! that is an internal failure.
//!
//! It never calls an address verified that the source does not, never lets an unverified address be taken along by whoever once gave it,
//! never confirms a user who has only forgotten the password, and brings back nobody who has signed in to the pool and whom somebody has
//! deleted there: the table of legacy users keeps who has moved, from whatever source, and post authentication notes there who has come.
//! Whom Cognito has refused moves at a later try. A repeated event within a quarter of an hour is answered alike.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html>

mod config;
mod hashes;
mod outside;
mod rules;
mod secrets;
mod source;
mod sources;
mod tries;

use std::time::Duration;

use cognito_events::user_migration::{Event, Response, TriggerSource};
use entrypoint::{Decided, Failure};
use legacy_users::{
    Departure, LegacyName, LegacyUser, LegacyUsers, LegacyUsersError, Standing, State,
};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep_until};

pub use config::Config;
pub use outside::{Clients, Outside};
pub use source::{Asking, Found, Proof, Question, Source, SourceError};

use rules::Withheld;

/// Answers one event, no sooner than `ANSWER_AFTER_MS` says, and always after whole steps of 10 ms.
///
/// # Errors
///
/// [`Failure::Internal`] when a table or a source cannot be used. Nobody is ever refused by name.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    if let TriggerSource::Unknown(_) = event.trigger_source {
        return Ok(Decided::by("UnknownSource", Response::default()));
    }
    let started = Instant::now();
    let answer = Box::pin(answer(&event, config, outside, now)).await;
    let whole = to_the_next_step(started.elapsed());
    sleep_until(started + config.answer_after.max(whole)).await;
    answer
}

/// Many times the 20 µs that reading a row takes more than finding none, so that these show in one answer of some hundreds alone, where no
/// other time is configured. A second is a whole number of them.
const STEP: Duration = Duration::from_millis(10);

fn to_the_next_step(elapsed: Duration) -> Duration {
    let beyond = elapsed.subsec_nanos() % STEP.subsec_nanos();
    elapsed - Duration::from_nanos(beyond.into()) + STEP
}

async fn answer(
    event: &Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let wanted = match rules::wanted(config, event, now) {
        Ok(wanted) => wanted,
        Err(withheld) => return Ok(nobody(withheld)),
    };
    let (tries, pool) = (&outside.tries, &event.user_pool_id);
    if !tries::admit(tries, config.limits, pool, &wanted.name, now).await? {
        return Ok(nobody(Withheld::Throttled));
    }
    let (row, state) = row_of(&outside.legacy_users, &wanted.name).await?;
    let question = Question {
        name: &wanted.name,
        typed: event.user_name.as_str(),
        password: wanted.password,
        row: row.as_ref(),
        client_id: event.caller_context.client_id.as_deref(),
        now,
    };
    let Some(found) = ask(outside.sources(), &question).await? else {
        return Ok(nobody(Withheld::NotThere));
    };
    let response = match rules::decide(config, &wanted, state, &found, now) {
        Ok(response) => response,
        Err(withheld) => return Ok(nobody(withheld)),
    };
    let departure = Departure {
        name: &wanted.name,
        cohort: found.cohort.as_deref(),
        membership: found.membership.as_ref(),
        keep_for: config.keep_for,
    };
    if note(&outside.legacy_users, &departure, state, now).await? {
        Ok(Decided::by("Migrated", response))
    } else {
        Ok(nobody(Withheld::MovedBefore))
    }
}

/// The event as it came, which to Cognito means that there is no such user.
fn nobody(withheld: Withheld) -> Decided<Response> {
    Decided::by(withheld.name(), Response::default())
}

/// What the table says of the name. Who has a row that cannot be read does not move until somebody has corrected it, and is told nothing else
/// than everybody.
async fn row_of(
    legacy_users: &LegacyUsers,
    name: &LegacyName,
) -> Result<(Option<LegacyUser>, State), LegacyUsersError> {
    match legacy_users.find(name).await {
        Ok(Standing { row, state }) => Ok((row, state)),
        Err(LegacyUsersError::Malformed(malformed)) => {
            tracing::error!(
                cause = entrypoint::with_causes(&malformed),
                "a legacy user cannot be read"
            );
            Ok((None, State::Deleted))
        }
        Err(error) => Err(error),
    }
}

/// The first source that knows the user and the password. One that fails might have known.
async fn ask(
    sources: &[Box<dyn Source>],
    question: &Question<'_>,
) -> Result<Option<Found>, SourceFailed> {
    for source in sources {
        let found = source.ask(question).await;
        let found = found.map_err(|cause| SourceFailed {
            source_name: source.name(),
            cause,
        })?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Notes that the user moves; `false` if somebody has said meanwhile that they must not.
async fn note(
    legacy_users: &LegacyUsers,
    departure: &Departure<'_>,
    state: State,
    now: OffsetDateTime,
) -> Result<bool, LegacyUsersError> {
    if state.has_just_moved(now) {
        return Ok(true); // It was noted when this event came before.
    }
    if legacy_users.mark_migrated(departure, state, now).await? {
        if state == State::Waiting {
            // Counted by a metric filter. The edge's own target, since nothing else of this level is written.
            tracing::info!(
                target: "entrypoint::migration",
                cohort = departure.cohort.unwrap_or("none"),
                "a user has moved"
            );
        }
        return Ok(true);
    }
    let (_, state) = row_of(legacy_users, departure.name).await?;
    Ok(state.may_migrate(now))
}

/// A source is out of order.
#[derive(Debug, thiserror::Error)]
#[error("failed to ask {source_name}")]
struct SourceFailed {
    source_name: &'static str,
    #[source]
    cause: SourceError,
}
