//! What names and ids look like that Cognito makes or takes.

/// Whether the text can be the `sub` of a user or the id of an app client: nothing that ends a key, a line or a filter can.
pub fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=MAX_ID_BYTES).contains(&text.len()) && text.bytes().all(allowed)
}

/// The user pools API's own bound for the ids of app clients; those of users are shorter.
const MAX_ID_BYTES: usize = 128;

/// Whether a group can have this name.
///
/// Source: the user pools API's `GroupNameType`, 1 to 128 characters, and no separators or control characters.
pub fn is_group_name(text: &str) -> bool {
    let allowed = |character: char| !character.is_whitespace() && !character.is_control();
    (1..=128).contains(&text.chars().count()) && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::{is_group_name, is_id};

    #[test]
    fn ids_are_as_cognito_makes_them() {
        for (text, expected) in [
            ("4q2n8v0c6t1m9s3k5r7p2d8f0h", true),
            ("b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11", true),
            (&"x".repeat(128), true),
            (&"x".repeat(129), false),
            ("", false),
            ("a#b", false),
            ("two\nlines", false),
            ("ines@example.org", false),
        ] {
            assert_eq!(is_id(text), expected, "{text}");
        }
    }

    #[test]
    fn names_of_groups_are_as_cognito_takes_them() {
        for (text, expected) in [
            ("editors", true),
            ("Gäste", true),
            (&"ü".repeat(128), true),
            (&"ü".repeat(129), false),
            ("", false),
            ("two words", false),
            ("two\nlines", false),
            ("nul\0", false),
        ] {
            assert_eq!(is_group_name(text), expected, "{text}");
        }
    }
}
