//! What the tests of functions share: services of AWS in this process, tables with items, what is logged, and the files of events.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod events;
mod group_pool;
mod http_answer;
mod identity_pool;
mod invocations;
mod keys;
mod log;
mod roles;
mod senders;
mod service;
mod tables;

pub use events::events;
pub use group_pool::GroupPool;
pub use http_answer::HttpAnswer;
pub use identity_pool::IdentityPool;
pub use invocations::Invocations;
pub use keys::Keys;
pub use log::{Log, ThisThread};
pub use roles::Roles;
pub use senders::{Accepted, Senders};
pub use service::{Answer, SILENT, UNREACHABLE, service};
pub use tables::{create, items, put, request};
