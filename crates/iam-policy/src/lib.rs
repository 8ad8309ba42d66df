//! Policy documents of IAM: read strictly, and decided as IAM does.
//!
//! [`decide`] says whether the policies of a role, narrowed by those of its session, let a request through; [`trusts`] whether a policy
//! that is attached to something else (a role's trust policy, a key's policy) lets a principal in. An explicit deny comes first, wherever it
//! stands; what nobody allows is not allowed.
//!
//! What it does not know (an element, an operator, a key that is AWS's own) it refuses by name when the policy is read, so that no
//! statement is ever passed over. Nothing here looks anything up: the clock and the request are values of the [`Context`].
//!
//! Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements reference".

mod condition;
mod context;
mod decision;
mod document;
mod keys;
mod pattern;
mod principal;
mod statement;

pub use context::Context;
pub use decision::{Decision, decide, trusts};
pub use document::{Policy, PolicyKind, Unsupported};
pub use principal::Principal;
