use std::fmt;
use std::str::FromStr;

use entrypoint::Env;
use https_endpoint::Endpoint;
use legacy_hashes::HashRules;
use parameter_secrets::ParameterName;

#[cfg(any(feature = "postgres", feature = "mysql"))]
use super::Database;
#[cfg(feature = "ldap")]
use super::Directory;

/// A source, and what it needs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SourceRules {
    ImportedTable(HashRules),
    UserPool(OldUserPool),
    HttpEndpoint(Endpoint),
    #[cfg(feature = "ldap")]
    Ldap(Directory),
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    Sql {
        database: Database,
        hashes: HashRules,
    },
}

/// Another user pool, and the app client by which it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OldUserPool {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) role_arn: Option<String>,
}

impl OldUserPool {
    /// What its id begins with.
    pub(crate) fn region(&self) -> &str {
        self.id.split('_').next().unwrap_or_default()
    }
}

/// What `SOURCES` can name.
const EXPECTED: &str = "expected imported-table, user-pool, http-endpoint, or ldap or sql if the function is built with it";

impl SourceRules {
    /// The secret that the source cannot do without.
    fn secret(&self) -> Option<&'static str> {
        match self {
            Self::ImportedTable(_) | Self::UserPool(_) => None,
            Self::HttpEndpoint(_) => Some("endpointKey"),
            #[cfg(feature = "ldap")]
            Self::Ldap(_) => Some("ldapPassword"),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            Self::Sql { .. } => Some("sqlPassword"),
        }
    }
}

/// A source that lacks something is left out here, and noted as a problem.
pub(super) fn from_env(env: &mut Env) -> Vec<SourceRules> {
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
            "imported-table" => HashRules::from_env(env).map(SourceRules::ImportedTable),
            "user-pool" => Some(old_user_pool(env)),
            "http-endpoint" => endpoint(env).map(SourceRules::HttpEndpoint),
            #[cfg(feature = "ldap")]
            "ldap" => Some(SourceRules::Ldap(Directory::from_env(env))),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            "sql" => sql(env),
            _ => {
                env.problem("SOURCES", EXPECTED);
                None
            }
        });
    }
    sources
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
fn sql(env: &mut Env) -> Option<SourceRules> {
    let database = Database::from_env(env);
    let hashes = HashRules::from_env(env)?;
    Some(SourceRules::Sql {
        database: database?,
        hashes,
    })
}

fn old_user_pool(env: &mut Env) -> SourceRules {
    let id = env.required("OLD_USER_POOL_ID", "the id of the other user pool");
    if !id.is_empty() && !id.contains('_') {
        env.problem("OLD_USER_POOL_ID", "expected <region>_<id>");
    }
    let role_arn: Option<String> = env.optional("OLD_ROLE_ARN");
    if role_arn
        .as_ref()
        .is_some_and(|arn| !arn.starts_with("arn:"))
    {
        env.problem("OLD_ROLE_ARN", "expected the ARN of a role");
    }
    SourceRules::UserPool(OldUserPool {
        id,
        role_arn,
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

/// Where each source's secrets are.
pub(super) fn secrets(env: &mut Env, sources: &[SourceRules]) -> Option<String> {
    let is_set = env.optional::<String>("MIGRATION_SECRETS").is_some();
    if !is_set {
        for secret in sources.iter().filter_map(SourceRules::secret) {
            let problem = format!("not set; expected the name of the parameter with the {secret}");
            env.problem("MIGRATION_SECRETS", problem);
        }
    }
    let parameter = env.optional("MIGRATION_SECRETS");
    parameter.map(|ParameterName(name)| name)
}

/// A variable that must be set, to something that is not text alone.
pub(super) fn parsed<T>(env: &mut Env, name: &str, expected: &str) -> Option<T>
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
