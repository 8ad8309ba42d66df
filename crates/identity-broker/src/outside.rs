use aws_connection::{LoadError, OnFirstUse};
use broker_identities::{Identities, KeyStore};
use legacy_users::LegacyUsers;
use parameter_secrets::SecretStore;
use tries::Tries;

use crate::config::Config;
use crate::identity_pool::IdentityPool;
use crate::issuer_keys::IssuerKeys;
use crate::passwords::LegacyPasswords;
use crate::replays::Replays;
use crate::secrets::Secrets;

/// What this function reaches.
pub struct Outside {
    pub(crate) key: KeyStore,
    pub(crate) identity_pool: IdentityPool,
    pub(crate) sts: OnFirstUse<aws_sdk_sts::Client>,
    pub(crate) identities: Identities,
    pub(crate) replays: Replays,
    pub(crate) tries: Tries,
    pub(crate) issuer_keys: IssuerKeys,
    pub(crate) secrets: SecretStore<Secrets>,
    pub(crate) passwords: Option<LegacyPasswords>,
}

/// The clients of AWS's services that it takes.
pub struct Clients {
    /// For the tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// For the identity pool.
    pub identity_pools: OnFirstUse<aws_sdk_cognitoidentity::Client>,
    /// For roles.
    pub sts: OnFirstUse<aws_sdk_sts::Client>,
    /// For the key of identifiers.
    pub kms: OnFirstUse<aws_sdk_kms::Client>,
    /// For the secrets.
    pub ssm: OnFirstUse<aws_sdk_ssm::Client>,
}

impl Clients {
    /// The clients for this process. None of them connects before its first use.
    ///
    /// # Errors
    ///
    /// [`LoadError`], when the environment does not say how to reach AWS.
    pub fn load() -> Result<Self, LoadError> {
        let connection = aws_connection::load()?;
        let (of_pools, of_sts) = (connection.clone(), connection.clone());
        let (of_kms, of_ssm) = (connection.clone(), connection.clone());
        Ok(Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&connection),
            identity_pools: OnFirstUse::new(move || {
                aws_sdk_cognitoidentity::Client::new(&of_pools)
            }),
            sts: OnFirstUse::new(move || aws_sdk_sts::Client::new(&of_sts)),
            kms: OnFirstUse::new(move || aws_sdk_kms::Client::new(&of_kms)),
            ssm: OnFirstUse::new(move || aws_sdk_ssm::Client::new(&of_ssm)),
        })
    }
}

impl Outside {
    /// The configured pool, tables and keys, through these clients.
    pub fn new(clients: Clients, config: &Config) -> Self {
        let dynamodb = clients.dynamodb;
        let passwords = config.passwords.as_ref().map(|passwords| LegacyPasswords {
            users: LegacyUsers::new(dynamodb.clone(), &passwords.table),
            hashes: passwords.hashes.clone(),
        });
        Self {
            key: KeyStore::new(clients.kms, &config.broker_key),
            identity_pool: IdentityPool::new(
                clients.identity_pools,
                &config.identity_pool_id,
                &config.developer_provider_name,
            ),
            sts: clients.sts,
            identities: Identities::new(dynamodb.clone(), &config.identities_table),
            replays: Replays::new(dynamodb.clone(), &config.replays_table),
            tries: Tries::new(dynamodb, &config.tries_table),
            issuer_keys: IssuerKeys::default(),
            secrets: SecretStore::new(clients.ssm, config.secrets.as_deref()),
            passwords,
        }
    }
}
