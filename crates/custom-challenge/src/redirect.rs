use std::str::FromStr;

/// A page that a link may lead to. It is compared whole, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redirect(String);

impl Redirect {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Redirect {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?=&%:+".contains(&byte);
        let host = text.strip_prefix("https://").unwrap_or_default();
        // `#` begins the fragment, where the token stands; `@` would make a host of what looks like one a user.
        let is_one = host.starts_with(|char: char| char.is_ascii_alphanumeric())
            && text.len() <= MAX_BYTES
            && text.bytes().all(is_allowed);
        is_one.then(|| Self(text.to_owned())).ok_or(
            "expected `https` addresses without a fragment, of letters, digits and -._~/?=&%:+",
        )
    }
}

/// The longest that fits into an e-mail's line beside the token.
const MAX_BYTES: usize = 512;

/// The page that an app asked for, if it may, or else the first.
pub(crate) fn chosen<'a>(allowed: &'a [Redirect], asked: Option<&str>) -> Option<&'a Redirect> {
    let mut same = allowed.iter().filter(|page| Some(page.as_str()) == asked);
    same.next().or(allowed.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_pages_without_a_fragment() {
        for (text, expected) in [
            ("https://app.example.com/sign-in", true),
            ("https://app.example.com:8443/?page=sign-in&by=link", true),
            ("https://a", true),
            ("https://", false),
            ("https:///path", false),
            ("http://app.example.com/", false),
            ("HTTPS://app.example.com/", false),
            ("myapp://sign-in", false),
            ("https://app.example.com/#sign-in", false),
            ("https://app.example.com@evil.example/", false),
            ("https://app.example.com\\@evil.example/", false),
            ("https://app.example.com/ x", false),
            ("https://app.example.com/\n", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(text.parse::<Redirect>().is_ok(), expected, "{text}");
        }
        assert!(
            format!("https://a/{}", "x".repeat(600))
                .parse::<Redirect>()
                .is_err()
        );
    }

    #[test]
    fn a_page_is_allowed_exactly_or_is_the_first() {
        let allowed: Vec<Redirect> = ["https://a.example/in", "https://b.example/in"]
            .map(|text| text.parse().unwrap())
            .into();
        for (asked, expected) in [
            (None, "https://a.example/in"),
            (Some("https://b.example/in"), "https://b.example/in"),
            (Some("https://b.example/in/"), "https://a.example/in"),
            (Some("https://b.example/in?x"), "https://a.example/in"),
            (
                Some("https://b.example.evil.example/in"),
                "https://a.example/in",
            ),
            (Some("https://B.example/in"), "https://a.example/in"),
            (Some("https://evil.example/"), "https://a.example/in"),
            (Some(""), "https://a.example/in"),
        ] {
            let page = chosen(&allowed, asked).map(Redirect::as_str);
            assert_eq!(page, Some(expected), "{asked:?}");
        }
        assert_eq!(chosen(&[], Some("https://a.example/in")), None);
    }
}
