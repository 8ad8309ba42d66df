//! Where a message goes, as far as everybody may know.

use email_address::EmailAddress;

use crate::kind::Channel;
use crate::user_secret::UserSecret;

/// The masked destination: that of the user's address, or of what was typed where that is an address, or else one that is made up, always
/// the same for one name. So whoever does not know the address learns nothing about whether there is one.
pub(crate) fn destination(
    channel: Channel,
    address: Option<&str>,
    typed: &str,
    secret: &UserSecret,
) -> String {
    [address, Some(typed)]
        .into_iter()
        .flatten()
        .find_map(|text| match channel {
            Channel::Email => email(text),
            Channel::Sms => telephone_number(text),
        })
        .unwrap_or_else(|| made_up(channel, secret))
}

/// As Cognito masks: `i***@e***`. In lower case, since people type their address in any.
fn email(text: &str) -> Option<String> {
    let address = EmailAddress::parse(text)?.normalised().to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let (local, domain) = (local.chars().next()?, domain.chars().next()?);
    Some(format!("{local}***@{domain}***"))
}

/// As Cognito masks: the last four digits.
fn telephone_number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+')?;
    let is_one =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| format!("+*******{}", &digits[digits.len() - 4..]))
}

fn made_up(channel: Channel, secret: &UserSecret) -> String {
    let bytes = secret.derive("destination", &[]);
    let letter = |byte: u8| char::from(b'a' + byte % 26);
    let digit = |byte: u8| char::from(b'0' + byte % 10);
    match channel {
        Channel::Email => format!("{}***@{}***", letter(bytes[0]), letter(bytes[1])),
        Channel::Sms => {
            let last: String = bytes[..4].iter().map(|byte| digit(*byte)).collect();
            format!("+*******{last}")
        }
    }
}

#[cfg(test)]
mod tests {
    use Channel::*;

    use super::*;

    #[track_caller]
    fn check(channel: Channel, address: Option<&str>, typed: &str, expected: &str) {
        let secret = UserSecret::from([7; 32]);
        let shown = destination(channel, address, typed, &secret);
        assert_eq!(shown, expected, "{address:?} {typed}");
    }

    #[test]
    fn an_address_is_masked_as_itself_whether_somebody_has_it_or_not() {
        check(Email, Some("ines@example.org"), "u-1", "i***@e***");
        check(Email, None, "Ines@Example.ORG", "i***@e***");
        check(Sms, Some("+491701234567"), "u-1", "+*******4567");
        check(Sms, None, "+491701234567", "+*******4567");
    }

    #[test]
    fn a_name_that_is_no_address_has_one_made_up_that_stays() {
        let secrets = [[7; 32], [8; 32]].map(UserSecret::from);
        for channel in [Email, Sms] {
            let shown: Vec<_> = secrets
                .iter()
                .map(|secret| destination(channel, None, "ines", secret))
                .collect();
            assert_ne!(shown[0], shown[1]);
            assert_eq!(shown[0], destination(channel, None, "bob", &secrets[0]));
            let shape: String = shown[0]
                .chars()
                .map(|char| {
                    if char.is_ascii_alphanumeric() {
                        'x'
                    } else {
                        char
                    }
                })
                .collect();
            let expected = match channel {
                Email => "x***@x***",
                Sms => "+*******xxxx",
            };
            assert_eq!(shape, expected);
        }
    }
}
