//! What another system did to a password before it hashed it, other than the format says.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::algorithms::digest::Digest::Sha256;
use crate::encoding::to_hex;
use crate::stored::Secret;

/// How the passwords of a system were hashed. The default is as they were typed, in UTF-8.
#[derive(Debug, Default)]
pub struct Preparation {
    /// A secret of the whole system that went into each hash.
    pub pepper: Option<Pepper>,
    /// Other forms of the password to try, in this order, after the password as it was typed, as far as
    /// [`Limits::forms_milliseconds`](crate::Limits::forms_milliseconds) goes.
    pub fallbacks: Vec<Fallback>,
}

/// A secret of the whole system that went into each hash, and how.
#[derive(Debug)]
pub enum Pepper {
    /// After the password, as Devise has it.
    Append(SecretString),
    /// Before the password.
    Prepend(SecretString),
    /// The password becomes the bytes of its HMAC-SHA-256 under this key.
    HmacSha256(SecretString),
    /// The password becomes its HMAC-SHA-256 under this key in hexadecimal, as PHP's `hash_hmac` writes it.
    HmacSha256Hex(SecretString),
}

/// Another form of a password that its system may have hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// Without white space before and after.
    Trimmed,
    /// In Unicode's normalisation form KC.
    Nfkc,
    /// In ISO 8859-1; a password that cannot be written so has no such form.
    Latin1,
    /// In UTF-16, lowest byte first, as .NET and Windows have it.
    Utf16Le,
}

impl Preparation {
    /// The forms to try, each once. How many there are depends on the password alone, not on any hash.
    pub(crate) fn forms(&self, password: &[u8]) -> Vec<Secret> {
        let mut forms = vec![Zeroizing::new(password.to_vec())];
        for fallback in &self.fallbacks {
            forms.extend(fallback.form(password).filter(|form| !forms.contains(form)));
        }
        match &self.pepper {
            Some(pepper) => forms.iter().map(|form| pepper.with(form)).collect(),
            None => forms,
        }
    }
}

impl Pepper {
    fn with(&self, password: &[u8]) -> Secret {
        match self {
            Self::Append(pepper) => [password, bytes(pepper)].concat().into(),
            Self::Prepend(pepper) => [bytes(pepper), password].concat().into(),
            Self::HmacSha256(key) => Sha256.hmac(bytes(key), password),
            Self::HmacSha256Hex(key) => {
                let digest = Sha256.hmac(bytes(key), password);
                to_hex(&digest).into_bytes().into()
            }
        }
    }
}

fn bytes(secret: &SecretString) -> &[u8] {
    secret.expose_secret().as_bytes()
}

impl Fallback {
    /// `None` where the password has no such form.
    pub(crate) fn form(self, password: &[u8]) -> Option<Secret> {
        let text = str::from_utf8(password).ok()?;
        let form = match self {
            Self::Trimmed => text.trim().as_bytes().to_vec(),
            Self::Nfkc => normalised(text).into_bytes(),
            Self::Latin1 => text
                .chars()
                .map(|character| u8::try_from(character).ok())
                .collect::<Option<_>>()?,
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        };
        Some(form.into())
    }
}

fn normalised(text: &str) -> String {
    icu_normalizer::ComposingNormalizerBorrowed::new_nfkc()
        .normalize(text)
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(preparation: &Preparation, password: &str, expected: &[&[u8]]) {
        let forms = preparation.forms(password.as_bytes());
        let forms: Vec<&[u8]> = forms.iter().map(|form| form.as_slice()).collect();
        assert_eq!(forms, expected, "password {password:?}");
    }

    #[test]
    fn a_password_is_tried_as_it_was_typed_and_then_in_each_other_form_once() {
        let preparation = Preparation {
            pepper: None,
            fallbacks: vec![
                Fallback::Trimmed,
                Fallback::Nfkc,
                Fallback::Latin1,
                Fallback::Utf16Le,
            ],
        };
        check(&preparation, "abc", &[b"abc", b"a\0b\0c\0"]);
        check(
            &preparation,
            " é ",
            &[" é ".as_bytes(), "é".as_bytes(), b" \xe9 ", b" \0\xe9\0 \0"],
        );
        check(&preparation, "ﬁ", &["ﬁ".as_bytes(), b"fi", b"\x01\xfb"]);
        check(&Preparation::default(), " é ", &[" é ".as_bytes()]);
    }

    #[test]
    fn bytes_that_are_no_text_have_one_form() {
        let preparation = Preparation {
            pepper: None,
            fallbacks: vec![Fallback::Trimmed, Fallback::Utf16Le],
        };
        assert_eq!(preparation.forms(b"\xff "), [b"\xff ".to_vec().into()]);
    }

    #[test]
    fn a_pepper_goes_into_every_form() {
        let peppered = |pepper| Preparation {
            pepper: Some(pepper),
            fallbacks: vec![Fallback::Trimmed],
        };
        check(
            &peppered(Pepper::Append("salz".into())),
            "a ",
            &[b"a salz", b"asalz"],
        );
        check(
            &peppered(Pepper::Prepend("salz".into())),
            "a ",
            &[b"salza ", b"salza"],
        );
        // RFC 4231, test case 2.
        check(
            &peppered(Pepper::HmacSha256Hex("Jefe".into())),
            "what do ya want for nothing?",
            &[b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
        );
    }

    #[test]
    fn a_pepper_is_not_printed() {
        let printed = format!("{:?}", Pepper::Append("salz".into()));
        assert!(!printed.contains("salz"), "{printed}");
    }
}
