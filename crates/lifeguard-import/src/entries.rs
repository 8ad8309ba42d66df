use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::choices::{Admitted, Choices};
use crate::columns::Columns;
use crate::formats::{Entries, SourceFormat};
use crate::input::{Input, ReadError};
use crate::record::Reject;

/// How much of a file is looked at for what has written it, in bytes.
const BEGINNING_BYTES: u64 = 64 * 1024;

/// The files of a run and how they are to be read.
#[derive(Debug, Clone)]
pub(crate) struct Sources {
    pub(crate) files: Vec<PathBuf>,
    /// What has written them; by their beginnings if nothing was said.
    pub(crate) format: Option<SourceFormat>,
    pub(crate) columns: Columns,
    pub(crate) choices: Choices,
    /// How many bytes have been read, for whoever shows that.
    pub(crate) bytes_read: Arc<AtomicU64>,
}

/// A user of a file, or why it is none.
pub(crate) struct Candidate {
    pub(crate) place: Place,
    pub(crate) admitted: Result<Admitted, Reject>,
}

/// Where a record stands.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Its number among all records of the run, from 1.
    pub(crate) number: u64,
    pub(crate) file: Arc<Path>,
    /// The line where it begins, from 1.
    pub(crate) line: u64,
}

/// Why a file cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[error("{}", file.display())]
pub(crate) struct FileError {
    pub(crate) file: PathBuf,
    #[source]
    pub(crate) error: ReadError,
}

/// The records of all files, one after the other.
pub(crate) struct Candidates {
    sources: Sources,
    open: Option<(Arc<Path>, Entries)>,
    next_file: usize,
    number: u64,
    done: u64,
}

impl Sources {
    /// All records after those that are done.
    pub(crate) fn candidates(self, done: u64) -> Candidates {
        Candidates {
            sources: self,
            open: None,
            next_file: 0,
            number: 0,
            done,
        }
    }

    /// What the files have together, in bytes.
    pub(crate) fn bytes(&self) -> Result<u64, FileError> {
        let lengths = self.files.iter().map(|file| {
            length(file).map_err(|error| FileError {
                file: file.clone(),
                error: error.into(),
            })
        });
        lengths.sum()
    }

    /// What has written the file.
    pub(crate) fn format_of(&self, file: &Path) -> Result<SourceFormat, FileError> {
        let format = match self.format {
            Some(format) => Ok(format),
            None => told_by_beginning(file),
        };
        format.map_err(|error| FileError {
            file: file.to_owned(),
            error,
        })
    }

    fn entries(&self, file: &Path) -> Result<Entries, FileError> {
        let format = self.format_of(file)?;
        let open = || {
            let input = Input::new(File::open(file)?, Arc::clone(&self.bytes_read))?;
            format.entries(input, &self.columns)
        };
        open().map_err(|error| FileError {
            file: file.to_owned(),
            error,
        })
    }
}

pub(crate) fn length(file: &Path) -> std::io::Result<u64> {
    Ok(file.metadata()?.len())
}

fn told_by_beginning(file: &Path) -> Result<SourceFormat, ReadError> {
    let mut beginning = Vec::new();
    let opened = File::open(file)?;
    opened.take(BEGINNING_BYTES).read_to_end(&mut beginning)?;
    SourceFormat::of_beginning(&beginning).ok_or_else(|| {
        let problem = "its beginning does not tell what has written it; say it by --format";
        ReadError::NotAsSaid(problem.to_owned())
    })
}

impl Candidates {
    fn next_candidate(&mut self) -> Result<Option<Candidate>, FileError> {
        loop {
            let Some((file, entries)) = &mut self.open else {
                let Some(file) = self.sources.files.get(self.next_file) else {
                    return Ok(None);
                };
                let file: Arc<Path> = Arc::from(&**file);
                let entries = self.sources.entries(&file)?;
                self.next_file += 1;
                self.open = Some((file, entries));
                continue;
            };
            let file = Arc::clone(file);
            let Some(entry) = entries.next() else {
                self.open = None;
                continue;
            };
            let entry = entry.map_err(|error| FileError {
                file: file.to_path_buf(),
                error,
            })?;
            self.number += 1;
            if self.number <= self.done {
                continue;
            }
            let record = entry.record;
            let place = Place {
                number: self.number,
                file,
                line: entry.line,
            };
            let admitted = record.and_then(|record| self.sources.choices.admit(record));
            return Ok(Some(Candidate { place, admitted }));
        }
    }
}

/// It ends with the first error: what comes after it could be anything.
impl Iterator for Candidates {
    type Item = Result<Candidate, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let candidate = self.next_candidate().transpose();
        if let Some(Err(_)) = candidate {
            self.open = None;
            self.next_file = self.sources.files.len();
        }
        candidate
    }
}
