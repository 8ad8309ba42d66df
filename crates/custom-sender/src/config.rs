use delivery::Settings;
use entrypoint::{Env, Problems};
use message_templates::{Letterhead, Templates};

use crate::code::KeyArn;

/// What the operator decided, read once at start. The two senders read the same variables.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `CODE_KEY_ARN` | ARN of the KMS key that the pool encrypts codes with, its `KMSKeyID`; no alias | required |
/// | `DELIVERIES_TABLE` | table of the messages that were sent | required |
/// | `EMAIL_FROM` | sender of the e-mails, `no-reply@example.com` or `Example <no-reply@example.com>`, an identity of SES | required by `custom-email-sender` |
/// | `EMAIL_REGIONS` | comma-separated regions whose SES is asked, in this order | the function's own |
/// | `EMAIL_CONFIGURATION_SET` | configuration set of SES, of this name in each region | none |
/// | `SMS_PROVIDERS` | what text messages leave by, in this order: `sns`, `end-user-messaging` or both, separated by a comma | required by `custom-sms-sender` |
/// | `SMS_SENDER_ID` | what text messages show as their sender, in countries that allow that | none |
/// | `SMS_ORIGINATION_IDENTITY` | id or ARN of the number, sender or pool that End User Messaging sends from | AWS's choice |
/// | `APP_NAME` | name of the app in its messages, at most 32 characters without braces | required |
/// | `DEFAULT_LOCALE` | language of those who want none that has templates | `en` |
/// | `CONFIRM_URL` | `https:` page of the app that takes `#username=…&code=…` and confirms a sign-up | no link |
/// | `RESET_URL` | `https:` page of the app that takes `#username=…&code=…` and asks for the new password | no link |
/// | `SIGN_IN_URL` | `https:` page of the app where those sign in whom an administrator created | no link |
/// | `SUPPORT_URL` | where help is: an `https:` page, or `mailto:` and an e-mail address | no link |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `CODE_KEY_ARN`
    pub key_arn: KeyArn,
    /// `DELIVERIES_TABLE`
    pub deliveries_table: String,
    /// Who sends, and through what.
    pub settings: Settings,
    /// What all messages have in common.
    pub letterhead: Letterhead,
}

impl Config {
    /// Reads the variables for `custom-email-sender`.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn for_emails(mut env: Env, templates: &Templates) -> Result<Self, Problems> {
        env.required("EMAIL_FROM", "the sender of the e-mails");
        Self::from_env(env, templates)
    }

    /// Reads the variables for `custom-sms-sender`.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn for_text_messages(mut env: Env, templates: &Templates) -> Result<Self, Problems> {
        env.required("SMS_PROVIDERS", "sns, end-user-messaging or both");
        Self::from_env(env, templates)
    }

    fn from_env(mut env: Env, templates: &Templates) -> Result<Self, Problems> {
        let config = Self {
            key_arn: key_arn(&mut env),
            deliveries_table: env.required("DELIVERIES_TABLE", "the name of a table"),
            settings: Settings::from_env(&mut env),
            letterhead: Letterhead::from_env(&mut env, templates).with_pages(&mut env),
        };
        env.check(config)
    }
}

fn key_arn(env: &mut Env) -> KeyArn {
    let text = env.required("CODE_KEY_ARN", "the ARN of the key of the codes");
    if text.is_empty() {
        return KeyArn::default(); // A problem was noted.
    }
    text.parse().unwrap_or_else(|problem| {
        env.problem("CODE_KEY_ARN", problem);
        KeyArn::default()
    })
}

#[cfg(test)]
mod tests {
    use delivery::{Settings, SmsProvider};
    use entrypoint::Env;
    use message_templates::{Letterhead, Templates};

    use super::Config;

    const KEY_ARN: &str = "arn:aws:kms:eu-central-1:123456789012:key/0f5d2c1e";

    fn least() -> Config {
        Config {
            key_arn: KEY_ARN.parse().unwrap(),
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
        }
    }

