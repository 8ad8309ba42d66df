//! The sources: one file each.

pub(crate) mod http_endpoint;
pub(crate) mod imported_table;
#[cfg(feature = "ldap")]
pub(crate) mod ldap;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) mod sql;
pub(crate) mod user_pool;
