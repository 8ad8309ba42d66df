//! The sources: one file each.

pub(crate) mod http_endpoint;
pub(crate) mod imported_table;
pub(crate) mod user_pool;
