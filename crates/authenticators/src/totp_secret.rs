use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

/// 160 bits. Source: RFC 4226, section 4, R6, which recommends so many.
const SECRET_BYTES: usize = 20;

/// RFC 3986, section 2.3: what need not be encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator app and the table share.
#[derive(Debug, Clone)]
pub struct TotpSecret(SecretSlice<u8>);

impl TotpSecret {
    pub(crate) fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = vec![0; SECRET_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.into()))
    }

    pub(crate) fn new(secret: SecretSlice<u8>) -> Self {
        Self(secret)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// In base32 without padding, as people type it into an app.
    pub fn base32(&self) -> SecretString {
        // Groups of 5 bits; 20 bytes are 32 of them, without a rest.
        let bits = self
            .bytes()
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        let bits: Vec<u8> = bits.collect();
        let value = |group: &[u8]| {
            group
                .iter()
                .fold(0, |value, bit| value << 1 | usize::from(*bit))
        };
        let text: String = bits
            .chunks_exact(5)
            .map(|group| char::from(BASE32[value(group)]))
            .collect();
        text.into()
    }

    /// The address that an app reads from a QR code; the app shows the issuer and the account.
    ///
    /// Source: Google Authenticator, "Key Uri Format". The parameters that have defaults are left out: some apps refuse them.
    pub fn uri(&self, issuer: &str, account: &str) -> SecretString {
        let encoded = |text| utf8_percent_encode(text, UNRESERVED);
        let (issuer, account) = (encoded(issuer), encoded(account));
        let secret = self.base32();
        let secret = secret.expose_secret();
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_the_rfc() -> TotpSecret {
        TotpSecret(b"12345678901234567890".to_vec().into())
    }

    /// Made by `printf 12345678901234567890 | base32`.
    #[test]
    fn base32_is_that_of_the_rfc() {
        let base32 = of_the_rfc().base32();
        assert_eq!(base32.expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn the_uri_shows_issuer_and_account_whatever_they_hold() {
        let uri = of_the_rfc().uri("Bücher & Co", "ines+1@example.org");
        assert_eq!(
            uri.expose_secret(),
            "otpauth://totp/B%C3%BCcher%20%26%20Co:ines%2B1%40example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=B%C3%BCcher%20%26%20Co"
        );
    }

    #[test]
    fn secrets_differ_and_are_not_printed() {
        let (one, other) = (
            TotpSecret::generate().unwrap(),
            TotpSecret::generate().unwrap(),
        );
        assert_ne!(one.bytes(), other.bytes());
        assert_eq!(one.bytes().len(), 20);
        let printed = format!("{:?}", of_the_rfc());
        assert_eq!(printed, "TotpSecret(SecretBox<[u8]>([REDACTED]))");
    }
}
