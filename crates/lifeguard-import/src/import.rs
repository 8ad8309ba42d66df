use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use legacy_users::LegacyName;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};

use crate::checkpoint::{Checkpoint, ResumeError};
use crate::choices::Admitted;
use crate::destination::{CHUNK, Destination, WriteError, Written};
use crate::entries::{Candidate, FileError, Place, Sources};
use crate::progress::Progress;
use crate::record::Reject;
use crate::rejects::Rejects;

/// How many chunks are on their way at once: 200 users, each on a connection of its own. At 5 ms for each that is more than a processor can
/// prepare, and more than a new table takes.
const IN_FLIGHT: usize = 4;

/// What an interruption costs: so much is read and written again.
const SAVED_EVERY: Duration = Duration::from_millis(250);

/// Why not all users are in the table.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Resume(#[from] ResumeError),
    #[error("failed to write the rejects or the state")]
    Files(#[from] io::Error),
    #[error("a part of the import broke off")]
    Broken(#[from] JoinError),
}

/// Whether a run is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    All,
    /// Somebody stopped it.
    Stopped,
}

/// A run of the importer.
pub(crate) struct Import {
    pub(crate) sources: Sources,
    pub(crate) destination: Destination,
    pub(crate) checkpoint: Checkpoint,
    /// Where the checkpoint is kept, if somebody wants to go on with it.
    pub(crate) state: Option<PathBuf>,
    pub(crate) rejects: Rejects,
}

/// A chunk that was written: the names in it, and what became of each record.
type Done = (Vec<LegacyName>, Vec<(Place, Result<Written, Reject>)>);

impl Import {
    /// Writes all users of the files, after those that are done, until all are or `stopped` says so.
    ///
    /// What has been written is settled record by record, in the order of the files, so that the checkpoint is right whenever this ends.
    pub(crate) async fn run(
        &mut self,
        stopped: impl Future<Output = ()>,
    ) -> Result<Ended, ImportError> {
        let mut progress = Progress::new(self.sources.bytes()?, self.checkpoint.done);
        let mut chunks = chunks(self.sources.clone(), self.checkpoint.done);
        let mut in_flight = FuturesOrdered::new();
        let mut names = HashSet::new();
        let (mut is_read, mut outcome) = (false, Ok(Ended::All));
        let mut saved = Instant::now();
        let mut stopped = pin!(stopped);
        loop {
            tokio::select! {
                () = &mut stopped, if !is_read => {
                    is_read = true;
                    outcome = Ok(Ended::Stopped);
                }
                chunk = chunks.recv(), if !is_read && in_flight.len() < IN_FLIGHT => match chunk {
                    Some(Ok(chunk)) => in_flight.push_back(self.begin(chunk, &mut names)),
                    Some(Err(error)) => {
                        is_read = true;
                        outcome = Err(error.into());
                    }
                    None => is_read = true,
                },
                Some(outcomes) = in_flight.next() => {
                    match outcomes.map_err(ImportError::from).and_then(|done| Ok(done?)) {
                        Ok(outcomes) => self.settle(outcomes, &mut names)?,
                        // What comes after it stays unsettled, or a gap would be taken for done.
                        Err(error) => {
                            outcome = Err(error);
                            break;
                        }
                    }
                    progress.show(self.sources.bytes_read.load(Ordering::Relaxed), self.checkpoint.done);
                    if saved.elapsed() >= SAVED_EVERY {
                        self.save()?;
                        saved = Instant::now();
                    }
                }
                else => break,
            }
        }
        progress.end();
        self.save()?;
        if let (Ok(Ended::All), Some(state)) = (&outcome, &self.state) {
            std::fs::remove_file(state)?;
        }
        outcome
    }

    /// Starts to write a chunk. A name that is on its way already belongs to a record before, whatever becomes of that one.
    fn begin(
        &self,
        chunk: Vec<Candidate>,
        names: &mut HashSet<LegacyName>,
    ) -> JoinHandle<Result<Done, WriteError>> {
        let mut own_names = Vec::new();
        let mut own = |admitted: Admitted| {
            let name = &admitted.user.name;
            if !names.insert(name.clone()) {
                return Err(Reject::Duplicate);
            }
            own_names.push(name.clone());
            Ok(admitted.user)
        };
        let chunk = chunk.into_iter();
        let chunk = chunk.map(|Candidate { place, admitted }| (place, admitted.and_then(&mut own)));
        let chunk = chunk.collect();
        let destination = self.destination.clone();
        tokio::spawn(async move { Ok((own_names, destination.write(chunk).await?)) })
    }

    fn settle(
        &mut self,
        (own_names, outcomes): Done,
        names: &mut HashSet<LegacyName>,
    ) -> io::Result<()> {
        for name in own_names {
            names.remove(&name);
        }
        let tally = &mut self.checkpoint.tally;
        for (place, outcome) in outcomes {
            match outcome {
                Ok(Written::Written) => tally.take("written"),
                Ok(Written::Kept) => {
                    tally.take("left as they are, since they have moved or must not")
                }
                Err(reject) => {
                    tally.reject(reject);
                    self.rejects.add(&place, reject)?;
                }
            }
            self.checkpoint.done = place.number;
        }
        Ok(())
    }

    /// The rejects go first, so that the checkpoint never knows of more than there are.
    fn save(&mut self) -> Result<(), ImportError> {
        self.checkpoint.rejects_bytes = self.rejects.flush()?;
        if let Some(state) = &self.state {
            self.checkpoint.save(state)?;
        }
        Ok(())
    }
}

/// Reads ahead in a thread of its own, since reading waits for the disk, by no more than a chunk or two.
fn chunks(sources: Sources, done: u64) -> mpsc::Receiver<Result<Vec<Candidate>, FileError>> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut candidates = sources.candidates(done);
        loop {
            let mut chunk = Vec::new();
            let mut problem = None;
            for candidate in candidates.by_ref().take(CHUNK) {
                match candidate {
                    Ok(candidate) => chunk.push(candidate),
                    Err(error) => problem = Some(error),
                }
            }
            let is_last = chunk.len() < CHUNK;
            // Nobody listens any more after an interruption.
            let is_heard = chunk.is_empty() || sender.blocking_send(Ok(chunk)).is_ok();
            if let Some(error) = problem {
                drop(sender.blocking_send(Err(error)));
            }
            if is_last || !is_heard {
                return;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests;
