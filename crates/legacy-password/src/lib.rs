//! Password hashes of other systems: recognised, bounded before any work, verified.

mod algorithms;
mod encoding;
mod hashes;
mod legacy_hash;
mod limits;
mod preparation;
mod stored;
mod unsupported;

pub use hashes::{Format, UnknownFormat};
pub use legacy_hash::LegacyHash;
pub use limits::Limits;
pub use preparation::{Fallback, Pepper, Preparation};
pub use stored::Cost;
pub use unsupported::Unsupported;
