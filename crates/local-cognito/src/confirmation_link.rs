//! Confirmation by a link in the message, for pools with `DefaultEmailOption: CONFIRM_WITH_LINK`: a page that the pool's domain serves.
//!
//! Source: Developer Guide, "Configuring email or phone verification" and "Message templates".

/// Begins and ends the words of a link, such as `{##Click Here##}`.
const WORDS: (&str, &str) = ("{##", "##}");

/// Whether the text has a place for a link.
pub(crate) fn has_place(text: &str) -> bool {
    split(text).is_some()
}

/// The text with the link where it has a place for one.
pub(crate) fn inserted(text: &str, link: &str) -> String {
    match split(text) {
        Some((before, words, after)) => {
            format!(
                "{before}<a href=\"{link}\">{words}</a>{}",
                inserted(after, link)
            )
        }
        None => text.to_owned(),
    }
}

/// The page that confirms the user. Of its parts a user name alone can hold anything but letters and digits.
pub(crate) fn address(endpoint: &str, client_id: &str, username: &str, code: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    let username: String = username.bytes().map(encode).collect();
    format!(
        "{endpoint}/confirmUser?client_id={client_id}&user_name={username}&confirmation_code={code}"
    )
}

fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(WORDS.0)?;
    let (words, after) = rest.split_once(WORDS.1)?;
    Some((before, words, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_where_there_is_a_place_for_it() {
        for (text, expected) in [
            ("Please {##verify##}.", "Please <a href=\"L\">verify</a>."),
            ("{##a##}{##b##}", "<a href=\"L\">a</a><a href=\"L\">b</a>"),
            ("No place {####", "No place {####"),
            ("{##open", "{##open"),
        ] {
            assert_eq!(inserted(text, "L"), expected);
            assert_eq!(has_place(text), text != expected, "{text}");
        }
    }
}
