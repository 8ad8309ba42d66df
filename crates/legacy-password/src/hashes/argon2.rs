//! Argon2 in the PHC string format: `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`.
//!
//! Source: <https://github.com/P-H-C/phc-winner-argon2>, <https://github.com/P-H-C/phc-string-format>

use argon2::{Algorithm, Version};

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::argon2::Argon2;
use crate::encoding::{decimal, from_base64};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "argon2id",
        begins: &["$argon2id$"],
        read: |written| read(written, "$argon2id$", Algorithm::Argon2id),
    },
    Definition {
        name: "argon2i",
        begins: &["$argon2i$"],
        read: |written| read(written, "$argon2i$", Algorithm::Argon2i),
    },
    Definition {
        name: "argon2d",
        begins: &["$argon2d$"],
        read: |written| read(written, "$argon2d$", Algorithm::Argon2d),
    },
];

fn read(written: &Written<'_>, begin: &str, algorithm: Algorithm) -> Result<Stored, Unsupported> {
    let (argon2, expected) = parts(written.after(begin)?, algorithm)
        .ok_or(Unsupported::Malformed("Argon2's parameters, salt or hash"))?;
    argon2.stored(expected, written.limits)
}

fn parts(text: &str, algorithm: Algorithm) -> Option<(Argon2, Vec<u8>)> {
    let (version, rest) = match text.strip_prefix("v=") {
        Some(rest) => rest.split_once('$')?,
        // The version was not written before it was 19.
        None => ("16", text),
    };
    let version = match version {
        "16" => Version::V0x10,
        "19" => Version::V0x13,
        _ => return None,
    };
    let (parameters, rest) = rest.split_once('$')?;
    let (salt, hash) = rest.split_once('$')?;
    let mut parameters = parameters.split(',').peekable();
    let memory_kib = decimal(parameters.next()?.strip_prefix("m=")?)?;
    let passes = decimal(parameters.next()?.strip_prefix("t=")?)?;
    let lanes = decimal(parameters.next()?.strip_prefix("p=")?)?;
    let mut optional = |name: &str| match parameters.peek().and_then(|text| text.strip_prefix(name))
    {
        Some(value) => {
            parameters.next();
            from_base64(value)
        }
        None => Some(Vec::new()),
    };
    let key_id = optional("keyid=")?;
    let data = optional("data=")?;
    if parameters.next().is_some() {
        return None;
    }
    let argon2 = Argon2 {
        algorithm,
        version,
        memory_kib,
        passes,
        lanes,
        salt: from_base64(salt)?,
        key_id,
        data,
    };
    Some((argon2, from_base64(hash)?))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_argon2_is_refused() {
        check_refused(
            "argon2id",
            Value::Null,
            &[
                "$argon2id$v=18$m=64,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$t=1,m=64,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=064,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1,p=1,x=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1,p=0$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=7,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1,p=1$$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$",
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$c2FsdA",
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ",
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ$x",
                "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$argon2id$",
                "",
            ],
        );
    }
}
