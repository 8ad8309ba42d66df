//! Ulrich Drepper's SHA-256 and SHA-512 of crypt(3).
//!
//! Source: <https://www.akkadia.org/drepper/SHA-crypt.txt>

use sha_crypt::Params;
use zeroize::Zeroizing;

use crate::encoding::to_itoa64;
use crate::limits::at_most;
use crate::stored::{Cost, Secret, Stored};
use crate::{Limits, Unsupported};

/// The specification's limit; what is longer in a stored text was never compared.
const MAX_SALT_BYTES: usize = 16;

/// One round with a short password, in nanoseconds.
const NANOSECONDS: u64 = 500;

/// Which of the two.
#[derive(Clone, Copy)]
pub(crate) enum ShaCrypt {
    Sha256,
    Sha512,
}

impl ShaCrypt {
    pub(crate) fn stored(
        self,
        rounds: u32,
        salt: &str,
        hash: &str,
        limits: &Limits,
    ) -> Result<Stored, Unsupported> {
        at_most(rounds.into(), limits.digest_rounds, "rounds")?;
        let params =
            Params::new(rounds).map_err(|_| Unsupported::Malformed("there are too few rounds"))?;
        let characters = match self {
            Self::Sha256 => 43,
            Self::Sha512 => 86,
        };
        if salt.len() > MAX_SALT_BYTES || hash.len() != characters {
            return Err(Unsupported::Malformed(
                "the salt or the hash has another length",
            ));
        }
        let salt = salt.as_bytes().to_vec();
        let cost = Cost::of_steps(rounds.into(), NANOSECONDS);
        Stored::new(hash.as_bytes().to_vec(), cost, move |password| match self {
            Self::Sha256 => digits(
                &sha_crypt::sha256_crypt(password, &salt, params),
                [20, 10, 0],
                |[a, b, c]| [b + 1, c + 1, a + 1],
            ),
            Self::Sha512 => digits(
                &sha_crypt::sha512_crypt(password, &salt, params),
                [42, 21, 0],
                |[a, b, c]| [c + 1, a + 1, b + 1],
            ),
        })
    }
}

/// Three bytes a third apart are four digits, each time with another of the thirds in front.
fn digits(digest: &[u8], first: [usize; 3], next: fn([usize; 3]) -> [usize; 3]) -> Secret {
    let whole = digest.len() / 3 * 3;
    let thirds = std::iter::successors(Some(first), |places| Some(next(*places)));
    let order = thirds
        .take(digest.len() / 3)
        .flatten()
        .chain(whole..digest.len());
    let transposed: Zeroizing<Vec<u8>> = Zeroizing::new(
        order
            .filter_map(|place| digest.get(place).copied())
            .collect(),
    );
    to_itoa64(&transposed).into_bytes().into()
}
