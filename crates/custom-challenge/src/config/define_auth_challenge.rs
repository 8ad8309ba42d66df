use entrypoint::{Env, Problems};

use crate::policy::Steps;

/// What the operator decided about what has to be passed.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `POLICY` | what has to be passed: steps in their order between commas, alternatives between bars, such as `password,email-code\|totp`; for app clients without rules of their own | nobody signs in this way |
/// | `CHALLENGE_POLICIES_TABLE` | name of the DynamoDB table with app clients' own rules | required |
/// | `SIGN_IN_METHODS_TABLE` | name of the DynamoDB table in which the passed methods wait to become a claim | required |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `POLICY`.
    pub(crate) policy: Option<Steps>,
    /// `CHALLENGE_POLICIES_TABLE`.
    pub(crate) policies_table: String,
    /// `SIGN_IN_METHODS_TABLE`.
    pub(crate) sign_in_methods_table: String,
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
            sign_in_methods_table: env.required("SIGN_IN_METHODS_TABLE", table),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_set() {
        let config = Config::from_env(Env::of_pairs([
            ("POLICY", "password,email-code|totp"),
            ("CHALLENGE_POLICIES_TABLE", "policies"),
            ("SIGN_IN_METHODS_TABLE", "methods"),
        ]));
        let expected = Config {
            policy: "password,email-code|totp".parse().ok(),
            policies_table: "policies".to_owned(),
            sign_in_methods_table: "methods".to_owned(),
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([("POLICY", "passkey")])).unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 3 problem(s)
  POLICY: expected steps such as `password,email-code|totp`: `password` first if at all, each kind once, of `email-code` `sms-code` `magic-link` `totp` `recovery-code`
  CHALLENGE_POLICIES_TABLE: not set; expected the name of a DynamoDB table
  SIGN_IN_METHODS_TABLE: not set; expected the name of a DynamoDB table"
        );
    }
}
