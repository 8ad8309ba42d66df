//! scrypt (RFC 7914).

use zeroize::Zeroizing;

use crate::limits::at_most;
use crate::stored::{Cost, Secret, Stored};
use crate::{Limits, Unsupported};

/// One of N times r times p steps, in nanoseconds: 128 bytes are mixed twice.
const NANOSECONDS: u64 = 450;

/// Parameters within their limits.
#[derive(Clone, Copy)]
pub(crate) struct Scrypt {
    params: scrypt::Params,
    cost: Cost,
}

impl Scrypt {
    /// N is a power of two, and not its logarithm.
    pub(crate) fn new(n: u64, r: u32, p: u32, limits: &Limits) -> Result<Self, Unsupported> {
        let work = n.saturating_mul(r.into()).saturating_mul(p.into());
        at_most(work, limits.scrypt_work, "scrypt's N times r times p")?;
        let malformed = Unsupported::Malformed("scrypt does not have these parameters");
        // RFC 7914, section 6.
        let too_parallel = u64::from(r) * u64::from(p) >= 1 << 30;
        if !n.is_power_of_two() || n < 2 || too_parallel {
            return Err(malformed);
        }
        let log_n = n.ilog2().try_into().map_err(|_| malformed)?;
        let params = scrypt::Params::new(log_n, r, p).map_err(|_| malformed)?;
        // 128 bytes times r for each of N steps (RFC 7914, section 5).
        let memory_kib = n.saturating_mul(r.into()) / 8;
        at_most(memory_kib, limits.memory_kib, "memory in KiB")?;
        let cost = Cost {
            memory_kib,
            ..Cost::of_steps(work, NANOSECONDS)
        };
        Ok(Self { params, cost })
    }

    pub(crate) fn stored(self, salt: Vec<u8>, expected: Vec<u8>) -> Result<Stored, Unsupported> {
        let length = expected.len();
        Stored::new(expected, self.cost, move |password| {
            self.derive(password, &salt, length)
        })
    }

    pub(crate) fn cost(self) -> Cost {
        self.cost
    }

    /// So many bytes; none if that is none.
    pub(crate) fn derive(self, password: &[u8], salt: &[u8], length: usize) -> Secret {
        let mut key = Zeroizing::new(vec![0; length]);
        match scrypt::scrypt(password, salt, &self.params, &mut key) {
            Ok(()) => key,
            Err(_) => Zeroizing::default(),
        }
    }
}
