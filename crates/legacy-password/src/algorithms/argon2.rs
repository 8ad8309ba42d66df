//! Argon2 (RFC 9106).

use argon2::{Algorithm, AssociatedData, KeyId, ParamsBuilder, Version};
use zeroize::Zeroizing;

use crate::limits::at_most;
use crate::stored::{Cost, Stored};
use crate::{Limits, Unsupported};

/// RFC 9106 wants 8 bytes of salt at least, and more than 64 stand nowhere.
const SALT_BYTES: std::ops::RangeInclusive<usize> = 8..=64;

/// Filling 1 KiB once, in nanoseconds.
const NANOSECONDS_PER_KIB: u64 = 900;

pub(crate) struct Argon2 {
    pub(crate) algorithm: Algorithm,
    pub(crate) version: Version,
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
    pub(crate) salt: Vec<u8>,
    pub(crate) key_id: Vec<u8>,
    pub(crate) data: Vec<u8>,
}

impl Argon2 {
    pub(crate) fn stored(self, expected: Vec<u8>, limits: &Limits) -> Result<Stored, Unsupported> {
        let memory_kib = u64::from(self.memory_kib);
        let work = memory_kib * u64::from(self.passes);
        at_most(memory_kib, limits.memory_kib, "memory in KiB")?;
        at_most(
            work,
            limits.argon2_work,
            "Argon2's memory in KiB times passes",
        )?;
        at_most(self.lanes.into(), limits.argon2_lanes, "Argon2's lanes")?;
        if !SALT_BYTES.contains(&self.salt.len()) {
            return Err(Unsupported::Malformed("the salt is too short or too long"));
        }
        let malformed = |_| Unsupported::Malformed("Argon2 does not have these parameters");
        let params = ParamsBuilder::new()
            .m_cost(self.memory_kib)
            .t_cost(self.passes)
            .p_cost(self.lanes)
            .keyid(KeyId::new(&self.key_id).map_err(malformed)?)
            .data(AssociatedData::new(&self.data).map_err(malformed)?)
            .build()
            .map_err(malformed)?;
        let argon2 = argon2::Argon2::new(self.algorithm, self.version, params);
        let cost = Cost {
            memory_kib,
            ..Cost::of_steps(work, NANOSECONDS_PER_KIB)
        };
        let (salt, length) = (self.salt, expected.len());
        Stored::new(expected, cost, move |password| {
            let mut hash = Zeroizing::new(vec![0; length]);
            match argon2.hash_password_into(password, &salt, &mut hash) {
                Ok(()) => hash,
                // There is less memory than was thought: nothing can be checked, so nothing fits.
                Err(_) => Zeroizing::default(),
            }
        })
    }
}
