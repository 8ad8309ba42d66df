use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::choices::{Admitted, Password};
use crate::entries::{Candidate, FileError, Sources};
use crate::progress::Progress;
use crate::record::Reject;
use crate::rejects::Rejects;
use crate::tally::Tally;

/// Why the files could not be looked through.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("failed to write the rejects")]
    Rejects(#[from] io::Error),
}

/// Counts which users could be imported, by the formats of their hashes, and why the others could not. Nobody is asked and nothing is
/// written but the rejects.
pub(crate) fn check(sources: Sources, rejects: &mut Rejects) -> Result<Tally, CheckError> {
    let mut tally = Tally::default();
    let mut progress = Progress::new(sources.bytes()?, 0);
    let bytes_read = Arc::clone(&sources.bytes_read);
    let mut names = Names::default();
    for candidate in sources.candidates(0) {
        let candidate = candidate?;
        match names.admit(&candidate) {
            Ok(Password::Hashed(format)) => tally.take(format),
            Ok(Password::None) => tally.take("no password"),
            Ok(Password::Dropped(problem)) => {
                tally.take(format_args!("without their password: {problem}"));
            }
            Err(reject) => {
                tally.reject(reject);
                rejects.add(&candidate.place, reject)?;
            }
        }
        progress.show(bytes_read.load(Ordering::Relaxed), candidate.place.number);
    }
    progress.end();
    rejects.flush()?;
    Ok(tally)
}

/// The names so far, 64 bits of each: some 20 bytes a user in memory, and among 100 million users one chance in 3,000 that two are taken for
/// one.
#[derive(Default)]
struct Names {
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Names {
    fn admit(&mut self, candidate: &Candidate) -> Result<Password, Reject> {
        let Admitted { user, password } = candidate.admitted.as_ref().map_err(|reject| *reject)?;
        if !self.seen.insert(self.hasher.hash_one(&user.name)) {
            return Err(Reject::Duplicate);
        }
        Ok(*password)
    }
}
