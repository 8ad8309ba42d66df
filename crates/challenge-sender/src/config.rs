use delivery::Settings;
use entrypoint::{Env, Problems};
use message_templates::{Letterhead, Templates};

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `DELIVERIES_TABLE` | name of the DynamoDB table of deliveries | required |
/// | `EMAIL_FROM` | sender of the e-mails, `no-reply@example.com` or `Example <no-reply@example.com>`, an identity of SES | no e-mail can be sent |
/// | `EMAIL_REGIONS` | comma list of regions whose SES is asked, in this order | the function's own |
/// | `EMAIL_CONFIGURATION_SET` | configuration set of SES, of this name in each region | none |
/// | `SMS_PROVIDERS` | comma list of what text messages leave by, in this order: `sns`, `end-user-messaging` | no text message can be sent |
/// | `SMS_SENDER_ID` | what text messages show as their sender, in countries that allow that | none |
/// | `SMS_ORIGINATION_IDENTITY` | id or ARN of the number, sender or pool that End User Messaging sends from | the sender id, or AWS's choice |
/// | `APP_NAME` | name of the app in its messages, at most 32 characters without braces | required |
/// | `DEFAULT_LOCALE` | language of those who want none that has templates | `en` |
/// | `SUPPORT_URL` | where help is: an `https:` page, or `mailto:` and an e-mail address | no link |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `DELIVERIES_TABLE`
    pub deliveries_table: String,
    /// Who sends, and through what.
    pub settings: Settings,
    pub(crate) letterhead: Letterhead,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env, templates: &Templates) -> Result<Self, Problems> {
        let config = Self {
            deliveries_table: env.required("DELIVERIES_TABLE", "the name of a DynamoDB table"),
            settings: Settings::from_env(&mut env),
            letterhead: Letterhead::from_env(&mut env, templates),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use delivery::Settings;
    use entrypoint::Env;
    use message_templates::{Letterhead, Templates};

    use super::Config;

    #[test]
    fn a_table_and_a_name_are_enough() {
        let env = Env::of_pairs([("DELIVERIES_TABLE", "deliveries"), ("APP_NAME", "Example")]);
        let expected = Config {
            deliveries_table: "deliveries".to_owned(),
            settings: Settings::default(),
            letterhead: Letterhead {
                app_name: "Example".parse().unwrap(),
                default_language: "en",
                support_url: None,
                confirm_url: None,
                reset_url: None,
                sign_in_url: None,
            },
        };
        assert_eq!(Config::from_env(env, &Templates::embedded()), Ok(expected));
    }

    #[test]
    fn everything_set() {
        let env = Env::of_pairs([
            ("DELIVERIES_TABLE", "deliveries"),
            ("EMAIL_FROM", "Example <no-reply@example.com>"),
            ("EMAIL_REGIONS", "eu-central-1, eu-west-1"),
            ("EMAIL_CONFIGURATION_SET", "transactional"),
            ("SMS_PROVIDERS", "end-user-messaging,sns"),
            ("SMS_SENDER_ID", "Example"),
            ("SMS_ORIGINATION_IDENTITY", "pool-1"),
            ("APP_NAME", "Example"),
            ("DEFAULT_LOCALE", "de-AT"),
            ("SUPPORT_URL", "mailto:help@example.com"),
        ]);
        let expected = Config {
            deliveries_table: "deliveries".to_owned(),
            settings: Settings {
                email_from: "Example <no-reply@example.com>".parse().ok(),
                email_regions: ["eu-central-1", "eu-west-1"]
                    .map(|region| region.parse().unwrap())
                    .into(),
                email_configuration_set: Some("transactional".to_owned()),
                sms_providers: ["end-user-messaging", "sns"]
                    .map(|provider| provider.parse().unwrap())
                    .into(),
                sms_sender_id: "Example".parse().ok(),
                sms_origination_identity: Some("pool-1".to_owned()),
            },
            letterhead: Letterhead {
                app_name: "Example".parse().unwrap(),
                default_language: "de",
                support_url: "mailto:help@example.com".parse().ok(),
                confirm_url: None,
                reset_url: None,
                sign_in_url: None,
            },
        };
        assert_eq!(Config::from_env(env, &Templates::embedded()), Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let env = Env::of_pairs([
            ("EMAIL_FROM", "Example"),
            ("EMAIL_REGIONS", "Frankfurt"),
            ("SMS_PROVIDERS", "sns,pigeon"),
            ("SMS_SENDER_ID", "Example GmbH"),
            ("DEFAULT_LOCALE", "fr"),
            ("SUPPORT_URL", "help@example.com"),
        ]);
        let problems = Config::from_env(env, &Templates::embedded()).unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 8 problem(s)
  DELIVERIES_TABLE: not set; expected the name of a DynamoDB table
  EMAIL_FROM: expected an e-mail address, or a name in ASCII and the address between < and >
  EMAIL_REGIONS: expected a region, such as eu-central-1
  SMS_PROVIDERS: expected sns, end-user-messaging or both, separated by a comma
  SMS_SENDER_ID: expected at most 11 letters, digits and hyphens, with a letter among them
  APP_NAME: not set; expected the name of the app
  DEFAULT_LOCALE: expected one of de, en
  SUPPORT_URL: expected an address that begins with https://, or mailto: and an e-mail address"
        );
    }
}
