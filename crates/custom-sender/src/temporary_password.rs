/// The temporary password as it is: Cognito escapes reserved characters of HTML in those, and in no code.
///
/// Its documentation says which by example alone, `<` and `>`; so every escape is undone that HTML has for its five reserved characters.
/// Once, from the left: what an escaped ampersand makes of the text behind it is no escape.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html>
pub(crate) fn unescaped(password: &str) -> String {
    let mut unescaped = String::with_capacity(password.len());
    let mut rest = password;
    while let Some(at) = rest.find('&') {
        let (before, escape) = rest.split_at(at);
        unescaped.push_str(before);
        let known = ESCAPES.iter().find(|(name, _)| escape.starts_with(name));
        let (length, character) = known.map_or((1, '&'), |(name, it)| (name.len(), *it));
        unescaped.push(character);
        rest = &escape[length..];
    }
    unescaped + rest
}

const ESCAPES: [(&str, char); 7] = [
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&amp;", '&'),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#39;", '\''),
    ("&apos;", '\''),
];

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn every_escape_is_undone_once() {
        for (escaped, expected) in [
            ("", ""),
            ("q7-Rm4x!tKw2", "q7-Rm4x!tKw2"),
            ("a&lt;b&gt;c", "a<b>c"),
            ("&lt;&lt;", "<<"),
            ("a&amp;lt;b", "a&lt;b"),
            ("&amp;amp;", "&amp;"),
            ("&quot;&#34;&#39;&apos;", "\"\"''"),
            ("a&b&", "a&b&"),
            ("&lt", "&lt"),
            ("&LT;", "&LT;"),
            ("ä&gt;ö", "ä>ö"),
        ] {
            assert_eq!(unescaped(escaped), expected, "{escaped}");
        }
    }
}
