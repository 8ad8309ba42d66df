mod issuers;
mod numbers;
mod policies;

use entrypoint::{Env, Problems};
use https_endpoint::Endpoint;
use legacy_hashes::HashRules;
use parameter_secrets::ParameterName;
use time::Duration;
use tries::Limit;

pub(crate) use issuers::{Backend, Issuer, KeysAt, NonceRule};

use crate::rules::{Rule, Tag};

/// What the operator decided, read once at start. How the lists in JSON are written: `docs/IDENTITY_BROKER.md`.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `IDENTITY_POOL_ID` | the identity pool | required |
/// | `DEVELOPER_PROVIDER_NAME` | the name under which the pool knows this function | required |
/// | `BROKER_KEY` | ARN of the KMS key (HMAC_256) that developer user identifiers are made with | required |
/// | `IDENTITIES_TABLE` | name of the DynamoDB table of identities | required |
/// | `REPLAYS_TABLE` | name of the DynamoDB table of proofs that were used | required |
/// | `TRIES_TABLE` | name of the DynamoDB table that counts tries | required |
/// | `ISSUERS` | JSON list of OpenID providers whose ID tokens are taken | none |
/// | `BACKENDS` | JSON list of backends whose own tokens are taken, with their public keys | none |
/// | `RULES` | JSON list of rules, which say who gets which role | required |
/// | `TAGS` | comma list of `<tag>=<claim>`: claims that become principal tags, 10 at most | none |
/// | `BROKER_SECRETS` | name of the SSM parameter (SecureString) with this function's secrets, as JSON: `hmacKeys`, `pepper`, `projects` | none |
/// | `LEGACY_USERS_TABLE` | name of the DynamoDB table of legacy users, whose passwords are a proof | no password is |
/// | `SAMPLE_HASH` | a hash as most legacy users have it, of a password that nobody has: checked for users who do not exist. As JSON (`hash`, `format`, `settings`, `project`) where its beginning does not tell what it is | required with `LEGACY_USERS_TABLE` |
/// | `PASSWORD_FALLBACKS` | comma list of other forms of the password to try: `trimmed`, `nfkc`, `latin-1`, `utf-16le` | none |
/// | `HASH_LIMITS` | comma list of `<limit>=<number>`: what a hash may cost, such as `bcrypt-cost=12,memory-kib=131072`; the names are the fields of `Limits` in `crates/legacy-password/src/limits.rs`, with hyphens | the values there |
/// | `TOKENS` | whether OpenID tokens are handed out, with which a client can take any role that trusts the pool: `on`, `off` | `off` |
/// | `TOKEN_SECONDS` | how long these are good for, 60 to 900 | 900 |
/// | `TRIES_PER_USER` | tries of a password within 15 minutes under one name | 20 |
/// | `GRANTS_PER_SUBJECT` | answers within 15 minutes to one person | 60 |
/// | `GRANTS_PER_MINUTE` | answers within a minute to all; the identity pool gives 50 tokens a second to all of an account | 1200 |
/// | `IDENTITY_KEYS_URL` | where the public keys are by which the identity pool's own tokens are verified | `https://cognito-identity.amazonaws.com/.well-known/jwks_uri` |
#[derive(Debug)]
pub struct Config {
    pub(crate) identity_pool_id: String,
    pub(crate) developer_provider_name: String,
    pub(crate) broker_key: String,
    pub(crate) identities_table: String,
    pub(crate) replays_table: String,
    pub(crate) tries_table: String,
    pub(crate) issuers: Vec<Issuer>,
    pub(crate) backends: Vec<Backend>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) secrets: Option<String>,
    pub(crate) passwords: Option<Passwords>,
    pub(crate) hands_out_tokens: bool,
    pub(crate) token_seconds: i64,
    pub(crate) per_user: Limit,
    pub(crate) per_subject: Limit,
    pub(crate) for_all: Limit,
    pub(crate) identity_keys: Endpoint,
}

/// Where passwords are checked.
#[derive(Debug)]
pub(crate) struct Passwords {
    pub(crate) table: String,
    pub(crate) hashes: HashRules,
}

/// As long as a person may go on trying at one sitting.
const SUBJECTS_WINDOW: Duration = Duration::minutes(15);

/// Where the identity pools of the `aws` partition have their keys.
const IDENTITY_KEYS: &str = "https://cognito-identity.amazonaws.com/.well-known/jwks_uri";

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let table = "the name of a DynamoDB table";
        let limit = |env: &mut Env, name, usual, window| Limit {
            tries: numbers::within(env, name, usual, 1..=1_000_000),
            window,
        };
        let keys: Option<Endpoint> = env.optional("IDENTITY_KEYS_URL");
        let usual_keys = || IDENTITY_KEYS.parse().expect("AWS's own address is one");
        let config = Self {
            identity_pool_id: env.required("IDENTITY_POOL_ID", "the id of an identity pool"),
            developer_provider_name: provider_name(&mut env),
            broker_key: env.required("BROKER_KEY", "the ARN of a KMS key"),
            identities_table: env.required("IDENTITIES_TABLE", table),
            replays_table: env.required("REPLAYS_TABLE", table),
            tries_table: env.required("TRIES_TABLE", table),
            issuers: issuers::issuers(&mut env, "ISSUERS"),
            backends: issuers::backends(&mut env, "BACKENDS"),
            rules: policies::rules(&mut env, "RULES"),
            tags: policies::tags(&mut env, "TAGS"),
            secrets: env
                .optional("BROKER_SECRETS")
                .map(|ParameterName(name)| name),
            passwords: passwords(&mut env),
            hands_out_tokens: env
                .choice("TOKENS", [("on", true), ("off", false)])
                .unwrap_or(false),
            token_seconds: numbers::within(&mut env, "TOKEN_SECONDS", 900, 60..=900),
            per_user: limit(&mut env, "TRIES_PER_USER", 20, SUBJECTS_WINDOW),
            per_subject: limit(&mut env, "GRANTS_PER_SUBJECT", 60, SUBJECTS_WINDOW),
            for_all: limit(&mut env, "GRANTS_PER_MINUTE", 1_200, Duration::minutes(1)),
            identity_keys: keys.unwrap_or_else(usual_keys),
        };
        issuers::check_names(&mut env, &config.issuers, &config.backends);
        env.check(config)
    }

    /// Whether an issuer or a backend has that name.
    pub(crate) fn has_source(&self, name: &str) -> bool {
        self.issuers.iter().any(|issuer| issuer.name == name)
            || self.backends.iter().any(|backend| backend.name == name)
    }
}

fn provider_name(env: &mut Env) -> String {
    let name = env.required(
        "DEVELOPER_PROVIDER_NAME",
        "the pool's developer provider name",
    );
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.len() > 128 || !name.bytes().all(is_allowed) {
        env.problem(
            "DEVELOPER_PROVIDER_NAME",
            "expected letters, digits, `.`, `_` and `-`",
        );
    }
    name
}

fn passwords(env: &mut Env) -> Option<Passwords> {
    let table = env.optional("LEGACY_USERS_TABLE")?;
    let hashes = HashRules::from_env(env)?;
    Some(Passwords { table, hashes })
}

#[cfg(test)]
mod tests;
