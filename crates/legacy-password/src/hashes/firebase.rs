//! Firebase Authentication's scrypt: as exported, with the project's parameters as settings, and as Ory Kratos, Supabase and Clerk carry it.
//!
//! Settings of `firebase-scrypt`: `salt` of the user, `signerKey` and `saltSeparator` of the project (each base64, as Firebase shows them; the
//! separator is `Bw==` unless told otherwise), `rounds` (8) and `memCost` (14).
//!
//! Source: <https://firebase.google.com/docs/cli/auth>, <https://github.com/firebase/scrypt>,
//! <https://github.com/ory/kratos/blob/master/hash/hash_comparator.go>, <https://github.com/supabase/auth/blob/master/internal/crypto/password.go>

use serde::Deserialize;

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::firebase::FirebaseScrypt;
use crate::encoding::{decimal, fields, from_base64_of_either_alphabet as from_base64, values};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "firebase-scrypt",
    begins: &["$firescrypt$", "$fbscrypt$"],
    read,
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Settings {
    salt: String,
    signer_key: String,
    #[serde(default = "usual_separator")]
    salt_separator: String,
    #[serde(default = "usual_rounds")]
    rounds: u32,
    #[serde(default = "usual_mem_cost")]
    mem_cost: u32,
}

fn usual_separator() -> String {
    "Bw==".to_owned()
}

fn usual_rounds() -> u32 {
    8
}

fn usual_mem_cost() -> u32 {
    14
}

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let (firebase, expected) = if let Some(text) = written.text.strip_prefix("$firescrypt$") {
        kratos(text)
    } else if let Some(text) = written.text.strip_prefix("$fbscrypt$") {
        supabase(text)
    } else if written.text.contains('$') {
        clerk(written.text)
    } else {
        let expected = "salt and signerKey, and possibly saltSeparator, rounds and memCost";
        let settings = written.settings(expected)?;
        exported(written.text, &settings)
    }
    .ok_or(Unsupported::Malformed(
        "the parameters, the salt, a key or the hash",
    ))?;
    firebase.stored(expected, written.limits)
}

fn exported(text: &str, settings: &Settings) -> Option<(FirebaseScrypt, Vec<u8>)> {
    let firebase = FirebaseScrypt {
        salt: from_base64(&settings.salt)?,
        salt_separator: from_base64(&settings.salt_separator)?,
        signer_key: from_base64(&settings.signer_key)?,
        rounds: settings.rounds,
        mem_cost: settings.mem_cost,
    };
    Some((firebase, from_base64(text)?))
}

/// `ln=14,r=8,p=1$salt$hash$separator$key`
fn kratos(text: &str) -> Option<(FirebaseScrypt, Vec<u8>)> {
    let [parameters, salt, hash, separator, key] = fields(text, '$')?;
    let [mem_cost, rounds, "1"] = values(parameters, ["ln", "r", "p"])? else {
        return None;
    };
    from_parts([hash, salt, key, separator, rounds, mem_cost])
}

/// `v=1,n=14,r=8,p=1,ss=separator,sk=key$salt$hash`
fn supabase(text: &str) -> Option<(FirebaseScrypt, Vec<u8>)> {
    let [parameters, salt, hash] = fields(text, '$')?;
    let ["1", mem_cost, rounds, "1", separator, key] =
        values(parameters, ["v", "n", "r", "p", "ss", "sk"])?
    else {
        return None;
    };
    from_parts([hash, salt, key, separator, rounds, mem_cost])
}

/// `hash$salt$key$separator$rounds$memory cost`
fn clerk(text: &str) -> Option<(FirebaseScrypt, Vec<u8>)> {
    from_parts(fields(text, '$')?)
}

fn from_parts(
    [hash, salt, key, separator, rounds, mem_cost]: [&str; 6],
) -> Option<(FirebaseScrypt, Vec<u8>)> {
    let firebase = FirebaseScrypt {
        salt: from_base64(salt)?,
        salt_separator: from_base64(separator)?,
        signer_key: from_base64(key)?,
        rounds: decimal(rounds)?,
        mem_cost: decimal(mem_cost)?,
    };
    Some((firebase, from_base64(hash)?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_firebases_is_refused() {
        check_refused(
            "firebase-scrypt",
            Value::Null,
            &[
                "",
                "c2FsdHNhbHRzYWx0c2FsdA==",
                "$firescrypt$ln=14,r=8,p=2$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ$Bw==$c2FsdA==",
                "$fbscrypt$v=2,n=14,r=8,p=1,ss=Bw==,sk=c2FsdA==$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "a$b$c$d$e$f",
                "$",
            ],
        );
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        check_refused(
            "firebase-scrypt",
            json!({ "salt": "c2FsdA==", "signerKey": "c2FsdA==", "membCost": 14 }),
            &["c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ="],
        );
    }
}
