//! Fills the table of legacy users from what other systems export, so that user migration can check their passwords.
//!
//! [`run`] is the program: it reads files, record by record and never a file as a whole (`input`, `json`, `columns`, `sql`); makes users of
//! them, by what each system's documentation says (`formats`) and by what the operator has chosen (`choices`); and writes them
//! (`import`, `destination`), or only counts them (`check`). What it cannot take it lists with line and reason, and never with the hash.
//!
//! It can be run again, interrupted and gone on with: it writes what is not there or still waits, and never over a user who has moved or must
//! not move. `docs/IMPORT.md` is for whoever uses it.

mod arguments;
mod check;
mod checkpoint;
mod choices;
mod columns;
mod destination;
mod entries;
mod formats;
mod import;
mod input;
mod json;
mod membership;
mod progress;
mod record;
mod rejects;
mod report;
mod sql;
mod tally;

use std::error::Error;

use aws_connection::LoadError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub use crate::arguments::Arguments;
use crate::checkpoint::Checkpoint;
use crate::destination::Destination;
use crate::import::{Ended, Import};
use crate::rejects::Rejects;
use crate::report::Report;
use crate::tally::Tally;

/// How the program ends, if nothing failed.
#[derive(Debug)]
pub struct Outcome {
    /// What there is to say, for people.
    pub text: String,
    /// Whether that was all.
    pub ending: Ending,
}

/// Whether the files are in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everybody was taken.
    All,
    /// Some were not.
    SomeRejected,
    /// It was stopped before the end.
    Stopped,
}

type AnyError = Box<dyn Error + Send + Sync>;

/// Does what the arguments say, until that is done or `stopped` is.
///
/// # Errors
///
/// What a person has to correct: a file, a table, the connection to it. Nothing of it quotes a user.
pub async fn run(
    arguments: Arguments,
    stopped: impl Future<Output = ()>,
) -> Result<Outcome, AnyError> {
    let table = arguments.table.clone().unwrap_or_default();
    if arguments.report {
        let report = Report::of(&client()?, &table).await?;
        return Ok(Outcome {
            text: report.to_string(),
            ending: Ending::All,
        });
    }
    let sources = arguments.sources()?;
    let mut text = String::new();
    for file in &sources.files {
        let format = sources.format_of(file)?.name();
        text.push_str(&format!("{} as {format}\n", file.display()));
    }
    if arguments.check {
        let mut rejects = Rejects::to(arguments.rejects.as_deref(), 0)?;
        let tally = check::check(sources, &mut rejects)?;
        return Ok(summary(text, &tally, &rejects, Ended::All));
    }
    let mut checkpoint = Checkpoint::new(run_id()?, &table, &sources.files)?;
    if let Some(state) = &arguments.resume {
        checkpoint = checkpoint.or_as_in(state)?;
    }
    let mut import = Import {
        sources,
        destination: Destination::new(client()?, &table, &checkpoint.run),
        rejects: Rejects::to(arguments.rejects.as_deref(), checkpoint.rejects_bytes)?,
        checkpoint,
        state: arguments.resume,
    };
    let ended = import.run(stopped).await?;
    let tally = &import.checkpoint.tally;
    Ok(summary(text, tally, &import.rejects, ended))
}

/// The pauses between attempts are the importer's own: what suits a function gives up long before a table has grown.
fn client() -> Result<Client, AnyError> {
    let config = aws_connection::load().map_err(for_people)?;
    let config = aws_sdk_dynamodb::config::Builder::from(&config);
    Ok(Client::from_conf(
        config.retry_config(RetryConfig::disabled()).build(),
    ))
}

/// Lambda sets what a person has to.
fn for_people(error: LoadError) -> AnyError {
    match error {
        LoadError::NotSet(names) => format!(
            "{}: not set; `aws configure export-credentials --format env` prints the keys of who is signed in",
            names.join(", ")
        )
        .into(),
        error => error.into(),
    }
}

/// When the run began, for people, and something that no other run has.
fn run_id() -> Result<String, AnyError> {
    let begun = OffsetDateTime::now_utc().replace_nanosecond(0)?;
    let own = getrandom::u32()?;
    Ok(format!("{}-{own:08x}", begun.format(&Rfc3339)?))
}

fn summary(mut text: String, tally: &Tally, rejects: &Rejects, ended: Ended) -> Outcome {
    for row in &rejects.shown {
        text.push_str(&format!("{row}\n"));
    }
    let hidden = rejects.hidden();
    if hidden > 0 {
        let hidden = tally::grouped(hidden);
        text.push_str(&format!(
            "and {hidden} more; --rejects FILE lists them all\n"
        ));
    }
    text.push_str(&tally.to_string());
    let ending = match ended {
        Ended::Stopped => Ending::Stopped,
        Ended::All if tally.rejected() > 0 => Ending::SomeRejected,
        Ended::All => Ending::All,
    };
    Outcome { text, ending }
}
