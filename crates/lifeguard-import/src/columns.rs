//! Tables in text: CSV and its kin (RFC 4180), with a first row that names the columns.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use crate::input::{Input, MAX_RECORD_BYTES, ReadError};
use crate::record::Reject;

/// What the command line says of columns.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// What stands between two columns.
    pub(crate) delimiter: u8,
    /// Fields of a user, each with the column that it is in.
    pub(crate) map: Vec<(String, String)>,
}

/// The rows of a table.
pub(crate) struct Rows {
    reader: csv::Reader<Bounded>,
    left: Arc<AtomicUsize>,
    /// The names of the columns.
    pub(crate) header: StringRecord,
}

/// A row, or why it cannot be one.
pub(crate) struct Row {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    pub(crate) values: Result<StringRecord, Reject>,
}

/// What the reader of rows reads at once, in bytes.
const READ_AHEAD: usize = 8 * 1024;

/// Ends a row that does not end, for want of a quotation mark; and leaves carriage returns out, with which the reader of rows counts its
/// lines wrong. No name and no hash has one.
struct Bounded {
    input: Input,
    left: Arc<AtomicUsize>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other("the row is too long"));
        }
        let most = buffer.len().min(left);
        loop {
            let read = self.input.read(&mut buffer[..most])?;
            let mut kept = 0;
            for place in 0..read {
                if buffer[place] != b'\r' {
                    buffer[kept] = buffer[place];
                    kept += 1;
                }
            }
            if kept > 0 || read == 0 {
                self.left.store(left - kept, Ordering::Relaxed);
                return Ok(kept);
            }
        }
    }
}

impl Rows {
    pub(crate) fn new(input: Input, delimiter: u8) -> Result<Self, ReadError> {
        let left = Arc::new(AtomicUsize::new(MAX_RECORD_BYTES));
        let source = Bounded {
            input,
            left: Arc::clone(&left),
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .buffer_capacity(READ_AHEAD)
            .from_reader(source);
        let header = match reader.headers() {
            Ok(header) => header.iter().map(str::trim).collect(),
            Err(_) => {
                let problem = "the first row does not name columns";
                return Err(ReadError::Broken { line: 1, problem });
            }
        };
        Ok(Self {
            reader,
            left,
            header,
        })
    }

    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        let most = MAX_RECORD_BYTES + READ_AHEAD;
        self.left.store(most, Ordering::Relaxed);
        let before = self.reader.position().line();
        let mut values = StringRecord::new();
        let read = self.reader.read_record(&mut values);
        let line = values.position().map_or(before, csv::Position::line);
        let values = match read {
            Ok(false) => return Ok(None),
            Ok(true) => Ok(values),
            Err(_) if self.left.load(Ordering::Relaxed) == 0 => {
                let problem = "a row is longer than 1 MiB; a quotation mark may be missing";
                return Err(ReadError::Broken { line, problem });
            }
            Err(error) => Err(match error.into_kind() {
                ErrorKind::Io(error) => return Err(error.into()),
                ErrorKind::Utf8 { .. } => Reject::NotText,
                _ => Reject::Columns,
            }),
        };
        Ok(Some(Row { line, values }))
    }
}

impl Iterator for Rows {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

/// What a word in a table says about something being so; `None` if it says neither.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match &*word.trim().to_ascii_lowercase() {
        "true" | "t" | "yes" | "y" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::input;

    /// Each row's line and values, or why there are none; and in the end what is wrong.
    fn all(text: impl Into<Vec<u8>>) -> (Vec<String>, Option<String>) {
        let mut found = Vec::new();
        for row in Rows::new(input(text), b',').unwrap() {
            match row {
                Ok(Row { line, values }) => found.push(match values {
                    Ok(values) => format!("{line}: {}", Vec::from_iter(&values).join("|")),
                    Err(reject) => format!("{line}: {reject}"),
                }),
                Err(error) => return (found, Some(error.to_string())),
            }
        }
        (found, None)
    }

    #[test]
    fn rows_are_read_with_their_lines() {
        let text = "\u{feff}a, b\r\n1,2\r\n\"x\r\n\"\"y\"\"\",\"z,\"\r\n1,2,3\r\n4,5";
        let expected = [
            "2: 1|2",
            "3: x\n\"y\"|z,",
            "5: it has not as many columns as the first row",
            "6: 4|5",
        ];
        assert_eq!(all(text), (expected.map(str::to_owned).to_vec(), None));
        let rows = Rows::new(input(text), b',').unwrap();
        assert_eq!(Vec::from_iter(&rows.header), ["a", "b"]);
    }

    #[test]
    fn a_row_in_another_encoding_is_passed_over() {
        let expected = ["2: it is not UTF-8", "3: 1|2"].map(str::to_owned).to_vec();
        assert_eq!(all(b"a,b\n\xff,2\n1,2".to_vec()), (expected, None));
    }

    #[test]
    fn a_missing_quotation_mark_does_not_take_the_memory_of_the_whole_file() {
        let text = format!("a,b\n1,2\n\"x,{}", "y\n".repeat(MAX_RECORD_BYTES));
        let problem = "line 3: a row is longer than 1 MiB; a quotation mark may be missing";
        assert_eq!(
            all(text),
            (vec!["2: 1|2".to_owned()], Some(problem.to_owned()))
        );
    }
}
