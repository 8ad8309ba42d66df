/// A name as a message may show it, or none where it could be more than a name.
///
/// Whoever signs up chooses both the name and the address that the message goes to, so a name is text that a stranger writes into
/// somebody's inbox in our name. Escaping does not help there: mail programs make links of addresses and numbers that stand in plain text.
pub(crate) fn presentable(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = words.join(" ");
    let is_name = !name.is_empty()
        && name.chars().count() <= MOST_CHARACTERS
        && !name.contains(ELSEWHERE)
        && name.chars().filter(|char| char.is_numeric()).count() < FEWEST_DIGITS_OF_A_NUMBER
        && !has_domain(&name);
    is_name.then_some(name)
}

/// Longer names exist; their bearers are greeted without them.
const MOST_CHARACTERS: usize = 64;

/// What stands in addresses, markup and templates, and in no name.
const ELSEWHERE: [char; 14] = [
    '/', '\\', '@', ':', '<', '>', '{', '}', '[', ']', '#', '%', '=', '|',
];

/// Enough for "Louis 14"; no telephone number is that short. Digits of other scripts count, since telephones know them too.
const FEWEST_DIGITS_OF_A_NUMBER: usize = 3;

/// Whether a dot is followed by two letters or digits, as in `example.org` and not in `J.R.R. Tolkien`. Dots of other scripts count, since
/// mail programs take them for one.
fn has_domain(name: &str) -> bool {
    let parts = name.split(['.', '。', '．', '｡', '\u{2024}']).skip(1);
    parts
        .map(|part| {
            part.chars()
                .take_while(|char| char.is_alphanumeric())
                .count()
        })
        .any(|letters| letters >= 2)
}

#[cfg(test)]
mod tests {
    use super::presentable;

    #[test]
    fn a_name_is_shown() {
        for (text, expected) in [
            ("Ines", "Ines"),
            ("Dr. Ines Falk-O'Hara, MD", "Dr. Ines Falk-O'Hara, MD"),
            ("J.R.R. Tolkien", "J.R.R. Tolkien"),
            ("Louis 14", "Louis 14"),
            ("Иван Петров", "Иван Петров"),
            ("王 小明", "王 小明"),
            ("  Ines \r\n\t Falk ", "Ines Falk"),
            ("Ines\u{2028}Falk", "Ines Falk"),
        ] {
            assert_eq!(presentable(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_could_be_more_than_a_name_is_not() {
        for text in [
            "",
            " ",
            "https://evil.example",
            "Win at evil.example now",
            "evil。example",
            "www.evil.example/x",
            "mail ines@example.org",
            "<script>alert(1)</script>",
            "<b>Ines</b>",
            "{{ 7*7 }}",
            "{% raw %}",
            "{####}",
            "{username}",
            "{##Click##}",
            "Call 0900 123",
            "Call ٠٩٠٠",
            "Call ０９００",
            "a=b|c",
            &"x".repeat(65),
        ] {
            assert_eq!(presentable(text), None, "{text:?}");
        }
        assert!(presentable(&"é".repeat(64)).is_some());
    }
}
