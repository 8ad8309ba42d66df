use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;

/// What the key of a tombstone begins with. No name may, so that nobody can take one for the other.
pub const TOMBSTONE: &str = "tombstone#";

/// No key of DynamoDB is longer, and a tombstone's is longer than the name; Cognito's own user names have 128 characters.
const MAX_BYTES: usize = 2048 - TOMBSTONE.len();

/// A user's name in the one form in which names are compared: without white space around it, in Unicode's normalisation form KC, in lower
/// case. The importer and the function of user migration make it alike, or users would not be found. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegacyName(String);

impl LegacyName {
    /// The name in that form; `None` for a text that no name can be: nothing, too much, or the key of a tombstone.
    pub fn normalised(text: &str) -> Option<Self> {
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        // A text that is far too long is not worth the work.
        if text.len() > 2 * MAX_BYTES {
            return None;
        }
        // Twice, since letters in lower case can compose anew.
        let lower = nfkc.normalize(text).to_lowercase();
        let name = nfkc.normalize(&lower).trim().to_owned();
        let is_name = (1..=MAX_BYTES).contains(&name.len()) && !name.starts_with(TOMBSTONE);
        is_name.then_some(Self(name))
    }

    /// The name, for keys and comparisons and never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn tombstone(&self) -> String {
        format!("{TOMBSTONE}{}", self.0)
    }
}

impl fmt::Debug for LegacyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LegacyName([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let name = LegacyName::normalised(text);
        assert_eq!(name.as_ref().map(LegacyName::as_str), expected, "{text:?}");
    }

    #[test]
    fn names_are_compared_in_one_form() {
        check("ines", Some("ines"));
        check(" Ines.Falk@Example.ORG\n", Some("ines.falk@example.org"));
        check("\u{a0}ＩＮＥＳ\u{3000}", Some("ines"));
        check("Ame\u{301}lie", Some("amélie"));
        check("ﬁona", Some("fiona"));
        check("two words", Some("two words"));
        check("+49 30 123", Some("+49 30 123"));
    }

    #[test]
    fn what_no_name_can_be_is_none() {
        check("", None);
        check(" \n", None);
        check("tombstone#ines", None);
        check(" Tombstone#ines", None);
        check(&"x".repeat(MAX_BYTES), Some(&"x".repeat(MAX_BYTES)));
        check(&"x".repeat(MAX_BYTES + 1), None);
        check(&" ".repeat(100_000), None);
    }

    #[test]
    fn the_form_of_a_form_is_itself() {
        for letter in ('\0'..=char::MAX).step_by(97) {
            for text in [format!("{letter}"), format!("x{letter}\u{307}\u{327}")] {
                if let Some(name) = LegacyName::normalised(&text) {
                    check(name.as_str(), Some(name.as_str()));
                }
            }
        }
    }

    #[test]
    fn a_name_is_not_printed() {
        let name = LegacyName::normalised("ines").unwrap();
        assert_eq!(format!("{name:?}"), "LegacyName([redacted])");
    }
}
