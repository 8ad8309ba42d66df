use serde::de::DeserializeOwned;

use crate::input::{Input, MAX_RECORD_BYTES, ReadError};
use crate::record::Reject;

/// The documents of a file, cut out one by one without a look at what is in them.
pub(crate) struct Documents {
    input: Input,
    layout: Layout,
    /// The member that the list is of the file's object; otherwise the file is the list.
    member: Option<&'static str>,
}

enum Layout {
    /// One document a line.
    Lines,
    /// The elements of the list that comes next.
    ListAhead,
    List {
        is_first: bool,
    },
    Over,
}

/// A document, or why it cannot be one.
pub(crate) struct Document {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    pub(crate) text: Result<Vec<u8>, Reject>,
}

impl Documents {
    pub(crate) fn lines(input: Input) -> Self {
        Self {
            input,
            layout: Layout::Lines,
            member: None,
        }
    }

    /// The elements of the list that the file is, or else its lines.
    pub(crate) fn list_or_lines(mut input: Input) -> Result<Self, ReadError> {
        let layout = match input.peek_after_blanks()? {
            Some(b'[') => Layout::ListAhead,
            _ => Layout::Lines,
        };
        Ok(Self {
            layout,
            ..Self::lines(input)
        })
    }

    /// The elements of the list of that name in the object that the file is.
    pub(crate) fn of_member(input: Input, name: &'static str) -> Self {
        Self {
            layout: Layout::ListAhead,
            member: Some(name),
            ..Self::lines(input)
        }
    }

    fn next_document(&mut self) -> Result<Option<Document>, ReadError> {
        loop {
            match self.layout {
                Layout::Lines => return self.next_line(),
                Layout::ListAhead => self.layout = self.enter()?,
                Layout::List { is_first } => match self.next_element(is_first)? {
                    None => self.layout = self.leave()?,
                    element => return Ok(element),
                },
                Layout::Over => return Ok(None),
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<Document>, ReadError> {
        loop {
            let line = self.input.line();
            let text = match self.input.next_line()? {
                None => return Ok(None),
                Some(Some(text)) if text.trim_ascii().is_empty() => continue,
                Some(text) => text.ok_or(Reject::TooLong),
            };
            return Ok(Some(Document { line, text }));
        }
    }

    fn next_element(&mut self, is_first: bool) -> Result<Option<Document>, ReadError> {
        let next = self.input.peek_after_blanks()?;
        if next == Some(b']') {
            self.input.next_byte()?;
            return Ok(None);
        }
        if !is_first {
            self.expect(b',', "a comma or the end of the list is missing")?;
            self.input.peek_after_blanks()?;
        }
        self.layout = Layout::List { is_first: false };
        let line = self.input.line();
        let text = next_value(&mut self.input)?;
        Ok(Some(Document { line, text }))
    }

    /// Reads up to the first element of the list.
    fn enter(&mut self) -> Result<Layout, ReadError> {
        let Some(member) = self.member else {
            self.expect(b'[', "there is no list")?;
            return Ok(Layout::List { is_first: true });
        };
        self.expect(b'{', "there is no object")?;
        if !self.reaches(member)? {
            let problem = format!("there is no list `{member}` in it");
            return Err(ReadError::NotAsSaid(problem));
        }
        Ok(Layout::List { is_first: true })
    }

    /// Reads from the end of the list to that of the file, or to another of its kind: files are often put together from several.
    fn leave(&mut self) -> Result<Layout, ReadError> {
        if let Some(member) = self.member
            && self.reaches(member)?
        {
            return Ok(Layout::List { is_first: true });
        }
        let begin = if self.member.is_some() { b'{' } else { b'[' };
        match self.input.peek_after_blanks()? {
            None => Ok(Layout::Over),
            Some(next) if next == begin => Ok(Layout::ListAhead),
            Some(_) => Err(self.input.broken("something comes after the end")),
        }
    }

    /// Reads members of the object, up to the elements of that list; `false` if the object ends before it.
    fn reaches(&mut self, member: &str) -> Result<bool, ReadError> {
        loop {
            match self.input.peek_after_blanks()? {
                Some(b'}') => {
                    self.input.next_byte()?;
                    return Ok(false);
                }
                Some(b',') => drop(self.input.next_byte()?),
                _ => {
                    let name = next_value(&mut self.input)?.unwrap_or_default();
                    let name: Option<String> = serde_json::from_slice(&name).ok();
                    self.expect(b':', "a colon is missing")?;
                    let is_list = self.input.peek_after_blanks()? == Some(b'[');
                    if is_list && name.as_deref() == Some(member) {
                        self.input.next_byte()?;
                        return Ok(true);
                    }
                    drop(next_value(&mut self.input)?);
                }
            }
        }
    }

    fn expect(&mut self, byte: u8, problem: &'static str) -> Result<(), ReadError> {
        if self.input.peek_after_blanks()? != Some(byte) {
            return Err(self.input.broken(problem));
        }
        self.input.next_byte()?;
        Ok(())
    }
}

impl Iterator for Documents {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let document = self.next_document().transpose();
        if !matches!(document, Some(Ok(_))) {
            self.layout = Layout::Over;
        }
        document
    }
}

/// Reads one value by its brackets and quotation marks alone.
fn next_value(input: &mut Input) -> Result<Result<Vec<u8>, Reject>, ReadError> {
    let mut text = Vec::new();
    let mut is_whole = true;
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    loop {
        let Some(byte) = input.peek()? else {
            return Err(input.broken("the file breaks off"));
        };
        // A number or a word is over where something else begins.
        let is_after_word = depth == 0 && !is_string && !text.is_empty();
        if is_after_word && (b",:]}".contains(&byte) || byte.is_ascii_whitespace()) {
            break;
        }
        input.next_byte()?;
        is_whole &= text.len() < MAX_RECORD_BYTES;
        if is_whole {
            text.push(byte);
        }
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            _ if is_string => continue,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| input.broken("a bracket is closed that nobody opened"))?;
            }
            b',' | b':' if depth == 0 => return Err(input.broken("a value is missing")),
            _ => continue,
        }
        if depth == 0 && !is_string {
            break;
        }
    }
    Ok(if is_whole {
        Ok(text)
    } else {
        Err(Reject::TooLong)
    })
}

/// What the document says. Serde's own words are left out, since they can quote the file.
pub(crate) fn parse<T: DeserializeOwned>(document: &[u8], what: &'static str) -> Result<T, Reject> {
    serde_json::from_slice(document).map_err(|error| {
        if error.is_data() {
            Reject::NotA(what)
        } else {
            Reject::NotJson
        }
    })
}

#[cfg(test)]
mod tests;
