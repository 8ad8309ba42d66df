use entrypoint::{Env, Problems};
use profiles::USUAL_ATTRIBUTES;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `PROFILES_TABLE` | name of the DynamoDB table of profiles | required |
/// | `PROFILE_ATTRIBUTES` | comma list of the user attributes that a new profile keeps | `email,name,given_name,family_name,locale` |
/// | `LEGACY_USERS_TABLE` | name of the DynamoDB table of legacy users, whose memberships move at the first sign-in | nobody was migrated |
/// | `MEMBERSHIPS_TABLE` | name of the DynamoDB table of memberships | required with `LEGACY_USERS_TABLE` |
/// | `ON_SIGN_IN_ERROR` | when a sign-in cannot be noted: `answer`, and log an error, or `refuse` the sign-in | `answer`, since nobody is let in or kept out by what is noted |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) profiles_table: String,
    pub(crate) profile_attributes: Vec<String>,
    pub(crate) migration: Option<MigrationTables>,
    pub(crate) on_sign_in_error: OnSignInError,
}

/// Where the memberships of migrated users are, and where they go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MigrationTables {
    pub(crate) legacy_users: String,
    pub(crate) memberships: String,
}

/// What happens to a sign-in that could not be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnSignInError {
    /// The user is signed in, and an error is logged.
    Answer,
    /// Nobody signs in unnoticed.
    Refuse,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let mut profile_attributes = env.list("PROFILE_ATTRIBUTES");
        if profile_attributes.is_empty() {
            profile_attributes = USUAL_ATTRIBUTES.map(str::to_owned).into();
        }
        let on_sign_in_error = [
            ("answer", OnSignInError::Answer),
            ("refuse", OnSignInError::Refuse),
        ];
        let config = Self {
            profiles_table: env.required("PROFILES_TABLE", "the name of a DynamoDB table"),
            profile_attributes,
            migration: migration(&mut env),
            on_sign_in_error: env
                .choice("ON_SIGN_IN_ERROR", on_sign_in_error)
                .unwrap_or(OnSignInError::Answer),
        };
        env.check(config)
    }
}

fn migration(env: &mut Env) -> Option<MigrationTables> {
    Some(MigrationTables {
        legacy_users: env.optional("LEGACY_USERS_TABLE")?,
        memberships: env.required("MEMBERSHIPS_TABLE", "the name of a DynamoDB table"),
    })
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
            migration: None,
            on_sign_in_error: OnSignInError::Answer,
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn everything_set() {
        let config = Config::from_env(Env::of_pairs([
            ("PROFILES_TABLE", "profiles"),
            ("PROFILE_ATTRIBUTES", "locale, custom:team"),
            ("LEGACY_USERS_TABLE", "legacy-users"),
            ("MEMBERSHIPS_TABLE", "memberships"),
            ("ON_SIGN_IN_ERROR", "refuse"),
        ]));
        let expected = Config {
            profiles_table: "profiles".to_owned(),
            profile_attributes: vec!["locale".to_owned(), "custom:team".to_owned()],
            migration: Some(MigrationTables {
                legacy_users: "legacy-users".to_owned(),
                memberships: "memberships".to_owned(),
            }),
            on_sign_in_error: OnSignInError::Refuse,
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([
            ("PROFILE_ATTRIBUTES", ","),
            ("LEGACY_USERS_TABLE", "legacy-users"),
            ("ON_SIGN_IN_ERROR", "fail"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 4 problem(s)
  PROFILE_ATTRIBUTES: expected something between the commas
  PROFILES_TABLE: not set; expected the name of a DynamoDB table
  MEMBERSHIPS_TABLE: not set; expected the name of a DynamoDB table
  ON_SIGN_IN_ERROR: expected one of answer, refuse"
        );
    }
}
