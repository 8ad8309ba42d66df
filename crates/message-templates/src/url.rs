use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// An `https:` address that an operator configured, of characters that mean nothing in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsUrl(String);

impl HttpsUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A link that brings a user's name and Cognito's placeholder for the code.
    ///
    /// They stand in the fragment, which no browser sends: so neither servers' logs nor other sites' get to see a code, and no scanner of
    /// e-mails uses one up by opening the link.
    pub(crate) fn with_placeholder(&self, user_name: &str, placeholder: &str) -> String {
        let user_name = utf8_percent_encode(user_name, ENCODED);
        format!("{}#username={user_name}&code={placeholder}", self.0)
    }

    /// The same with the code itself.
    pub(crate) fn with_code(&self, user_name: &str, code: &str) -> String {
        self.with_placeholder(user_name, &utf8_percent_encode(code, ENCODED).to_string())
    }
}

/// Whether this is an `https:` address, with or without a fragment, of characters that mean nothing in HTML, and as long as mail programs
/// leave it whole.
pub(crate) fn is_harmless_link(text: &str) -> bool {
    let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
    HttpsUrl::from_str(address).is_ok() && only(fragment, PATH) && fragment.len() <= MOST_BYTES
}

/// What stands in paths, queries and fragments.
const PATH: &str = "-._~/?=&%:+,";

/// All but the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl FromStr for HttpsUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("https://").ok_or(EXPECTED)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        let is_host = host.starts_with(|char: char| char.is_ascii_alphanumeric());
        if is_host && only(host, "-.:") && only(path, PATH) && text.len() <= MOST_BYTES {
            Ok(Self(text.to_owned()))
        } else {
            Err(EXPECTED)
        }
    }
}

const EXPECTED: &str =
    "expected an address that begins with https:// and has letters, digits and -._~/?=&%:+, alone";

/// Longer ones do not survive every mail program.
const MOST_BYTES: usize = 512;

/// Where a user finds help: an `https:` address, or `mailto:` and an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportUrl(String);

impl SupportUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SupportUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(address) = text.strip_prefix("mailto:") else {
            let url: HttpsUrl = text.parse().map_err(|_| SUPPORT_EXPECTED)?;
            return Ok(Self(url.0));
        };
        match address.split_once('@') {
            Some((local, domain))
                if !local.is_empty()
                    && !domain.is_empty()
                    && only(local, "-._+")
                    && only(domain, "-.") =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(SUPPORT_EXPECTED),
        }
    }
}

const SUPPORT_EXPECTED: &str =
    "expected an address that begins with https://, or mailto: and an e-mail address";

/// Whether the text has only ASCII letters and digits, and these characters.
fn only(text: &str, others: &str) -> bool {
    text.chars()
        .all(|char| char.is_ascii_alphanumeric() || others.contains(char))
}

#[cfg(test)]
mod tests {
    use super::{HttpsUrl, SupportUrl, is_harmless_link};

    #[test]
    fn a_link_brings_the_name_encoded_and_the_placeholder_as_it_is() {
        let url: HttpsUrl = "https://app.example.com/confirm?lang=de".parse().unwrap();
        for (name, encoded) in [
            ("ines", "ines"),
            ("a-b.c_d~e", "a-b.c_d~e"),
            ("ines@example.org", "ines%40example.org"),
            ("{####}", "%7B%23%23%23%23%7D"),
            ("{username}", "%7Busername%7D"),
            ("\"><script>", "%22%3E%3Cscript%3E"),
            ("a&code=1", "a%26code%3D1"),
            ("\r\n", "%0D%0A"),
            ("ü\u{202e}", "%C3%BC%E2%80%AE"),
        ] {
            let expected =
                format!("https://app.example.com/confirm?lang=de#username={encoded}&code={{####}}");
            assert_eq!(url.with_placeholder(name, "{####}"), expected);
        }
    }

    #[test]
    fn a_code_in_a_link_is_encoded() {
        let url: HttpsUrl = "https://app.example.com/".parse().unwrap();
        let link = url.with_code("ines", "1&\"<2");
        assert_eq!(
            link,
            "https://app.example.com/#username=ines&code=1%26%22%3C2"
        );
    }

    #[test]
    fn a_link_that_somebody_made_has_harmless_characters() {
        let long = format!("https://app.example.com/#{}", "x".repeat(513));
        for (text, is_link) in [
            ("https://app.example.com/#token=k3-_.~", true),
            ("https://app.example.com", true),
            ("http://app.example.com/#token=k3", false),
            ("https://app.example.com/#token=k3'", false),
            ("https://app.example.com/#a#b", false),
            ("https://app.example.com/#{####}", false),
            ("javascript:alert(1)", false),
            (&long, false),
            (&long[..long.len() - 1], true),
        ] {
            assert_eq!(is_harmless_link(text), is_link, "{text}");
        }
    }

    #[test]
    fn only_https_addresses_of_harmless_characters() {
        for (text, is_url) in [
            ("https://example.com", true),
            ("https://app.example.com:8443/a/b?c=d&e=%20", true),
            ("http://example.com", false),
            ("HTTPS://example.com", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("https:///path", false),
            ("https://user@example.com", false),
            ("https://example.com/#there", false),
            ("https://example.com/\"onclick=", false),
            ("https://example.com/'", false),
            ("https://example.com/&quot;", false),
            ("https://example.com/<b>", false),
            ("https://example.com/{####}", false),
            ("https://example.com/a b", false),
            ("https://example.com\\evil", false),
            ("https://exämple.com", false),
        ] {
            assert_eq!(text.parse::<HttpsUrl>().is_ok(), is_url, "{text}");
        }
        let long = format!("https://example.com/{}", "x".repeat(493));
        assert!(long.parse::<HttpsUrl>().is_err());
        assert!(long[..512].parse::<HttpsUrl>().is_ok());
    }

    #[test]
    fn help_is_an_address_of_either_kind() {
        for (text, is_url) in [
            ("https://example.com/help", true),
            ("mailto:help+app@example.com", true),
            ("mailto:", false),
            ("mailto:help", false),
            ("mailto:@example.com", false),
            ("mailto:help@", false),
            ("mailto:a@b@example.com", false),
            ("mailto:help@example.com?body=x", false),
            ("mailto:\"a\"@example.com", false),
            ("tel:+4930123456", false),
        ] {
            assert_eq!(text.parse::<SupportUrl>().is_ok(), is_url, "{text}");
        }
    }
}
