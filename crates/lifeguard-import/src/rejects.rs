use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use crate::entries::Place;
use crate::record::Reject;

/// How many rejects are shown where no file takes them.
const SHOWN: usize = 20;

/// Who was not taken, a line each, as `file:line: record number: reason`.
pub(crate) struct Rejects {
    file: Option<io::BufWriter<File>>,
    bytes: u64,
    /// The first ones, where no file takes them.
    pub(crate) shown: Vec<String>,
    hidden: u64,
}

impl Rejects {
    /// Into that file, of which so many bytes are kept.
    pub(crate) fn to(file: Option<&Path>, keep: u64) -> io::Result<Self> {
        let open = |path: &Path| {
            let options = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path);
            let mut file = options?;
            file.set_len(keep)?;
            file.seek(SeekFrom::End(0))?;
            Ok::<_, io::Error>(io::BufWriter::new(file))
        };
        Ok(Self {
            file: file.map(open).transpose()?,
            bytes: keep,
            shown: Vec::new(),
            hidden: 0,
        })
    }

    pub(crate) fn add(&mut self, place: &Place, reject: Reject) -> io::Result<()> {
        let Place { number, file, line } = place;
        let row = format!("{}:{line}: record {number}: {reject}", file.display());
        match &mut self.file {
            Some(file) => {
                writeln!(file, "{row}")?;
                self.bytes += row.len() as u64 + 1;
            }
            None if self.shown.len() < SHOWN => self.shown.push(row),
            None => self.hidden += 1,
        }
        Ok(())
    }

    /// How many rejects are in no file and are not shown either.
    pub(crate) fn hidden(&self) -> u64 {
        self.hidden
    }

    /// Sees to it that the lines are in the file, and says how long it is then.
    pub(crate) fn flush(&mut self) -> io::Result<u64> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(self.bytes)
    }
}
