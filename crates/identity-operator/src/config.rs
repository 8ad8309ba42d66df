use entrypoint::{Env, Problems};

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `IDENTITY_POOL_ID` | the identity pool | required |
/// | `DEVELOPER_PROVIDER_NAME` | the name under which the pool knows the broker | required |
/// | `BROKER_KEY` | ARN of the KMS key that the broker's developer user identifiers are made with | required |
/// | `IDENTITIES_TABLE` | name of the DynamoDB table of identities | required |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) identity_pool_id: String,
    pub(crate) developer_provider_name: String,
    pub(crate) broker_key: String,
    pub(crate) identities_table: String,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let config = Self {
            identity_pool_id: env.required("IDENTITY_POOL_ID", "the id of an identity pool"),
            developer_provider_name: env.required(
                "DEVELOPER_PROVIDER_NAME",
                "the pool's developer provider name",
            ),
            broker_key: env.required("BROKER_KEY", "the ARN of a KMS key"),
            identities_table: env.required("IDENTITIES_TABLE", "the name of a DynamoDB table"),
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
            ("IDENTITY_POOL_ID", "us-east-1:5b0c"),
            ("DEVELOPER_PROVIDER_NAME", "login.example"),
            ("BROKER_KEY", "arn:key"),
            ("IDENTITIES_TABLE", "identities"),
        ]));
        let expected = Config {
            identity_pool_id: "us-east-1:5b0c".to_owned(),
            developer_provider_name: "login.example".to_owned(),
            broker_key: "arn:key".to_owned(),
            identities_table: "identities".to_owned(),
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([])).unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 4 problem(s)
  IDENTITY_POOL_ID: not set; expected the id of an identity pool
  DEVELOPER_PROVIDER_NAME: not set; expected the pool's developer provider name
  BROKER_KEY: not set; expected the ARN of a KMS key
  IDENTITIES_TABLE: not set; expected the name of a DynamoDB table"
        );
    }
}