    #[test]
    fn each_sender_needs_its_own_provider() {
        let with = |name, value| {
            Env::of_pairs([
                ("CODE_KEY_ARN", KEY_ARN),
                ("DELIVERIES_TABLE", "deliveries"),
                ("APP_NAME", "Example"),
                (name, value),
            ])
        };
        let templates = Templates::embedded();
        let mut expected = least();
        expected.settings.email_from = "no-reply@example.com".parse().ok();
        let env = with("EMAIL_FROM", "no-reply@example.com");
        assert_eq!(Config::for_emails(env, &templates), Ok(expected));
        let mut expected = least();
        expected.settings.sms_providers = vec![SmsProvider::Sns];
        let env = with("SMS_PROVIDERS", "sns");
        assert_eq!(Config::for_text_messages(env, &templates), Ok(expected));
        for problems in [
            Config::for_emails(with("SMS_PROVIDERS", "sns"), &templates),
            Config::for_text_messages(with("EMAIL_FROM", "no-reply@example.com"), &templates),
        ] {
            let problems = problems.unwrap_err().to_string();
            assert!(problems.contains("has 1 problem(s)"), "{problems}");
        }
    }

    #[test]
    fn everything_set() {
        let env = Env::of_pairs([
            ("CODE_KEY_ARN", KEY_ARN),
            ("DELIVERIES_TABLE", "deliveries"),
            ("EMAIL_FROM", "Example <no-reply@example.com>"),
            ("EMAIL_REGIONS", "eu-central-1, eu-west-1"),
            ("EMAIL_CONFIGURATION_SET", "codes"),
            ("SMS_PROVIDERS", "end-user-messaging,sns"),
            ("SMS_SENDER_ID", "Example"),
            ("SMS_ORIGINATION_IDENTITY", "pool-1"),
            ("APP_NAME", "Example"),
            ("DEFAULT_LOCALE", "de-AT"),
            ("CONFIRM_URL", "https://app.example.com/confirm"),
            ("RESET_URL", "https://app.example.com/reset"),
            ("SIGN_IN_URL", "https://app.example.com/"),
            ("SUPPORT_URL", "mailto:help@example.com"),
        ]);
        let mut expected = least();
        expected.settings = Settings {
            email_from: "Example <no-reply@example.com>".parse().ok(),
            email_regions: ["eu-central-1", "eu-west-1"]
                .map(|region| region.parse().unwrap())
                .into(),
            email_configuration_set: Some("codes".to_owned()),
            sms_providers: vec![SmsProvider::EndUserMessaging, SmsProvider::Sns],
            sms_sender_id: "Example".parse().ok(),
            sms_origination_identity: Some("pool-1".to_owned()),
        };
        expected.letterhead.default_language = "de";
        expected.letterhead.confirm_url = "https://app.example.com/confirm".parse().ok();
        expected.letterhead.reset_url = "https://app.example.com/reset".parse().ok();
        expected.letterhead.sign_in_url = "https://app.example.com/".parse().ok();
        expected.letterhead.support_url = "mailto:help@example.com".parse().ok();
        let templates = Templates::embedded();
        assert_eq!(Config::for_emails(env, &templates), Ok(expected));
    }

    #[test]
    fn every_problem_is_named() {
        let env = Env::of_pairs([
            ("CODE_KEY_ARN", "alias/codes"),
            ("SMS_PROVIDERS", "pigeon"),
            ("DEFAULT_LOCALE", "fr"),
        ]);
        let expected = [
            "the configuration has 6 problem(s)",
            "  EMAIL_FROM: not set; expected the sender of the e-mails",
            "  CODE_KEY_ARN: expected the ARN of a key of KMS, and no alias",
            "  DELIVERIES_TABLE: not set; expected the name of a table",
            "  SMS_PROVIDERS: expected sns, end-user-messaging or both, separated by a comma",
            "  APP_NAME: not set; expected the name of the app",
            "  DEFAULT_LOCALE: expected one of de, en",
        ];
        let problems = Config::for_emails(env, &Templates::embedded()).unwrap_err();
        assert_eq!(problems.to_string(), expected.join("\n"));
    }
}
