mod endpoint;
mod rename;
mod sample;
mod until;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use entrypoint::{Env, Problems};
use legacy_password::Fallback;
use legacy_users::StoredHash;
use time::OffsetDateTime;

pub(crate) use endpoint::Endpoint;

use rename::Rename;
use sample::Sample;
use until::Until;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `SOURCES` | comma list of where users come from, asked in this order until one knows the user and the password: `imported-table`, `user-pool`, `http-endpoint` | required |
/// | `LEGACY_USERS_TABLE` | name of the DynamoDB table of legacy users: who was imported, and who has moved, from whatever source | required |
/// | `TRIES_TABLE` | name of the DynamoDB table that counts tries | required |
/// | `ATTRIBUTES` | comma list of the user attributes that move, by their names in the pool | `email,phone_number,name,given_name,family_name,locale,zoneinfo` |
/// | `RENAMES` | comma list of `<old>=<new>`: attributes that have another name in the pool than in the source | none |
/// | `UNVERIFIED_ADDRESSES` | users whose name is an address that no source calls verified: `refuse`, or `move` them with an address that counts as unverified | `refuse`, since anybody could have made the account |
/// | `LEAST_PASSWORD_LENGTH` | characters; who has a shorter password has to set a new one | `8` |
/// | `MIGRATE_UNTIL` | when the migration ends, as `2027-06-30` (the first moment of that day in UTC) or `2027-06-30T12:00:00Z` | never |
/// | `DELETE_AFTER_DAYS` | days after which DynamoDB deletes the row of who has moved, from 1; a tombstone stays | the row stays |
/// | `TRIES_PER_USER` | tries within 15 minutes under one name, of which Cognito can make three of one | `20` |
/// | `TRIES_PER_MINUTE` | tries within a minute under all names | `600` |
/// | `ANSWER_AFTER_MS` | milliseconds that every answer takes at least, up to 3000; needed where hashes of several formats are mixed, so that time does not tell who has an account | `0` |
/// | `SAMPLE_HASH` | a hash as most users have it, of a password that nobody has: checked for users who do not exist. As JSON (`hash`, `format`, `settings`, `project`) where its beginning does not tell what it is | required for `imported-table` |
/// | `PASSWORD_FALLBACKS` | comma list of other forms of the password to try: `trimmed`, `nfkc`, `latin-1`, `utf-16le` | none |
/// | `OLD_USER_POOL_ID` | the other user pool; its first part is its region | required for `user-pool` |
/// | `OLD_CLIENT_ID` | an app client of that pool that allows `USER_PASSWORD_AUTH` | required for `user-pool` |
/// | `ENDPOINT_URL` | the `https` address that is asked; see `docs/MIGRATION.md` | required for `http-endpoint` |
/// | `ENDPOINT_HOSTS` | comma list of the hosts that the address may have | required for `http-endpoint` |
/// | `MIGRATION_SECRETS` | name of the SSM parameter (SecureString) with this function's secrets, as JSON: `pepper`, `projects`, `oldClientSecret`, `endpointKey` | required for `http-endpoint`; none |
#[derive(Debug, PartialEq)]
pub struct Config {
    pub(crate) sources: Vec<SourceRules>,
    pub(crate) legacy_users_table: String,
    pub(crate) tries_table: String,
    pub(crate) attributes: Vec<String>,
    pub(crate) renames: BTreeMap<String, String>,
    pub(crate) unverified_addresses_move: bool,
    pub(crate) least_password_length: usize,
    pub(crate) migrate_until: Option<OffsetDateTime>,
    pub(crate) keep_for: Option<time::Duration>,
    pub(crate) limits: Limits,
    pub(crate) answer_after: Duration,
    pub(crate) secrets: Option<String>,
}

/// A source, and what it needs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SourceRules {
    ImportedTable {
        sample: StoredHash,
        fallbacks: Vec<Fallback>,
    },
    UserPool(OldUserPool),
    HttpEndpoint(Endpoint),
}

/// How many tries there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) per_user: u32,
    pub(crate) per_minute: u32,
}

/// Another user pool, and the app client by which it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OldUserPool {
    pub(crate) id: String,
    pub(crate) client_id: String,
}

impl OldUserPool {
    /// What its id begins with.
    pub(crate) fn region(&self) -> &str {
        self.id.split('_').next().unwrap_or_default()
    }
}

/// What moves where nothing else is configured.
const USUAL_ATTRIBUTES: [&str; 7] = [
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "locale",
    "zoneinfo",
];

/// The edge answers at 4 s whatever happens, and the sources need the rest.
const MOST_MILLISECONDS: u64 = 3_000;

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let sources = sources(&mut env);
        let table = "the name of a DynamoDB table";
        let config = Self {
            legacy_users_table: env.required("LEGACY_USERS_TABLE", table),
            tries_table: env.required("TRIES_TABLE", table),
            attributes: attributes(&mut env),
            renames: renames(&mut env),
            unverified_addresses_move: env
                .choice("UNVERIFIED_ADDRESSES", [("refuse", false), ("move", true)])
                .unwrap_or(false),
            least_password_length: env.or("LEAST_PASSWORD_LENGTH", 8),
            migrate_until: env.optional("MIGRATE_UNTIL").map(|Until(time)| time),
            keep_for: keep_for(&mut env),
            limits: Limits {
                per_user: env.or("TRIES_PER_USER", 20),
                per_minute: env.or("TRIES_PER_MINUTE", 600),
            },
            answer_after: answer_after(&mut env),
            secrets: secrets(&mut env, &sources),
            sources,
        };
        env.check(config)
    }

    /// Whether users take the attribute of that name along.
    pub(crate) fn lets_through(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute == name)
    }
}

