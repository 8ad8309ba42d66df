use admission::{OnBlocksError, Policy, VerifiedAddress};
use entrypoint::{Env, Problems};

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `BLOCKS_TABLE` | name of the DynamoDB table of blocks | required |
/// | `ON_BLOCKS_ERROR` | when blocks, or the groups that one lets through, cannot be read: `refuse` the sign-in, or `allow` it and leave the user to pre token generation | `refuse` |
/// | `SIGN_IN_WITH` | what people type to sign in, as the pool has it: `email`, `phone_number`, or `several` (also: a user name); with several, nothing that depends on what was typed is refused before the password, since Cognito does not say which it was | `several` |
/// | `ACCOUNT_REFUSALS` | when to refuse for what only an account can have: `after-password`, by pre token generation, so that nobody learns who has an account; or `before-password`, for pools where that is no secret | `after-password` |
/// | `ALLOWED_DOMAINS` | comma list of e-mail domains; only they, and their sub-domains, may sign in | every domain |
/// | `DENIED_DOMAINS` | comma list of e-mail domains that may not sign in, nor may their sub-domains; wins over `ALLOWED_DOMAINS` | none |
/// | `REQUIRE_VERIFIED` | which address must be verified: `off`, `email`, `phone_number` or `either`; only an account can have one, see `ACCOUNT_REFUSALS` | `off` |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    pub(crate) blocks_table: String,
    pub(crate) on_blocks_error: OnBlocksError,
    pub(crate) sign_in_with: SignInWith,
    pub(crate) account_refusals: AccountRefusals,
    /// `ALLOWED_DOMAINS`, `DENIED_DOMAINS` and `REQUIRE_VERIFIED`.
    pub(crate) policy: Policy,
}

/// What people type to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInWith {
    Email,
    PhoneNumber,
    /// The event of a known user does not say which of them was typed.
    Several,
}

/// When to refuse for what only an account can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountRefusals {
    AfterPassword,
    BeforePassword,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let sign_in_with = [
            ("email", SignInWith::Email),
            ("phone_number", SignInWith::PhoneNumber),
            ("several", SignInWith::Several),
        ];
        let account_refusals = [
            ("after-password", AccountRefusals::AfterPassword),
            ("before-password", AccountRefusals::BeforePassword),
        ];
        let config = Self {
            blocks_table: env.required("BLOCKS_TABLE", "the name of a DynamoDB table"),
            on_blocks_error: env
                .choice("ON_BLOCKS_ERROR", OnBlocksError::WORDS)
                .unwrap_or_default(),
            sign_in_with: env
                .choice("SIGN_IN_WITH", sign_in_with)
                .unwrap_or(SignInWith::Several),
            account_refusals: env
                .choice("ACCOUNT_REFUSALS", account_refusals)
                .unwrap_or(AccountRefusals::AfterPassword),
            policy: Policy {
                allowed_domains: env.list("ALLOWED_DOMAINS"),
                denied_domains: env.list("DENIED_DOMAINS"),
                verified_address: env
                    .choice("REQUIRE_VERIFIED", VerifiedAddress::WORDS)
                    .unwrap_or_default(),
            },
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_is_required_and_nothing_tells_of_accounts() {
        let config = Config::from_env(Env::of_pairs([("BLOCKS_TABLE", "blocks")]));
        let expected = Config {
            blocks_table: "blocks".to_owned(),
            on_blocks_error: OnBlocksError::Refuse,
            sign_in_with: SignInWith::Several,
            account_refusals: AccountRefusals::AfterPassword,
            policy: Policy::default(),
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn everything_set() {
        let config = Config::from_env(Env::of_pairs([
            ("BLOCKS_TABLE", "blocks"),
            ("ON_BLOCKS_ERROR", "allow"),
            ("SIGN_IN_WITH", "email"),
            ("ACCOUNT_REFUSALS", "before-password"),
            ("ALLOWED_DOMAINS", "example.com, example.org"),
            ("DENIED_DOMAINS", "lab.example.com"),
            ("REQUIRE_VERIFIED", "either"),
        ]));
        let expected = Config {
            blocks_table: "blocks".to_owned(),
            on_blocks_error: OnBlocksError::Allow,
            sign_in_with: SignInWith::Email,
            account_refusals: AccountRefusals::BeforePassword,
            policy: Policy {
                allowed_domains: ["example.com", "example.org"]
                    .map(|name| name.parse().unwrap())
                    .into(),
                denied_domains: vec!["lab.example.com".parse().unwrap()],
                verified_address: VerifiedAddress::Either,
            },
        };
        assert_eq!(config, Ok(expected));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([
            ("ON_BLOCKS_ERROR", "ignore"),
            ("SIGN_IN_WITH", "username"),
            ("ACCOUNT_REFUSALS", "never"),
            ("ALLOWED_DOMAINS", "@example.com"),
            ("DENIED_DOMAINS", "192.0.2.1"),
            ("REQUIRE_VERIFIED", "true"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 7 problem(s)
  BLOCKS_TABLE: not set; expected the name of a DynamoDB table
  ON_BLOCKS_ERROR: expected one of refuse, allow
  SIGN_IN_WITH: expected one of email, phone_number, several
  ACCOUNT_REFUSALS: expected one of after-password, before-password
  ALLOWED_DOMAINS: `@example.com` is not a domain name; expected one such as example.com
  DENIED_DOMAINS: `192.0.2.1` is not a domain name; expected one such as example.com
  REQUIRE_VERIFIED: expected one of off, email, phone_number, either"
        );
    }
}
