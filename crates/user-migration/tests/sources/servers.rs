//! Servers of other systems, each started once by the tests, on a free port of the loopback.

pub(crate) mod certificates;
pub(crate) mod impostors;
pub(crate) mod mariadb;
pub(crate) mod postgres;
pub(crate) mod server;
pub(crate) mod slapd;
