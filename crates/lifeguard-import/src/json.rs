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
mod tests {
    use super::*;
    use crate::input::input;

    /// The documents with their lines, and in the end what is wrong.
    fn all(documents: Documents) -> (Vec<(u64, String)>, Option<String>) {
        let mut found = Vec::new();
        for document in documents {
            match document {
                Ok(Document { line, text }) => found.push((line, shown(text))),
                Err(error) => return (found, Some(error.to_string())),
            }
        }
        (found, None)
    }

    fn shown(text: Result<Vec<u8>, Reject>) -> String {
        match text {
            Ok(text) => String::from_utf8(text).unwrap(),
            Err(reject) => reject.to_string(),
        }
    }

    #[track_caller]
    fn check(documents: Documents, expected: &[(u64, &str)], problem: Option<&str>) {
        let (found, error) = all(documents);
        let found: Vec<_> = found.iter().map(|(line, text)| (*line, &**text)).collect();
        assert_eq!((found, error.as_deref()), (expected.to_vec(), problem));
    }

    #[track_caller]
    fn check_array(text: &str, expected: &[(u64, &str)], problem: Option<&str>) {
        let documents = Documents::list_or_lines(input(text)).unwrap();
        check(documents, expected, problem);
    }

    #[test]
    fn the_elements_of_an_array_are_cut_out() {
        check_array("[]", &[], None);
        check_array(
            "\n[ {\"a\": [1, \"]}\\\"\"]},\n 7 ,\"x\\\\\",null]",
            &[
                (2, r#"{"a": [1, "]}\""]}"#),
                (3, "7"),
                (3, r#""x\\""#),
                (3, "null"),
            ],
            None,
        );
    }

    #[test]
    fn without_an_array_each_line_is_a_document() {
        check_array(
            "{\"a\": 1}\n\n{broken\n{}",
            &[(1, "{\"a\": 1}"), (3, "{broken"), (4, "{}")],
            None,
        );
    }

    #[test]
    fn an_array_that_breaks_off_says_where() {
        check_array(
            "[{}, {\"a\":",
            &[(1, "{}")],
            Some("line 1: the file breaks off"),
        );
        check_array(
            "[{}\n{}]",
            &[(1, "{}")],
            Some("line 2: a comma or the end of the list is missing"),
        );
        check_array("[{},,]", &[(1, "{}")], Some("line 1: a value is missing"));
        check_array(
            "[{}",
            &[(1, "{}")],
            Some("line 1: a comma or the end of the list is missing"),
        );
        check_array(
            "[{}, }",
            &[(1, "{}")],
            Some("line 1: a bracket is closed that nobody opened"),
        );
    }

    #[test]
    fn files_that_were_put_together_are_read_to_the_end() {
        check_array("[1]\n[]\n[2]", &[(1, "1"), (3, "2")], None);
        let objects = "{\"users\": [1], \"a\": {}}\n{\"users\": [2]}";
        check_member(objects, &[(1, "1"), (2, "2")], None);
    }

    #[track_caller]
    fn check_member(text: &str, expected: &[(u64, &str)], problem: Option<&str>) {
        check(
            Documents::of_member(input(text), "users"),
            expected,
            problem,
        );
    }

    #[test]
    fn a_member_is_found_wherever_it_stands() {
        let elements = [(1, "{\"n\": 1}"), (1, "2")];
        check_member(r#"{"users": [{"n": 1}, 2]}"#, &elements, None);
        check_member(
            r#"{"a": {"users": [9]}, "users" : [{"n": 1}, 2], "z": 0}"#,
            &elements,
            None,
        );
        check_member(
            r#"{"users": "none", "b": [1], "us\u0065rs": [{"n": 1}, 2]}"#,
            &elements,
            None,
        );
        check_member(r#"{"a": 1}"#, &[], Some("there is no list `users` in it"));
        check_member(
            r#"{"users": [1], "a": "#,
            &[(1, "1")],
            Some("line 1: the file breaks off"),
        );
        check_member("[]", &[], Some("line 1: there is no object"));
        check_member(r#"{"a" 1}"#, &[], Some("line 1: a colon is missing"));
    }

    #[test]
    fn what_is_too_long_is_skipped() {
        let long = "x".repeat(MAX_RECORD_BYTES);
        check_array(
            &format!("[\"{long}\", 1]"),
            &[(1, "it is longer than 1 MiB"), (1, "1")],
            None,
        );
        check_member(
            &format!("{{\"a\": \"{long}\", \"users\": [1]}}"),
            &[(1, "1")],
            None,
        );
    }

    #[test]
    fn what_is_wrong_is_said_without_a_quotation() {
        let number =
            |text: &[u8]| parse::<u8>(text, "a number").map_err(|reject| reject.to_string());
        assert_eq!(number(b"7"), Ok(7));
        assert_eq!(number(b"\"hunter2\""), Err("it is not a number".to_owned()));
        assert_eq!(number(b"7,"), Err("it is not JSON".to_owned()));
        let text = parse::<String>(b"\"\xff\"", "a text");
        assert_eq!(text, Err(Reject::NotJson));
    }
}
