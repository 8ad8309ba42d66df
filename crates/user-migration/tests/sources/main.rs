//! Every source does the same, tried against what stands behind it.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod conformance;
#[cfg(all(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod databases;
#[cfg(all(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod directory;
mod http_endpoint;
mod imported_table;
#[cfg(all(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod impostors;
#[cfg(all(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod injections;
#[cfg(all(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod ldap;
#[cfg(all(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod sql;
mod user_pool;

use aws_sdk_cognitoidentityprovider::Client as UserPools;
use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_ssm::Client as Ssm;
use entrypoint::Env;
use function_tests::{UNREACHABLE, service};
use serde_json::{Value, json};
use user_migration::{Clients, Config, Outside};

/// The function's outside with one source, configured by these variables, and what the parameter of its secrets holds.
fn outside<const N: usize>(
    dynamodb: DynamoDb,
    user_pools: UserPools,
    secrets: Option<Value>,
    more: [(&str, &str); N],
) -> Outside {
    let usual = [
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
    ];
    let mut pairs = [("", ""); 16];
    for (place, pair) in more.into_iter().chain(usual).enumerate() {
        pairs[place] = pair;
    }
    let config = Config::from_env(Env::of_pairs(pairs)).unwrap();
    let ssm = service(move |_, _| match &secrets {
        Some(secrets) => Ok(json!({"Parameter": {"Value": secrets.to_string()}})),
        None => Err(UNREACHABLE),
    });
    let clients = Clients {
        dynamodb,
        user_pools: user_pools.into(),
        ssm: Ssm::new(&ssm).into(),
    };
    Outside::new(clients, &config)
}

/// Where nobody should ask.
fn no_pool() -> UserPools {
    UserPools::new(&service(|operation, _| panic!("{operation} is not needed")))
}
