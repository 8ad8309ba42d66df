#[cfg(any(feature = "postgres", feature = "mysql"))]
mod database;
#[cfg(feature = "ldap")]
mod directory;
mod rename;
mod sources;
mod until;

use std::collections::BTreeMap;
use std::time::Duration;

use entrypoint::{Env, Problems};
use time::OffsetDateTime;

#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use database::{Database, Kind};
#[cfg(feature = "ldap")]
pub(crate) use directory::Directory;
pub(crate) use sources::{OldUserPool, SourceRules};

use rename::Rename;
use until::Until;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `SOURCES` | comma list of where users come from, asked in this order until one knows the user and the password: `imported-table`, `user-pool`, `http-endpoint`, and `ldap` and `sql` where the function is built with them | required |
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
/// | `SAMPLE_HASH` | a hash as most users have it, of a password that nobody has: checked for users who do not exist. As JSON (`hash`, `format`, `settings`, `project`) where its beginning does not tell what it is | required for `imported-table` and `sql` |
/// | `PASSWORD_FALLBACKS` | comma list of other forms of the password to try: `trimmed`, `nfkc`, `latin-1`, `utf-16le` | none |
/// | `HASH_LIMITS` | comma list of `<limit>=<number>`: what a hash may cost, such as `bcrypt-cost=12,memory-kib=131072`; the names are the fields of `Limits` in `crates/legacy-password/src/limits.rs`, with hyphens | the values there |
/// | `OLD_USER_POOL_ID` | the other user pool; its first part is its region | required for `user-pool` |
/// | `OLD_CLIENT_ID` | an app client of that pool that allows `USER_PASSWORD_AUTH` | required for `user-pool` |
/// | `OLD_ROLE_ARN` | a role of the account that the pool is in, which may call `AdminGetUser` there and which this function may assume | this function's own, for a pool of the same account |
/// | `ENDPOINT_URL` | the `https` address that is asked; see `docs/MIGRATION.md` | required for `http-endpoint` |
/// | `ENDPOINT_HOSTS` | comma list of the hosts that the address may have | required for `http-endpoint` |
/// | `LDAP_URL` | the directory: `ldaps://<host>`, or `ldap://<host>` where StartTLS comes first; each with a port if it is not the usual one | required for `ldap` |
/// | `LDAP_BIND_DN` | the distinguished name of the account that searches | required for `ldap` |
/// | `LDAP_BASE_DN` | the distinguished name below which users are | required for `ldap` |
/// | `LDAP_FILTER` | the filter that finds a user, with `{name}` in the place of what was typed | required for `ldap` |
/// | `LDAP_NAME_ATTRIBUTE` | the attribute that holds the name that users type | required for `ldap` |
/// | `LDAP_VERIFIED` | comma list of the addresses that users cannot write in the directory themselves, and that count as verified: `email`, `phone_number` | none |
/// | `LDAP_SAMPLE_DN` | the distinguished name of an entry as users are, with a password that nobody has and that is never locked: tried for users who do not exist | required for `ldap` |
/// | `SQL_URL` | the database: `postgres://<user>@<host>/<database>` or `mysql://<user>@<host>/<database>`, with a port if it is not the usual one | required for `sql` |
/// | `SQL_STATEMENT` | the statement that finds a user, with the name as its one parameter: `$1` in PostgreSQL, `?` in MySQL; see `docs/MIGRATION.md` for its columns | required for `sql` |
/// | `TRUSTED_ROOTS` | file of the certificates, as PEM, that directory and database are trusted by: the directory by these alone, the database by the system's besides | the system's |
/// | `MIGRATION_SECRETS` | name of the SSM parameter (SecureString) with this function's secrets, as JSON: `pepper`, `projects`, `oldClientSecret`, `endpointKey`, `ldapPassword`, `sqlPassword` | required for `http-endpoint`, `ldap` and `sql`; none |
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

/// How many tries there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) per_user: u32,
    pub(crate) per_minute: u32,
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
        let sources = sources::from_env(&mut env);
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
            secrets: sources::secrets(&mut env, &sources),
            sources,
        };
        env.check(config)
    }

    /// The names, in the older system, of all that may move.
    #[cfg(feature = "ldap")]
    pub(crate) fn older_names(&self) -> Vec<String> {
        let renamed = self
            .renames
            .iter()
            .filter(|(_, new)| self.lets_through(new));
        let renamed = renamed.map(|(old, _)| old.clone());
        self.attributes.iter().cloned().chain(renamed).collect()
    }

    /// Whether users take the attribute of that name along.
    pub(crate) fn lets_through(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute == name)
    }
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

#[cfg(test)]
mod tests;
