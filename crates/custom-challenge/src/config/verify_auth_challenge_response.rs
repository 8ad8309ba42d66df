use entrypoint::{Env, Problems};

/// What the operator decided about answers.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `CHALLENGES_TABLE` | as for `create-auth-challenge` | required |
/// | `CHALLENGE_KEY` | as for `create-auth-challenge` | required |
/// | `AUTHENTICATORS_TABLE` | name of the DynamoDB table of authenticators | required |
/// | `AUTHENTICATORS_KEY` | ARN of the KMS key that their secrets are encrypted by | nobody has an authenticator |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `CHALLENGES_TABLE`.
    pub(crate) challenges_table: String,
    /// `CHALLENGE_KEY`.
    pub(crate) challenge_key: String,
    /// `AUTHENTICATORS_TABLE`.
    pub(crate) authenticators_table: String,
    /// `AUTHENTICATORS_KEY`.
    pub(crate) authenticators_key: Option<String>,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let (table, key) = ("the name of a DynamoDB table", "the ARN of a KMS key");
        let config = Self {
            challenges_table: env.required("CHALLENGES_TABLE", table),
            challenge_key: env.required("CHALLENGE_KEY", key),
            authenticators_table: env.required("AUTHENTICATORS_TABLE", table),
            authenticators_key: env.optional("AUTHENTICATORS_KEY"),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_but_the_authenticators_key_is_required() {
        let config = Config::from_env(Env::of_pairs([
            ("CHALLENGES_TABLE", "challenges"),
            ("CHALLENGE_KEY", "key"),
            ("AUTHENTICATORS_TABLE", "authenticators"),
            ("AUTHENTICATORS_KEY", "other key"),
        ]));
        let expected = Config {
            challenges_table: "challenges".to_owned(),
            challenge_key: "key".to_owned(),
            authenticators_table: "authenticators".to_owned(),
            authenticators_key: Some("other key".to_owned()),
        };
        assert_eq!(config, Ok(expected));
        let problems = Config::from_env(Env::of_pairs([])).unwrap_err();
        assert_eq!(problems.to_string().lines().count(), 4, "{problems}");
    }
}
