use entrypoint::{Env, Problems};
use time::Duration;

use super::{Between, Lifetimes};
use crate::budgets::Limits;
use crate::phone::Country;
use crate::policy::Steps;
use crate::redirect::Redirect;

/// What the operator decided about the challenges that are set.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `POLICY` | as for `define-auth-challenge` | nobody signs in this way |
/// | `CHALLENGE_POLICIES_TABLE` | as for `define-auth-challenge` | required |
/// | `CHALLENGES_TABLE` | name of the DynamoDB table of challenges and counters | required |
/// | `CHALLENGE_KEY` | ARN of the KMS key (HMAC_256) from which codes and links follow | required |
/// | `CHALLENGE_SENDER` | name of the function that sends the messages | required |
/// | `CODE_DIGITS` | digits of a code, 6 to 10 | 6 |
/// | `CODE_MINUTES` | minutes for which a code is good, 1 to 10 | 5 |
/// | `LINK_MINUTES` | minutes for which a link is good, 1 to 15; not longer than the app client's `AuthSessionValidity` | 10 |
/// | `LINK_REDIRECTS` | comma list of the `https` pages that links may lead to, the first unless the app asks for another | none: no link is sent |
/// | `LINK_CROSS_DEVICE` | `true`: a link opened on another device shows a code and a number to compare | `false` |
/// | `RESEND_SECONDS` | seconds until the next message to the same user, 30 to 600; doubled with each | 30 |
/// | `SENDS_PER_USER` | messages to one user in a day, 1 to 1000 | 20 |
/// | `SENDS_PER_PREFIX` | text messages in a day to numbers that begin alike, 1 to 1000000 | 100 |
/// | `SENDS_PER_COUNTRY` | text messages to one country in a day, 1 to 1000000 | 1000 |
/// | `SENDS_PER_DAY` | messages in a day by e-mail, and as many by text message, 1 to 1000000 | 10000 |
/// | `SMS_COUNTRIES` | comma list of the countries that text messages may go to, by two letters | none: no text message is sent |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `POLICY`.
    pub(crate) policy: Option<Steps>,
    /// `CHALLENGE_POLICIES_TABLE`.
    pub(crate) policies_table: String,
    /// `CHALLENGES_TABLE`.
    pub(crate) challenges_table: String,
    /// `CHALLENGE_KEY`.
    pub(crate) challenge_key: String,
    /// `CHALLENGE_SENDER`.
    pub(crate) challenge_sender: String,
    pub(crate) code_digits: usize,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) redirects: Vec<Redirect>,
    pub(crate) cross_device: bool,
    pub(crate) resend_seconds: i64,
    pub(crate) limits: Limits,
    pub(crate) sms_countries: Vec<Country>,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let table = "the name of a DynamoDB table";
        let config = Self {
            policy: env.optional("POLICY"),
            policies_table: env.required("CHALLENGE_POLICIES_TABLE", table),
            challenges_table: env.required("CHALLENGES_TABLE", table),
            challenge_key: env.required("CHALLENGE_KEY", "the ARN of a KMS key"),
            challenge_sender: env.required("CHALLENGE_SENDER", "the name of a function"),
            code_digits: env.or("CODE_DIGITS", Between::<6, 10>(6)).0 as usize,
            lifetimes: Lifetimes {
                // NIST SP 800-63B-4, section 3.1.3.2: at most 10 minutes.
                code: Duration::minutes(env.or("CODE_MINUTES", Between::<1, 10>(5)).0.into()),
                // Cognito's own bound for a session.
                link: Duration::minutes(env.or("LINK_MINUTES", Between::<1, 15>(10)).0.into()),
            },
            redirects: env.list("LINK_REDIRECTS"),
            cross_device: env
                .choice("LINK_CROSS_DEVICE", [("true", true), ("false", false)])
                .unwrap_or(false),
            // Less would let a repeated event pass for a new wish.
            resend_seconds: env.or("RESEND_SECONDS", Between::<30, 600>(30)).0.into(),
            limits: Limits {
                user: env.or("SENDS_PER_USER", Between::<1, 1_000>(20)).0,
                prefix: env.or("SENDS_PER_PREFIX", Between::<1, 1_000_000>(100)).0,
                country: env
                    .or("SENDS_PER_COUNTRY", Between::<1, 1_000_000>(1_000))
                    .0,
                all: env.or("SENDS_PER_DAY", Between::<1, 1_000_000>(10_000)).0,
            },
            sms_countries: env.list("SMS_COUNTRIES"),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(&str, &str); 4] = [
        ("CHALLENGE_POLICIES_TABLE", "policies"),
        ("CHALLENGES_TABLE", "challenges"),
        ("CHALLENGE_KEY", "key"),
        ("CHALLENGE_SENDER", "sender"),
    ];

    fn expected() -> Config {
        Config {
            policy: None,
            policies_table: "policies".to_owned(),
            challenges_table: "challenges".to_owned(),
            challenge_key: "key".to_owned(),
            challenge_sender: "sender".to_owned(),
            code_digits: 6,
            lifetimes: Lifetimes {
                code: Duration::minutes(5),
                link: Duration::minutes(10),
            },
            redirects: Vec::new(),
            cross_device: false,
            resend_seconds: 30,
            limits: Limits {
                user: 20,
                prefix: 100,
                country: 1_000,
                all: 10_000,
            },
            sms_countries: Vec::new(),
        }
    }

    #[test]
    fn only_names_are_required() {
        assert_eq!(Config::from_env(Env::of_pairs(NAMES)), Ok(expected()));
    }

    #[test]
    fn everything_set() {
        let [policies, challenges, key, sender] = NAMES;
        let config = Config::from_env(Env::of_pairs([
            policies,
            challenges,
            key,
            sender,
            ("POLICY", "magic-link"),
            ("CODE_DIGITS", "8"),
            ("CODE_MINUTES", "10"),
            ("LINK_MINUTES", "15"),
            (
                "LINK_REDIRECTS",
                "https://a.example/in, https://b.example/in",
            ),
            ("LINK_CROSS_DEVICE", "true"),
            ("RESEND_SECONDS", "60"),
            ("SENDS_PER_USER", "5"),
            ("SENDS_PER_PREFIX", "6"),
            ("SENDS_PER_COUNTRY", "7"),
            ("SENDS_PER_DAY", "8"),
            ("SMS_COUNTRIES", "DE,AT"),
        ]));
        let expected = Config {
            policy: "magic-link".parse().ok(),
            code_digits: 8,
            lifetimes: Lifetimes {
                code: Duration::minutes(10),
                link: Duration::minutes(15),
            },
            redirects: ["https://a.example/in", "https://b.example/in"]
                .map(|text| text.parse().unwrap())
                .into(),
            cross_device: true,
            resend_seconds: 60,
            limits: Limits {
                user: 5,
                prefix: 6,
                country: 7,
                all: 8,
            },
            sms_countries: ["DE", "AT"].map(|text| text.parse().unwrap()).into(),
            ..expected()
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([
            ("CODE_DIGITS", "5"),
            ("CODE_MINUTES", "11"),
            ("LINK_MINUTES", "16"),
            ("LINK_REDIRECTS", "http://a.example/in"),
            ("LINK_CROSS_DEVICE", "yes"),
            ("RESEND_SECONDS", "0"),
            ("SENDS_PER_USER", "0"),
            ("SENDS_PER_PREFIX", "many"),
            ("SENDS_PER_COUNTRY", "-1"),
            ("SENDS_PER_DAY", "1000001"),
            ("SMS_COUNTRIES", "Germany"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 15 problem(s)
  CHALLENGE_POLICIES_TABLE: not set; expected the name of a DynamoDB table
  CHALLENGES_TABLE: not set; expected the name of a DynamoDB table
  CHALLENGE_KEY: not set; expected the ARN of a KMS key
  CHALLENGE_SENDER: not set; expected the name of a function
  CODE_DIGITS: expected a whole number from 6 to 10
  CODE_MINUTES: expected a whole number from 1 to 10
  LINK_MINUTES: expected a whole number from 1 to 15
  LINK_REDIRECTS: expected `https` addresses without a fragment, of letters, digits and -._~/?=&%:+
  LINK_CROSS_DEVICE: expected one of true, false
  RESEND_SECONDS: expected a whole number from 30 to 600
  SENDS_PER_USER: expected a whole number from 1 to 1000
  SENDS_PER_PREFIX: expected a whole number from 1 to 1000000
  SENDS_PER_COUNTRY: expected a whole number from 1 to 1000000
  SENDS_PER_DAY: expected a whole number from 1 to 1000000
  SMS_COUNTRIES: expected countries by two capital letters, such as `DE`"
        );
    }
}
