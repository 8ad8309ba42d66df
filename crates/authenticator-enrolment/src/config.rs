use entrypoint::{Env, Problems};
use time::Duration;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `USER_POOL_ID` | the pool whose users enrol | required |
/// | `AUTHENTICATORS_TABLE` | name of the DynamoDB table of authenticators | required |
/// | `AUTHENTICATORS_KEY` | ARN of the KMS key that encrypts their secrets | required |
/// | `APP_NAME` | what authenticator apps call the app | required |
/// | `MAX_SIGN_IN_AGE_MINUTES` | how long ago the sign-in may be for a change, 1 to 60 | 10 |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) user_pool_id: String,
    pub(crate) authenticators_table: String,
    pub(crate) authenticators_key: String,
    pub(crate) app_name: String,
    pub(crate) max_sign_in_age: Duration,
}

/// Long enough to sign in and find the telephone, short enough for a device that was left open.
const USUAL_SIGN_IN_AGE_MINUTES: u8 = 10;

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let age = env.or("MAX_SIGN_IN_AGE_MINUTES", USUAL_SIGN_IN_AGE_MINUTES);
        if !(1..=60).contains(&age) {
            env.problem("MAX_SIGN_IN_AGE_MINUTES", "expected 1 to 60");
        }
        let config = Self {
            user_pool_id: env.required("USER_POOL_ID", "the id of a user pool"),
            authenticators_table: env
                .required("AUTHENTICATORS_TABLE", "the name of a DynamoDB table"),
            authenticators_key: env.required("AUTHENTICATORS_KEY", "the ARN of a KMS key"),
            app_name: env.required("APP_NAME", "the name of the app"),
            max_sign_in_age: Duration::minutes(age.into()),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read() {
        let config = Config::from_env(Env::of_pairs([
            ("USER_POOL_ID", "eu-central-1_Kx7QmT2Zd"),
            ("AUTHENTICATORS_TABLE", "authenticators"),
            ("AUTHENTICATORS_KEY", "arn:key"),
            ("APP_NAME", "Example"),
        ]));
        let expected = Config {
            user_pool_id: "eu-central-1_Kx7QmT2Zd".to_owned(),
            authenticators_table: "authenticators".to_owned(),
            authenticators_key: "arn:key".to_owned(),
            app_name: "Example".to_owned(),
            max_sign_in_age: Duration::minutes(10),
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        for (age, problem) in [
            ("0", "expected 1 to 60"),
            ("61", "expected 1 to 60"),
            ("long", "invalid digit found in string"),
        ] {
            let problems = Config::from_env(Env::of_pairs([("MAX_SIGN_IN_AGE_MINUTES", age)]));
            assert_eq!(
                problems.unwrap_err().to_string(),
                format!(
                    "the configuration has 5 problem(s)
  MAX_SIGN_IN_AGE_MINUTES: {problem}
  USER_POOL_ID: not set; expected the id of a user pool
  AUTHENTICATORS_TABLE: not set; expected the name of a DynamoDB table
  AUTHENTICATORS_KEY: not set; expected the ARN of a KMS key
  APP_NAME: not set; expected the name of the app"
                )
            );
        }
    }
}
