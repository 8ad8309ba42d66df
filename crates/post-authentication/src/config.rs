use entrypoint::{Env, Problems};

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `PROFILES_TABLE` | name of the DynamoDB table of profiles | required |
/// | `PROFILE_ATTRIBUTES` | comma list of the user attributes that a new profile keeps | `email,name,given_name,family_name,locale` |
/// | `ON_TABLE_ERROR` | when a sign-in cannot be noted: `answer`, and log an error, or `refuse` the sign-in | `answer`, since nobody is let in or kept out by what is noted |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) profiles_table: String,
    pub(crate) profile_attributes: Vec<String>,
    pub(crate) on_table_error: OnTableError,
}

/// What happens to a sign-in that could not be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnTableError {
    /// The user is signed in, and an error is logged.
    Answer,
    /// Nobody signs in unnoticed.
    Refuse,
}

/// `PROFILE_ATTRIBUTES` when it is not set.
const PROFILE_ATTRIBUTES: [&str; 5] = ["email", "name", "given_name", "family_name", "locale"];

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let mut profile_attributes = env.list("PROFILE_ATTRIBUTES");
        if profile_attributes.is_empty() {
            profile_attributes = PROFILE_ATTRIBUTES.map(str::to_owned).into();
        }
        let on_table_error = [
            ("answer", OnTableError::Answer),
            ("refuse", OnTableError::Refuse),
        ];
        let config = Self {
            profiles_table: env.required("PROFILES_TABLE", "the name of a DynamoDB table"),
            profile_attributes,
            on_table_error: env
                .choice("ON_TABLE_ERROR", on_table_error)
                .unwrap_or(OnTableError::Answer),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_must_be_named() {
        let config = Config::from_env(Env::of_pairs([("PROFILES_TABLE", "profiles")]));
        let expected = Config {
            profiles_table: "profiles".to_owned(),
            profile_attributes: ["email", "name", "given_name", "family_name", "locale"]
                .map(str::to_owned)
                .into(),
            on_table_error: OnTableError::Answer,
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn everything_set() {
        let config = Config::from_env(Env::of_pairs([
            ("PROFILES_TABLE", "profiles"),
            ("PROFILE_ATTRIBUTES", "locale, custom:team"),
            ("ON_TABLE_ERROR", "refuse"),
        ]));
        let expected = Config {
            profiles_table: "profiles".to_owned(),
            profile_attributes: vec!["locale".to_owned(), "custom:team".to_owned()],
            on_table_error: OnTableError::Refuse,
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([
            ("PROFILE_ATTRIBUTES", ","),
            ("ON_TABLE_ERROR", "fail"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 3 problem(s)
  PROFILE_ATTRIBUTES: expected something between the commas
  PROFILES_TABLE: not set; expected the name of a DynamoDB table
  ON_TABLE_ERROR: expected one of answer, refuse"
        );
    }
}
