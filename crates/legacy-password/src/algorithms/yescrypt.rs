//! yescrypt, with which Debian, Fedora and Ubuntu hash the passwords of their own users.
//!
//! Source: <https://www.openwall.com/yescrypt/>

use yescrypt::Params;
use zeroize::Zeroizing;

use crate::limits::at_most;
use crate::stored::{Cost, Stored};
use crate::{Limits, Unsupported};

/// One of N times r steps, in nanoseconds.
const NANOSECONDS: u64 = 300;

/// Flavour, N and r, a digit each: what crypt(3) writes. Other parameters would follow, and nobody sets them.
const PARAMETER_DIGITS: usize = 3;

pub(crate) fn stored(
    params: &str,
    salt: Vec<u8>,
    expected: Vec<u8>,
    limits: &Limits,
) -> Result<Stored, Unsupported> {
    let malformed = Unsupported::Malformed("the parameters are not those of crypt(3)");
    if params.len() != PARAMETER_DIGITS {
        return Err(malformed);
    }
    let params: Params = params.parse().map_err(|_| malformed)?;
    let work = params.n().saturating_mul(params.r().into());
    at_most(work, limits.scrypt_work, "yescrypt's N times r")?;
    let memory_kib = work / 8;
    at_most(memory_kib, limits.memory_kib, "memory in KiB")?;
    let cost = Cost {
        memory_kib,
        ..Cost::of_steps(work, NANOSECONDS)
    };
    let length = expected.len();
    Stored::new(expected, cost, move |password| {
        let mut hash = Zeroizing::new(vec![0; length]);
        match yescrypt::yescrypt(password, &salt, &params, &mut hash) {
            Ok(()) => hash,
            Err(_) => Zeroizing::default(),
        }
    })
}
