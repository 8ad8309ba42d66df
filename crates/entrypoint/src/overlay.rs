use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::Error;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use serde_json::value::RawValue;

/// Appends the decided fields as one object, and in it those that were there and were not decided.
///
/// In one go: a message is 4 KB of HTML, and each time that it is read again takes as long as deciding on it.
pub(crate) fn overlay(
    decided: &impl Serialize,
    there: &BTreeMap<String, &RawValue>,
    text: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let start = text.len();
    let there = there.iter().map(|(name, value)| (name.as_str(), *value));
    let overlay = Overlay {
        depth: 0,
        name: None,
        is_empty: true,
        left: there.collect(),
    };
    decided.serialize(&mut Serializer::with_formatter(&mut *text, overlay))?;
    if text.get(start) != Some(&b'{') {
        return Err(Error::custom("a response is an object"));
    }
    Ok(())
}

/// Compact JSON that takes note of the outermost fields' names, and ends with the fields that are left.
struct Overlay<'a> {
    /// How many objects are open.
    depth: usize,
    /// The name of an outermost field, while it is written.
    name: Option<String>,
    is_empty: bool,
    left: BTreeMap<&'a str, &'a RawValue>,
}

impl Formatter for Overlay<'_> {
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.depth == 0 {
            for (name, value) in std::mem::take(&mut self.left) {
                CompactFormatter.begin_object_key(writer, self.is_empty)?;
                serde_json::to_writer(&mut *writer, name)?;
                CompactFormatter.begin_object_value(writer)?;
                writer.write_all(value.get().as_bytes())?;
                self.is_empty = false;
            }
        }
        CompactFormatter.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if self.depth == 1 {
            self.is_empty = false;
            self.name = Some(String::new());
        }
        CompactFormatter.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if let Some(name) = self.name.take() {
            self.left.remove(name.as_str());
        }
        CompactFormatter.end_object_key(writer)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if let Some(name) = &mut self.name {
            name.push_str(fragment);
        }
        CompactFormatter.write_string_fragment(writer, fragment)
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        char_escape: CharEscape,
    ) -> io::Result<()> {
        if self.name.is_some() {
            return Err(io::Error::other(
                "no field of a response is named like that",
            ));
        }
        CompactFormatter.write_char_escape(writer, char_escape)
    }
}
