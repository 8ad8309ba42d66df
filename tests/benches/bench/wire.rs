//! Messages of HTTP/1.1, as they come over a connection.

use std::io::{self, BufRead, Read};

/// A request or an answer.
#[derive(Default)]
pub(crate) struct Message {
    /// All of it, as it came, to be passed on unchanged.
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads one to its end; `None` where the other side has closed the connection instead.
    pub(crate) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut message = Self::default();
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = message.line(from)?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(("transfer-encoding", _)) => chunked = true,
                _ if line.is_empty() => break,
                _ => {}
            }
        }
        if message.bytes.is_empty() {
            return Ok(None);
        }
        if chunked {
            message.chunks(from)?;
        } else {
            message.part_of_body(from, length)?;
        }
        Ok(Some(message))
    }

    /// What a request asks for.
    pub(crate) fn path(&self) -> &str {
        let line = self.bytes.split(|byte| *byte == b' ').nth(1);
        line.and_then(|path| str::from_utf8(path).ok())
            .unwrap_or_default()
    }

    fn chunks(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        loop {
            let size = usize::from_str_radix(&self.line(from)?, 16).unwrap_or(0);
            self.part_of_body(from, size)?;
            self.line(from)?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn part_of_body(&mut self, from: &mut impl Read, size: usize) -> io::Result<()> {
        let before = self.bytes.len();
        self.bytes.resize(before + size, 0);
        from.read_exact(&mut self.bytes[before..])?;
        self.body.extend_from_slice(&self.bytes[before..]);
        Ok(())
    }

    /// The next line, without its end; empty at the end of the connection too.
    fn line(&mut self, from: &mut impl BufRead) -> io::Result<String> {
        let before = self.bytes.len();
        from.read_until(b'\n', &mut self.bytes)?;
        let line = String::from_utf8_lossy(&self.bytes[before..]);
        Ok(line.trim_end().to_owned())
    }
}
