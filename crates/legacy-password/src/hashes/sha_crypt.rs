//! `$5$` and `$6$` of crypt(3), and the longer names that Ory Kratos gives them.
//!
//! Source: <https://www.akkadia.org/drepper/SHA-crypt.txt>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::sha_crypt::ShaCrypt;
use crate::encoding::{decimal, fields};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "sha256-crypt",
        begins: &["$5$", "$sha256-crypt$"],
        read: |written| read(written, ["$5$", "$sha256-crypt$"], ShaCrypt::Sha256),
    },
    Definition {
        name: "sha512-crypt",
        begins: &["$6$", "$sha512-crypt$"],
        read: |written| read(written, ["$6$", "$sha512-crypt$"], ShaCrypt::Sha512),
    },
];

/// Where the text says nothing of them.
const ROUNDS: u32 = 5000;

fn read(
    written: &Written<'_>,
    [short, long]: [&str; 2],
    algorithm: ShaCrypt,
) -> Result<Stored, Unsupported> {
    let text = written.after(short).or_else(|_| written.after(long))?;
    let parts = || match text.strip_prefix("rounds=") {
        Some(rest) => {
            let [rounds, salt, hash] = fields(rest, '$')?;
            Some((decimal(rounds)?, salt, hash))
        }
        None => {
            let [salt, hash] = fields(text, '$')?;
            Some((ROUNDS, salt, hash))
        }
    };
    let (rounds, salt, hash) =
        parts().ok_or(Unsupported::Malformed("the rounds, the salt or the hash"))?;
    algorithm.stored(rounds, salt, hash, written.limits)
}
