//! Who may use the pool: the table of blocks, the domains that are welcome, and addresses that must be verified.
//!
//! Pre authentication and pre token generation both hold these rules. The first is early, and must not tell whether an account exists;
//! the second is called for every token, so it is the one that counts. A block that is written now counts from the next token on: tokens
//! that are out stay valid until they expire.
//!
//! Nothing here decides when a rule is held; that is each function's own. Nothing writes to the table, and an operator's `note` is never
//! even read.

mod block;
mod blocks;
mod policy;
mod refusal;
mod subject;

pub use block::{Block, Malformed, not_blocked};
pub use blocks::{Blocks, BlocksError, OnBlocksError};
pub use policy::{Policy, VerifiedAddress};
pub use refusal::Refusal;
pub use subject::Subject;
