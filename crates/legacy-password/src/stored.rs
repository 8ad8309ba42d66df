//! What every format comes down to: a way from a password to some bytes, and the bytes that the right one gives.

use std::time::Duration;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Unsupported;

/// Bytes from which a password can be told, gone from memory after use.
pub(crate) type Secret = Zeroizing<Vec<u8>>;

type Derive = Box<dyn Fn(&[u8]) -> Secret + Send + Sync>;

/// Shorter hashes are found by chance (a password in 2^80 fits by accident); the PHC string format has the same bound.
const MIN_BYTES: usize = 10;

/// Longer ones exist nowhere: Node's documentation derives 64 bytes, some applications 512.
const MAX_BYTES: usize = 512;

/// What one check costs, as an estimate; see [`LegacyHash::cost`](crate::LegacyHash::cost).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Time on one core of a server of 2024, which is a Lambda function with 1,769 MB; with less memory it takes in proportion longer.
    pub time: Duration,
    /// Memory that is allocated for it, in KiB.
    pub memory_kib: u64,
}

impl Cost {
    /// Work that needs no memory to speak of, by the nanoseconds that one of its steps takes.
    pub(crate) fn of_steps(steps: u64, nanoseconds: u64) -> Self {
        Self {
            time: Duration::from_nanos(steps.saturating_mul(nanoseconds)),
            memory_kib: 0,
        }
    }
}

pub(crate) struct Stored {
    derive: Derive,
    expected: Secret,
    cost: Cost,
}

impl Stored {
    /// `derive` gives nothing, or anything else than `expected`, where the password is wrong or cannot be checked.
    pub(crate) fn new(
        expected: Vec<u8>,
        cost: Cost,
        derive: impl Fn(&[u8]) -> Secret + Send + Sync + 'static,
    ) -> Result<Self, Unsupported> {
        if !(MIN_BYTES..=MAX_BYTES).contains(&expected.len()) {
            return Err(Unsupported::Malformed(
                "the hash itself is too short or too long",
            ));
        }
        Ok(Self {
            derive: Box::new(derive),
            expected: expected.into(),
            cost,
        })
    }

    /// The same, of what is made of the password first.
    pub(crate) fn of(self, prepare: impl Fn(&[u8]) -> Secret + Send + Sync + 'static) -> Self {
        let derive = self.derive;
        Self {
            derive: Box::new(move |password| derive(&prepare(password))),
            ..self
        }
    }

    pub(crate) fn cost(&self) -> Cost {
        self.cost
    }

    /// The time that this takes depends on the parameters and the password's length, not on how much of the hash fits.
    pub(crate) fn is_of(&self, password: &[u8]) -> bool {
        (self.derive)(password).ct_eq(&self.expected).into()
    }
}