/// A source that lacks something is left out here, and noted as a problem.
fn sources(env: &mut Env) -> Vec<SourceRules> {
    let words: Vec<String> = env.list("SOURCES");
    if words.is_empty() {
        env.problem("SOURCES", "not set; expected where users come from");
    }
    let mut sources = Vec::new();
    for (place, word) in words.iter().enumerate() {
        if words[..place].contains(word) {
            env.problem("SOURCES", format_args!("{word} is there twice"));
        }
        sources.extend(match &**word {
            "imported-table" => imported_table(env),
            "user-pool" => Some(old_user_pool(env)),
            "http-endpoint" => endpoint(env).map(SourceRules::HttpEndpoint),
            _ => {
                let known = "expected imported-table, user-pool or http-endpoint";
                env.problem("SOURCES", known);
                None
            }
        });
    }
    sources
}

fn imported_table(env: &mut Env) -> Option<SourceRules> {
    let fallbacks = fallbacks(env);
    let sample: Option<Sample> = parsed(
        env,
        "SAMPLE_HASH",
        "a hash as most users have it, of a password that nobody has",
    );
    sample.map(|Sample(sample)| SourceRules::ImportedTable { sample, fallbacks })
}

fn old_user_pool(env: &mut Env) -> SourceRules {
    let id = env.required("OLD_USER_POOL_ID", "the id of the other user pool");
    if !id.is_empty() && !id.contains('_') {
        env.problem("OLD_USER_POOL_ID", "expected <region>_<id>");
    }
    SourceRules::UserPool(OldUserPool {
        id,
        client_id: env.required("OLD_CLIENT_ID", "the id of an app client of that pool"),
    })
}

fn endpoint(env: &mut Env) -> Option<Endpoint> {
    let endpoint: Endpoint = parsed(env, "ENDPOINT_URL", "https://<host>/<path>")?;
    let hosts: Vec<String> = env.list("ENDPOINT_HOSTS");
    if !endpoint.is_at_one_of(&hosts) {
        env.problem(
            "ENDPOINT_HOSTS",
            "expected the host of ENDPOINT_URL among others",
        );
    }
    Some(endpoint)
}

/// A variable that must be set, to something that is not text alone.
fn parsed<T>(env: &mut Env, name: &str, expected: &str) -> Option<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    let text = env.required(name, expected);
    if text.is_empty() {
        return None;
    }
    text.parse()
        .map_err(|problem| env.problem(name, problem))
        .ok()
}

fn attributes(env: &mut Env) -> Vec<String> {
    let attributes: Vec<String> = env.list("ATTRIBUTES");
    for name in &attributes {
        if is_decided_here(name) {
            env.problem(
                "ATTRIBUTES",
                format_args!("{name} is not the source's to say"),
            );
        }
    }
    if attributes.is_empty() {
        return USUAL_ATTRIBUTES.map(str::to_owned).into();
    }
    attributes
}

/// What says who somebody is or what was verified, or is Cognito's own.
fn is_decided_here(name: &str) -> bool {
    matches!(
        name,
        "sub" | "username" | "email_verified" | "phone_number_verified" | "identities"
    ) || name.starts_with("cognito:")
}

fn renames(env: &mut Env) -> BTreeMap<String, String> {
    let mut renames: BTreeMap<String, String> = BTreeMap::new();
    for Rename { old, new } in env.list("RENAMES") {
        if renames.values().any(|other| *other == new) || renames.contains_key(&old) {
            env.problem(
                "RENAMES",
                format_args!("{old}={new}: a name is there twice"),
            );
        }
        renames.insert(old, new);
    }
    renames
}

fn keep_for(env: &mut Env) -> Option<time::Duration> {
    let days: u16 = env.optional("DELETE_AFTER_DAYS")?;
    if days == 0 {
        env.problem("DELETE_AFTER_DAYS", "expected a day at least");
    }
    Some(time::Duration::days(days.into()))
}

fn answer_after(env: &mut Env) -> Duration {
    let milliseconds = env.or("ANSWER_AFTER_MS", 0);
    if milliseconds > MOST_MILLISECONDS {
        env.problem("ANSWER_AFTER_MS", "expected at most 3000");
    }
    Duration::from_millis(milliseconds)
}

fn fallbacks(env: &mut Env) -> Vec<Fallback> {
    let words: Vec<String> = env.list("PASSWORD_FALLBACKS");
    let mut fallbacks = Vec::new();
    for word in words {
        match &*word {
            "trimmed" => fallbacks.push(Fallback::Trimmed),
            "nfkc" => fallbacks.push(Fallback::Nfkc),
            "latin-1" => fallbacks.push(Fallback::Latin1),
            "utf-16le" => fallbacks.push(Fallback::Utf16Le),
            _ => env.problem(
                "PASSWORD_FALLBACKS",
                "expected trimmed, nfkc, latin-1 or utf-16le",
            ),
        }
    }
    fallbacks
}

fn secrets(env: &mut Env, sources: &[SourceRules]) -> Option<String> {
    let parameter: Option<String> = env.optional("MIGRATION_SECRETS");
    let is_signed = |source: &SourceRules| matches!(source, SourceRules::HttpEndpoint(_));
    match &parameter {
        Some(parameter) if !parameter.starts_with('/') => env.problem(
            "MIGRATION_SECRETS",
            "expected a parameter's name that begins with a slash, not the secrets themselves",
        ),
        None if sources.iter().any(is_signed) => env.problem(
            "MIGRATION_SECRETS",
            "not set; expected the name of the parameter with the endpointKey",
        ),
        _ => {}
    }
    parameter
}

#[cfg(test)]
mod tests;
