//! DynamoDB's tables in this process, on the crate `dynoxide-rs`.
//!
//! It serves two: `local-cognito`, which passes requests from its port to [`Tables::answer`], and the tests of function crates, which hand
//! [`Tables::client`] to the code that they test. No function depends on it when deployed.
//!
//! [`cut_at_every_await`] is for those tests as well: it shows that work which was dropped half-way, and done again, leaves what one run
//! leaves.
//!
//! Wire: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html>

mod connector;
mod cut;
mod tables;
mod wire;

pub use connector::{hanging_client, throttled_client, unreachable_client};
pub use cut::cut_at_every_await;
pub use tables::{Answer, OpenError, Tables};
