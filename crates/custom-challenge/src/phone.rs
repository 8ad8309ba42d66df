//! Which telephone numbers get text messages. The numbering plans are those of Google's libphonenumber, by `rlibphonenumber`.

use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

/// A telephone number that may get text messages, as far as budgets are concerned.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    /// Country code and the first three digits after it: often one carrier.
    pub(crate) prefix: String,
    /// ISO 3166-1, two letters.
    pub(crate) country: String,
}

/// A country, in ISO 3166-1's two letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Country(String);

impl FromStr for Country {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_one = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        is_one
            .then(|| Self(text.to_owned()))
            .ok_or("expected countries by two capital letters, such as `DE`")
    }
}

impl Phone {
    /// A valid mobile number, in E.164, of one of these countries. Everything else costs more than a text message, or takes none: premium
    /// and shared-cost services, satellites, landlines.
    pub(crate) fn of(text: &str, countries: &[Country]) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let is_e164 =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_e164 {
            return None;
        }
        let number = PHONE_NUMBER_UTIL.parse(text, None).ok()?;
        let country = PHONE_NUMBER_UTIL.get_region_for_number(&number)?;
        let country = country.to_string();
        let is_allowed = countries.iter().any(|allowed| allowed.0 == country);
        let kind = PHONE_NUMBER_UTIL.get_number_type(&number);
        let is_mobile = matches!(
            kind,
            PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile
        );
        let code = number.country_code.to_string();
        let prefix = text.get(..1 + code.len() + 3)?.to_owned();
        (is_allowed && is_mobile).then_some(Self { prefix, country })
    }

    /// The same work for somebody without a number.
    pub(crate) fn of_nobody(countries: &[Country]) {
        std::hint::black_box(Self::of(DECOY, countries));
    }
}

/// A number of the range that Germany's regulator keeps free for films and books.
const DECOY: &str = "+4915228817386";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, countries: &[&str], expected: Option<(&str, &str)>) {
        let countries: Vec<_> = countries.iter().map(|name| name.parse().unwrap()).collect();
        let expected = expected.map(|(prefix, country)| Phone {
            prefix: prefix.to_owned(),
            country: country.to_owned(),
        });
        assert_eq!(Phone::of(text, &countries), expected, "{text}");
    }

    #[test]
    fn only_mobile_numbers_of_allowed_countries_get_messages() {
        check(DECOY, &["DE"], Some(("+49152", "DE")));
        check("+12125550123", &["US"], Some(("+1212", "US")));
        check("+447400123456", &["DE", "GB"], Some(("+44740", "GB")));
        // Not allowed, though they have the country code of one that is.
        check("+447400123456", &["DE"], None);
        // Guernsey has the United Kingdom's country code.
        check("+447911123456", &["GB"], None);
        check("+18765550123", &["US"], None);
        check(DECOY, &[], None);
        // Premium and shared-cost numbers, toll-free ones, landlines, satellites.
        for text in [
            "+19005551234",
            "+499001234567",
            "+491801234567",
            "+498001234567",
            "+49301234567",
            "+881612345678",
        ] {
            check(text, &["DE", "US"], None);
        }
        // No number in E.164.
        for text in [
            "",
            "+",
            "4915228817386",
            "+49 1522 8817386",
            "+4915",
            "+49152288173861234",
            "+4915228817x86",
            "tel:+4915228817386",
        ] {
            check(text, &["DE"], None);
        }
    }

    #[test]
    fn countries_are_two_capital_letters() {
        for (text, expected) in [
            ("DE", true),
            ("de", false),
            ("DEU", false),
            ("", false),
            ("D1", false),
        ] {
            assert_eq!(text.parse::<Country>().is_ok(), expected, "{text}");
        }
    }
}
