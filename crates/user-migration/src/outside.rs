use std::sync::Arc;

use aws_connection::{LoadError, OnFirstUse};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cognitoidentityprovider::config::{Builder, Region};
use aws_types::SdkConfig;
use legacy_users::LegacyUsers;
use parameter_secrets::SecretStore;
use tries::Tries;

use crate::config::{Config, SourceRules};
use crate::hashes::Hashes;
use crate::source::Source;
use crate::sources::http_endpoint::HttpEndpoint;
use crate::sources::imported_table::ImportedTable;
#[cfg(feature = "ldap")]
use crate::sources::ldap::Ldap;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::sources::sql::Sql;
use crate::sources::user_pool::{Role, UserPool};

/// What this function reaches.
pub struct Outside {
    pub(crate) legacy_users: LegacyUsers,
    pub(crate) tries: Tries,
    sources: Vec<Box<dyn Source>>,
}

/// The clients of AWS's services that it takes.
pub struct Clients {
    /// For the tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// For the other user pool, in that pool's region.
    pub user_pools: OnFirstUse<aws_sdk_cognitoidentityprovider::Client>,
    /// For the secrets.
    pub ssm: OnFirstUse<aws_sdk_ssm::Client>,
}

impl Clients {
    /// The clients for this process. None of them connects before its first use.
    ///
    /// # Errors
    ///
    /// [`LoadError`], when the environment does not say how to reach AWS.
    pub fn load(config: &Config) -> Result<Self, LoadError> {
        let connection = aws_connection::load()?;
        let old_pool = config.sources.iter().find_map(|source| match source {
            SourceRules::UserPool(pool) => Some(pool.clone()),
            _ => None,
        });
        let of_pools = connection.clone();
        let of_secrets = connection.clone();
        Ok(Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&connection),
            user_pools: OnFirstUse::new(move || {
                let mut config = Builder::from(&of_pools);
                if let Some(pool) = old_pool {
                    config = config.region(Region::new(pool.region().to_owned()));
                    config.set_credentials_provider(role(pool.role_arn, of_pools));
                }
                aws_sdk_cognitoidentityprovider::Client::from_conf(config.build())
            }),
            ssm: OnFirstUse::new(move || aws_sdk_ssm::Client::new(&of_secrets)),
        })
    }
}

/// As whom the other pool's users are looked at, if not as this function.
fn role(arn: Option<String>, connection: SdkConfig) -> Option<SharedCredentialsProvider> {
    let client = OnFirstUse::new(move || aws_sdk_sts::Client::new(&connection));
    arn.map(|arn| SharedCredentialsProvider::new(Role { client, arn }))
}

impl Outside {
    /// The sources, in the configured order.
    pub fn sources(&self) -> &[Box<dyn Source>] {
        &self.sources
    }

    /// The configured tables and sources, through these clients.
    pub fn new(clients: Clients, config: &Config) -> Self {
        let secrets = Arc::new(SecretStore::new(clients.ssm, config.secrets.as_deref()));
        let source = |rules: &SourceRules| -> Box<dyn Source> {
            let secrets = Arc::clone(&secrets);
            match rules.clone() {
                SourceRules::ImportedTable(rules) => Box::new(ImportedTable {
                    hashes: Hashes { rules, secrets },
                }),
                SourceRules::UserPool(pool) => Box::new(UserPool {
                    client: clients.user_pools.clone(),
                    pool,
                    secrets,
                }),
                SourceRules::HttpEndpoint(endpoint) => {
                    Box::new(HttpEndpoint::new(endpoint, secrets))
                }
                #[cfg(feature = "ldap")]
                SourceRules::Ldap(directory) => {
                    Box::new(Ldap::new(directory, config.older_names(), secrets))
                }
                #[cfg(any(feature = "postgres", feature = "mysql"))]
                SourceRules::Sql { database, hashes } => Box::new(Sql {
                    database,
                    hashes: Hashes {
                        rules: hashes,
                        secrets: Arc::clone(&secrets),
                    },
                    secrets,
                }),
            }
        };
        Self {
            sources: config.sources.iter().map(source).collect(),
            legacy_users: LegacyUsers::new(clients.dynamodb.clone(), &config.legacy_users_table),
            tries: Tries::new(clients.dynamodb, &config.tries_table),
        }
    }
}
