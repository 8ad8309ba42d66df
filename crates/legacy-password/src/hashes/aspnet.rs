//! ASP.NET Identity, both versions by their first byte, and the older membership of MVC, which is version 2.
//!
//! Source: <https://github.com/dotnet/aspnetcore/blob/main/src/Identity/Extensions.Core/src/PasswordHasher.cs>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest::{Sha1, Sha256, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::encoding::from_base64;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "aspnet-identity",
    begins: &[],
    read,
}];

/// Of both parts, by the source.
const MIN_BYTES: usize = 16;

/// Version 2 has no parameters.
const ITERATIONS_OF_2: u32 = 1000;
const SUBKEY_BYTES_OF_2: usize = 32;

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let malformed = Unsupported::Malformed("the version, the salt or the subkey");
    let bytes = from_base64(written.text).ok_or(malformed)?;
    let (pbkdf2, subkey) = match bytes.split_first() {
        Some((0, rest)) => version_2(rest),
        Some((1, rest)) => version_3(rest),
        _ => None,
    }
    .ok_or(malformed)?;
    pbkdf2.stored(subkey.to_vec(), written.limits)
}

fn version_2(bytes: &[u8]) -> Option<(Pbkdf2, &[u8])> {
    let (salt, subkey) = bytes.split_at_checked(MIN_BYTES)?;
    let pbkdf2 = Pbkdf2 {
        digest: Sha1,
        iterations: ITERATIONS_OF_2,
        salt: salt.to_vec(),
    };
    (subkey.len() == SUBKEY_BYTES_OF_2).then_some((pbkdf2, subkey))
}

fn version_3(bytes: &[u8]) -> Option<(Pbkdf2, &[u8])> {
    let (digest, rest) = number(bytes)?;
    let (iterations, rest) = number(rest)?;
    let (salt_bytes, rest) = number(rest)?;
    let (salt, subkey) = rest.split_at_checked(salt_bytes.try_into().ok()?)?;
    let digest = match digest {
        0 => Sha1,
        1 => Sha256,
        2 => Sha512,
        _ => return None,
    };
    let pbkdf2 = Pbkdf2 {
        digest,
        iterations,
        salt: salt.to_vec(),
    };
    (salt.len() >= MIN_BYTES && subkey.len() >= MIN_BYTES).then_some((pbkdf2, subkey))
}

/// The first four bytes, highest first.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_of_either_version_is_refused() {
        check_refused(
            "aspnet-identity",
            Value::Null,
            &[
                "",
                "AA==",
                "Ag==",
                "AFG1RXNu1urPZ2VJVxDAzhUsqJz4kspkimiIoOSveIG3K1i6BNS61OeAjdph01ld",
                "AFG1RXNu1urPZ2VJVxDAzhUsqJz4kspkimiIoOSveIG3K1i6BNS61OeAjdph01ld8gA=",
                "AQAAAAEAACcQ/////3NhbHRzYWx0c2FsdHNhbHQ=",
                "AQAAAAMAACcQAAAAEHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdA==",
                "AQAAAAEAACcQAAAACHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdA==",
                "AQAAAAEAAAAAAAAAEHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0",
            ],
        );
    }
}
