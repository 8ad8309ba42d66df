use crate::input::{Input, MAX_RECORD_BYTES, ReadError};

/// MySQL's names have 64 characters, its numbers 65 digits.
const MAX_NAME_BYTES: usize = 256;

/// What a dump consists of: names, numbers, texts, brackets and commas, without its comments.
pub(super) struct Tokens {
    input: Input,
}

impl Tokens {
    pub(super) fn new(input: Input) -> Self {
        Self { input }
    }

    /// The line of what comes next, from 1.
    pub(super) fn line(&self) -> u64 {
        self.input.line()
    }

    /// A bracket or a comma.
    pub(super) fn skip_byte(&mut self) -> Result<(), ReadError> {
        self.input.next_byte()?;
        Ok(())
    }

    pub(super) fn breaks_off(&self) -> ReadError {
        self.input.broken("the file breaks off")
    }

    /// Reads up to the next semicolon.
    pub(super) fn skip_statement(&mut self) -> Result<(), ReadError> {
        while let Some(byte) = self.next_significant()? {
            match byte {
                b'\'' | b'"' | b'`' => drop(self.quoted(byte)?),
                _ => drop(self.input.next_byte()?),
            }
            if byte == b';' {
                break;
            }
        }
        Ok(())
    }

    /// A name, bare or in backticks, or a number; at least one byte, so that reading always goes on.
    pub(super) fn word(&mut self) -> Result<String, ReadError> {
        let mut word = Vec::new();
        match self.next_significant()? {
            Some(b'`') => word = self.quoted(b'`')?,
            _ => {
                while let Some(byte) = self.input.peek()? {
                    let is_part = byte.is_ascii_alphanumeric() || b"_.$-+:".contains(&byte);
                    if !is_part && !word.is_empty() || word.len() > MAX_NAME_BYTES {
                        break;
                    }
                    self.input.next_byte()?;
                    word.push(byte);
                    if !is_part {
                        break;
                    }
                }
            }
        }
        Ok(String::from_utf8_lossy(&word).into_owned())
    }

    /// What stands between quotation marks, which are doubled or escaped within. More than a record may have is read and not kept.
    pub(super) fn quoted(&mut self, quote: u8) -> Result<Vec<u8>, ReadError> {
        let mut text = Vec::new();
        self.input.next_byte()?;
        loop {
            let Some(byte) = self.input.next_byte()? else {
                return Err(self.input.broken("a quotation mark is missing"));
            };
            let byte = match byte {
                b'\\' if quote != b'`' => unescaped(self.input.next_byte()?),
                _ if byte == quote && self.input.peek()? == Some(quote) => {
                    self.input.next_byte()?
                }
                _ if byte == quote => return Ok(text),
                _ => Some(byte),
            };
            if text.len() <= MAX_RECORD_BYTES {
                text.extend(byte);
            }
        }
    }

    /// The next byte that is neither white space nor part of a comment.
    pub(super) fn next_significant(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let byte = self.input.peek_after_blanks()?;
            match byte {
                Some(b'#') => drop(self.input.next_line()?),
                Some(b'-') if self.input.starts_with(b"--")? => drop(self.input.next_line()?),
                Some(b'/') if self.input.starts_with(b"/*")? => self.skip_comment()?,
                _ => return Ok(byte),
            }
        }
    }

    /// MySQL's conditional comments count as comments: they set what we have no use for.
    fn skip_comment(&mut self) -> Result<(), ReadError> {
        while !self.input.starts_with(b"*/")? {
            if self.input.next_byte()?.is_none() {
                return Err(self.input.broken("a comment has no end"));
            }
        }
        self.input.next_byte()?;
        self.input.next_byte()?;
        Ok(())
    }
}

/// What stands for a byte after a backslash.
///
/// Source: <https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>
fn unescaped(byte: Option<u8>) -> Option<u8> {
    byte.map(|byte| match byte {
        b'0' => 0,
        b'b' => 8,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'Z' => 26,
        other => other,
    })
}
