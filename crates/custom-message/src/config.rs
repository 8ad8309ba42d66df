use entrypoint::{Env, Problems};
use message_templates::{Letterhead, Templates};

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `APP_NAME` | name of the app in its messages, at most 32 characters without braces | required |
/// | `DEFAULT_LOCALE` | language of those who want none that exists; must be one of the folders in `messages` | `en` |
/// | `EMAIL` | `on` where the pool sends through its own SES identity; `off`: Cognito takes no e-mails from this function, only text messages | `off` |
/// | `EMAIL_VERIFICATION` | what proves an address after a sign-up, as the pool is configured: `code`, or `link` for Cognito's own link | `code` |
/// | `CONFIRM_URL` | `https:` page of the app that takes `#username=…&code=…` and confirms a sign-up | no link |
/// | `RESET_URL` | `https:` page of the app that takes `#username=…&code=…` and asks for the new password | no link |
/// | `SIGN_IN_URL` | `https:` page of the app where those sign in whom an administrator created | no link |
/// | `SUPPORT_URL` | where help is: an `https:` page, or `mailto:` and an e-mail address | no link |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) letterhead: Letterhead,
    /// `EMAIL` is `on`.
    pub(crate) email: bool,
    /// `EMAIL_VERIFICATION` is `link`.
    pub(crate) verify_by_link: bool,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env, templates: &Templates) -> Result<Self, Problems> {
        let letterhead = Letterhead::from_env(&mut env, templates).with_pages(&mut env);
        let email = env.choice("EMAIL", [("on", true), ("off", false)]);
        let by_link = env.choice("EMAIL_VERIFICATION", [("code", false), ("link", true)]);
        let config = Self {
            letterhead,
            email: email.unwrap_or(false),
            verify_by_link: by_link.unwrap_or(false),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use entrypoint::Env;
    use message_templates::{Letterhead, Templates};

    use super::Config;

    #[test]
    fn an_app_name_is_enough() {
        let env = Env::of_pairs([("APP_NAME", "Example")]);
        let expected = Config {
            letterhead: Letterhead {
                app_name: "Example".parse().unwrap(),
                default_language: "en",
                support_url: None,
                confirm_url: None,
                reset_url: None,
                sign_in_url: None,
            },
            email: false,
            verify_by_link: false,
        };
        assert_eq!(Config::from_env(env, &Templates::embedded()), Ok(expected));
    }

    #[test]
    fn everything_set() {
        let env = Env::of_pairs([
            ("APP_NAME", "Example & Söhne"),
            ("DEFAULT_LOCALE", "de-AT"),
            ("EMAIL", "on"),
            ("EMAIL_VERIFICATION", "link"),
            ("CONFIRM_URL", "https://app.example.com/confirm"),
            ("RESET_URL", "https://app.example.com/reset"),
            ("SIGN_IN_URL", "https://app.example.com/"),
            ("SUPPORT_URL", "mailto:help@example.com"),
        ]);
        let expected = Config {
            letterhead: Letterhead {
                app_name: "Example & Söhne".parse().unwrap(),
                default_language: "de",
                support_url: "mailto:help@example.com".parse().ok(),
                confirm_url: "https://app.example.com/confirm".parse().ok(),
                reset_url: "https://app.example.com/reset".parse().ok(),
                sign_in_url: "https://app.example.com/".parse().ok(),
            },
            email: true,
            verify_by_link: true,
        };
        assert_eq!(Config::from_env(env, &Templates::embedded()), Ok(expected));
    }

    #[test]
    fn every_problem_is_named() {
        let env = Env::of_pairs([
            ("DEFAULT_LOCALE", "fr"),
            ("EMAIL", "yes"),
            ("EMAIL_VERIFICATION", "sms"),
            ("CONFIRM_URL", "http://example.com"),
            ("RESET_URL", "example.com"),
            ("SIGN_IN_URL", "https://"),
            ("SUPPORT_URL", "help@example.com"),
        ]);
        let https = "expected an address that begins with https:// and has letters, digits and -._~/?=&%:+, alone";
        let expected = [
            "the configuration has 8 problem(s)".to_owned(),
            "  APP_NAME: not set; expected the name of the app".to_owned(),
            "  DEFAULT_LOCALE: expected one of de, en".to_owned(),
            "  SUPPORT_URL: expected an address that begins with https://, or mailto: and an e-mail address".to_owned(),
            format!("  CONFIRM_URL: {https}"),
            format!("  RESET_URL: {https}"),
            format!("  SIGN_IN_URL: {https}"),
            "  EMAIL: expected one of on, off".to_owned(),
            "  EMAIL_VERIFICATION: expected one of code, link".to_owned(),
        ];
        let problems = Config::from_env(env, &Templates::embedded()).unwrap_err();
        assert_eq!(problems.to_string(), expected.join("\n"));
    }

    #[test]
    fn an_app_name_that_is_too_long_is_a_problem() {
        let env = Env::of_pairs([("APP_NAME", "A name of as many as 33 letters!!")]);
        let problems = Config::from_env(env, &Templates::embedded()).unwrap_err();
        let expected = "the configuration has 1 problem(s)
  APP_NAME: expected at most 32 characters, without braces and line breaks";
        assert_eq!(problems.to_string(), expected);
    }
}
