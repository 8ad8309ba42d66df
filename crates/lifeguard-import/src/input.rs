use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// No user's record is longer, in bytes; an item of DynamoDB holds less than half of that. What is longer is skipped, not held.
pub(crate) const MAX_RECORD_BYTES: usize = 1024 * 1024;

/// What is read from a file at once, in bytes.
const BUFFER_BYTES: usize = 64 * 1024;

/// What some programs put before a text to say that it is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file as it is read, byte by byte, so that never more than one record of it is in memory.
pub(crate) struct Input {
    source: Box<dyn Read + Send>,
    /// What has been read of the source and not been taken, from `next` on.
    buffer: Vec<u8>,
    next: usize,
    line: u64,
    taken: Arc<AtomicU64>,
}

/// Why a file cannot be read to its end. It quotes nothing of the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The operating system says so.
    #[error("failed to read it")]
    Io(#[from] io::Error),
    /// From here on nobody knows where a record begins.
    #[error("line {line}: {problem}")]
    Broken { line: u64, problem: &'static str },
    /// It is not what it was said to be.
    #[error("{0}")]
    NotAsSaid(String),
}

impl Input {
    /// The source, and where the bytes that have been read are counted.
    pub(crate) fn new(
        source: impl Read + Send + 'static,
        taken: Arc<AtomicU64>,
    ) -> io::Result<Self> {
        let mut input = Self {
            source: Box::new(source),
            buffer: Vec::with_capacity(BUFFER_BYTES),
            next: 0,
            line: 1,
            taken,
        };
        if input.starts_with(BYTE_ORDER_MARK)? {
            input.advance(BYTE_ORDER_MARK.len());
        }
        Ok(input)
    }

    /// The line of the next byte, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next byte, which stays.
    pub(crate) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.ahead(1)?.first().copied())
    }

    /// The next byte, which is then taken.
    pub(crate) fn next_byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.advance(1);
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    /// Whether these bytes come next.
    pub(crate) fn starts_with(&mut self, bytes: &[u8]) -> io::Result<bool> {
        Ok(self.ahead(bytes.len())?.starts_with(bytes))
    }

    /// Takes white space, and tells what comes after it.
    pub(crate) fn peek_after_blanks(&mut self) -> io::Result<Option<u8>> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.next_byte()?;
        }
        self.peek()
    }

    /// The next line without its end; `Some(None)` for one that is longer than a record may be.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let mut line = Vec::new();
        let mut is_whole = true;
        loop {
            let ahead = self.ahead(1)?;
            if ahead.is_empty() {
                let is_line = !line.is_empty() || !is_whole;
                return Ok(is_line.then(|| is_whole.then_some(line)));
            }
            let end = ahead.iter().position(|byte| *byte == b'\n');
            let piece = &ahead[..end.unwrap_or(ahead.len())];
            is_whole &= line.len() + piece.len() <= MAX_RECORD_BYTES;
            if is_whole {
                line.extend_from_slice(piece);
            }
            let length = piece.len();
            self.advance(length);
            if end.is_some() {
                self.next_byte()?;
                line.pop_if(|byte| *byte == b'\r');
                return Ok(Some(is_whole.then_some(line)));
            }
        }
    }

    /// What comes next: at least so many bytes, unless the file ends before.
    fn ahead(&mut self, least: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.next < least {
            self.buffer.drain(..self.next);
            self.next = 0;
            let room = (BUFFER_BYTES - self.buffer.len()) as u64;
            if self
                .source
                .by_ref()
                .take(room)
                .read_to_end(&mut self.buffer)?
                == 0
            {
                break;
            }
        }
        Ok(&self.buffer[self.next..])
    }

    fn advance(&mut self, bytes: usize) {
        self.next += bytes;
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn broken(&self, problem: &'static str) -> ReadError {
        ReadError::Broken {
            line: self.line,
            problem,
        }
    }
}

/// For readers of others, which count lines themselves.
impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.ahead(1)?.read(buffer)?;
        self.advance(length);
        Ok(length)
    }
}

#[cfg(test)]
pub(crate) fn input(text: impl Into<Vec<u8>>) -> Input {
    Input::new(io::Cursor::new(text.into()), Arc::default()).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_the_bytes_counted() {
        let taken = Arc::default();
        let text = "\u{feff}one\r\n\ntwo";
        let mut input = Input::new(text.as_bytes(), Arc::clone(&taken)).unwrap();
        let mut lines = Vec::new();
        while let Some(line) = input.next_line().unwrap() {
            lines.push((input.line(), String::from_utf8(line.unwrap()).unwrap()));
        }
        let line = |number, text: &str| (number, text.to_owned());
        assert_eq!(lines, [line(2, "one"), line(3, ""), line(3, "two")]);
        assert_eq!(taken.load(Ordering::Relaxed), text.len() as u64);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_the_next_is_read() {
        let long = "x".repeat(MAX_RECORD_BYTES + 1);
        let just = "y".repeat(MAX_RECORD_BYTES);
        let mut input = input(format!("{long}\n{just}\n{long}"));
        assert_eq!(input.next_line().unwrap(), Some(None));
        assert_eq!(input.next_line().unwrap(), Some(Some(just.into_bytes())));
        assert_eq!(input.next_line().unwrap(), Some(None));
        assert_eq!(input.next_line().unwrap(), None);
    }

    #[test]
    fn what_comes_next_is_seen_over_the_end_of_the_buffer() {
        let mut input = input("x".repeat(BUFFER_BYTES - 1) + "--");
        for _ in 1..BUFFER_BYTES {
            input.next_byte().unwrap();
        }
        assert!(input.starts_with(b"--").unwrap());
        assert!(!input.starts_with(b"---").unwrap());
    }
}
