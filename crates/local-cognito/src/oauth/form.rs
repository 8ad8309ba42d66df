use std::collections::BTreeMap;

/// The fields of a form, `application/x-www-form-urlencoded`. They hold secrets, so nothing prints them.
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// `None` when it is malformed, or names a field twice (RFC 6749, section 3.2).
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut fields = BTreeMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if fields.insert(decoded(name)?, decoded(value)?).is_some() {
                return None;
            }
        }
        Some(Self(fields))
    }

    /// A field, unless it is empty: that is the same as one that is not there (RFC 6749, section 3.2).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }
}

/// `+` is a blank, and `%` stands before two hexadecimal digits.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = Form::read("scope=a%2Fread+a%2fpost&empty=&name&%C3%A4=%C3%A4&&x=1=2").unwrap();
        assert_eq!(form.get("scope"), Some("a/read a/post"));
        assert_eq!(form.get("ä"), Some("ä"));
        assert_eq!(form.get("x"), Some("1=2"));
        for absent in ["empty", "name", "other"] {
            assert_eq!(form.get(absent), None, "{absent}");
        }
    }

    #[test]
    fn malformed_forms_are_none() {
        for text in ["a=%", "a=%2", "a=%zz", "a=%ff", "%=1", "a=1&a=2", "a=%+1"] {
            assert!(Form::read(text).is_none(), "{text}");
        }
    }
}
