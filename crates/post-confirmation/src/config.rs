use entrypoint::{Env, Problems};
use profiles::USUAL_ATTRIBUTES;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `PROFILES_TABLE` | name of the DynamoDB table of profiles | required |
/// | `DEFAULT_GROUPS_TABLE` | name of the DynamoDB table with the groups that confirmed users get | required |
/// | `INVITATIONS_TABLE` | name of the DynamoDB table of invitations, whose groups the users get who redeemed one | no invitation gives groups |
/// | `PROFILE_ATTRIBUTES` | comma list of the user attributes that a new profile keeps | `email,name,given_name,family_name,locale` |
/// | `SIGN_OUT_ON_PASSWORD_RESET` | `true`: a password that is set after forgetting the old one ends all sessions of the user | `false` |
/// | `ON_CONFIRMATION_ERROR` | when a profile, groups or a security record cannot be written: `answer`, and log an error, or `fail`, and show one | `answer`, since the user is confirmed and cannot confirm again |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) profiles_table: String,
    pub(crate) default_groups_table: String,
    pub(crate) invitations_table: Option<String>,
    pub(crate) profile_attributes: Vec<String>,
    pub(crate) sign_out_on_password_reset: bool,
    pub(crate) on_confirmation_error: OnConfirmationError,
}

/// What happens when something could not be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnConfirmationError {
    /// The user goes on, and an error is logged.
    Answer,
    /// The app gets an error, although the user is confirmed.
    Fail,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let table = "the name of a DynamoDB table";
        let mut profile_attributes = env.list("PROFILE_ATTRIBUTES");
        if profile_attributes.is_empty() {
            profile_attributes = USUAL_ATTRIBUTES.map(str::to_owned).into();
        }
        let config = Self {
            profiles_table: env.required("PROFILES_TABLE", table),
            default_groups_table: env.required("DEFAULT_GROUPS_TABLE", table),
            invitations_table: env.optional("INVITATIONS_TABLE"),
            profile_attributes,
            sign_out_on_password_reset: env
                .choice(
                    "SIGN_OUT_ON_PASSWORD_RESET",
                    [("true", true), ("false", false)],
                )
                .unwrap_or(false),
            on_confirmation_error: env
                .choice(
                    "ON_CONFIRMATION_ERROR",
                    [
                        ("answer", OnConfirmationError::Answer),
                        ("fail", OnConfirmationError::Fail),
                    ],
                )
                .unwrap_or(OnConfirmationError::Answer),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tables_must_be_named() {
        let config = Config::from_env(Env::of_pairs([
            ("PROFILES_TABLE", "profiles"),
            ("DEFAULT_GROUPS_TABLE", "default-groups"),
        ]));
        let expected = Config {
            profiles_table: "profiles".to_owned(),
            default_groups_table: "default-groups".to_owned(),
            invitations_table: None,
            profile_attributes: ["email", "name", "given_name", "family_name", "locale"]
                .map(str::to_owned)
                .into(),
            sign_out_on_password_reset: false,
            on_confirmation_error: OnConfirmationError::Answer,
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn everything_set() {
        let config = Config::from_env(Env::of_pairs([
            ("PROFILES_TABLE", "profiles"),
            ("DEFAULT_GROUPS_TABLE", "default-groups"),
            ("INVITATIONS_TABLE", "invitations"),
            ("PROFILE_ATTRIBUTES", "locale, custom:team"),
            ("SIGN_OUT_ON_PASSWORD_RESET", "true"),
            ("ON_CONFIRMATION_ERROR", "fail"),
        ]));
        let expected = Config {
            profiles_table: "profiles".to_owned(),
            default_groups_table: "default-groups".to_owned(),
            invitations_table: Some("invitations".to_owned()),
            profile_attributes: vec!["locale".to_owned(), "custom:team".to_owned()],
            sign_out_on_password_reset: true,
            on_confirmation_error: OnConfirmationError::Fail,
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([
            ("PROFILE_ATTRIBUTES", ","),
            ("SIGN_OUT_ON_PASSWORD_RESET", "yes"),
            ("ON_CONFIRMATION_ERROR", "refuse"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 5 problem(s)
  PROFILE_ATTRIBUTES: expected something between the commas
  PROFILES_TABLE: not set; expected the name of a DynamoDB table
  DEFAULT_GROUPS_TABLE: not set; expected the name of a DynamoDB table
  SIGN_OUT_ON_PASSWORD_RESET: expected one of true, false
  ON_CONFIRMATION_ERROR: expected one of answer, fail"
        );
    }
}
