use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::entries::length;
use crate::tally::Tally;

/// How far a run has come, so that another process can go on with it.
///
/// All records up to `done` are in the table or among the rejects; some after them may be as well, and writing those again changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    /// The run's id, which stays the same however often it is interrupted.
    pub(crate) run: String,
    table: String,
    /// The files with their lengths in bytes, by which another file of the same name is told.
    files: Vec<(PathBuf, u64)>,
    /// How many records are done.
    pub(crate) done: u64,
    pub(crate) tally: Tally,
    /// How long the file of rejects was then, in bytes.
    pub(crate) rejects_bytes: u64,
}

/// Why a run cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResumeError {
    #[error("failed to read or write the state in {}", .0.display())]
    File(PathBuf, #[source] io::Error),
    #[error("{} is not the state of an import", .0.display())]
    NotAState(PathBuf),
    #[error("{} is the state of an import of other files, or into another table", .0.display())]
    OfAnother(PathBuf),
    #[error("failed to read {}", .0.display())]
    Length(PathBuf, #[source] io::Error),
}

impl Checkpoint {
    /// The beginning of a run.
    pub(crate) fn new(run: String, table: &str, files: &[PathBuf]) -> Result<Self, ResumeError> {
        let files = files.iter().map(|file| match length(file) {
            Ok(bytes) => Ok((file.clone(), bytes)),
            Err(error) => Err(ResumeError::Length(file.clone(), error)),
        });
        Ok(Self {
            run,
            table: table.to_owned(),
            files: files.collect::<Result<_, _>>()?,
            done: 0,
            tally: Tally::default(),
            rejects_bytes: 0,
        })
    }

    /// What the file says about this run, or the run as it is if there is no such file yet.
    pub(crate) fn or_as_in(self, path: &Path) -> Result<Self, ResumeError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self),
            Err(error) => return Err(ResumeError::File(path.to_owned(), error)),
        };
        let found: Self =
            serde_json::from_slice(&text).map_err(|_| ResumeError::NotAState(path.to_owned()))?;
        if (&found.table, &found.files) != (&self.table, &self.files) {
            return Err(ResumeError::OfAnother(path.to_owned()));
        }
        Ok(found)
    }

    /// Writes it in one step, so that there is always a whole one.
    pub(crate) fn save(&self, path: &Path) -> Result<(), ResumeError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let text = serde_json::to_vec_pretty(self).map_err(io::Error::from);
        text.and_then(|text| fs::write(&beside, text))
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|error| ResumeError::File(path.to_owned(), error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(table: &str, file: &Path) -> Checkpoint {
        Checkpoint::new("run-1".to_owned(), table, &[file.to_owned()]).unwrap()
    }

    #[test]
    fn what_was_saved_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let (users, state) = (folder.path().join("users"), folder.path().join("state"));
        fs::write(&users, "one").unwrap();
        let mut checkpoint = begun("legacy", &users).or_as_in(&state).unwrap();
        assert_eq!(checkpoint, begun("legacy", &users));

        checkpoint.done = 7;
        checkpoint.tally.take("written");
        checkpoint.save(&state).unwrap();
        let another_run = Checkpoint {
            run: "run-2".to_owned(),
            ..begun("legacy", &users)
        };
        assert_eq!(another_run.or_as_in(&state).unwrap(), checkpoint);
    }

    #[test]
    fn another_runs_state_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (users, state) = (folder.path().join("users"), folder.path().join("state"));
        fs::write(&users, "one").unwrap();
        begun("legacy", &users).save(&state).unwrap();
        let refused = |checkpoint: Checkpoint| checkpoint.or_as_in(&state).unwrap_err();

        assert!(matches!(
            refused(begun("other", &users)),
            ResumeError::OfAnother(_)
        ));
        fs::write(&users, "one more").unwrap();
        assert!(matches!(
            refused(begun("legacy", &users)),
            ResumeError::OfAnother(_)
        ));
        fs::write(&state, "{\"run\": ").unwrap();
        assert!(matches!(
            refused(begun("legacy", &users)),
            ResumeError::NotAState(_)
        ));
    }
}
