//! Servers of other systems for tests: OpenLDAP's slapd, PostgreSQL and MariaDB themselves, as Debian's packages have them.
//!
//! Each is a process with a folder of its own, on a free port of the loopback, with TLS and a certificate for `localhost`, and gone with the
//! process that has started it. [`Server::roots`] is what it is trusted by.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

pub mod certificates;
pub mod mariadb;
pub mod postgres;
mod server;
pub mod slapd;

pub use server::{Folder, Server, free_port};
