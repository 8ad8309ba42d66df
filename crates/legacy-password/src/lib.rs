//! Password hashes of other systems: recognised, bounded before any work, verified.
//!
//! A hash is known by how it begins, or by the format that the operator has named; nothing is tried in turn. Its parameters are held against
//! [`Limits`] before anything is computed. A password is then checked as the other system would have: in constant time as far as the hash
//! goes, with its pepper, and in other encodings where that is configured ([`Preparation`]).
//!
//! ```
//! use legacy_password::{LegacyHash, Limits};
//!
//! let hash = LegacyHash::parse("$2y$04$LkodE8DRvbeo0hrs2cnLHe4p2kRKFT/ggG3y2xz3gEqjKhlHD6jvq", &Limits::default())?;
//! assert_eq!(hash.format().name(), "bcrypt");
//! assert!(hash.verify("pässwörd🔑".as_bytes()));
//! assert!(!hash.verify(b"sesame street 42"));
//!
//! // For somebody who has no hash: the same work, and never right.
//! assert!(!hash.into_dummy().verify("pässwörd🔑".as_bytes()));
//! # Ok::<(), legacy_password::Unsupported>(())
//! ```
//!
//! It makes no hashes, keeps none, and prints none: neither `Debug` nor an error shows anything of a hash, a salt, a key or a password. Copies
//! of passwords and what is derived from them are wiped, as far as the algorithms' own crates do so.
//!
//! # Formats
//!
//! | Format | Begins with | Comes from |
//! | --- | --- | --- |
//! | `argon2id`, `argon2i`, `argon2d` | `$argon2id$` … | PHP, Laravel, Django (`argon2$argon2id$`), Spring (`{argon2}`), LDAP (`{ARGON2}`), Ory Kratos |
//! | `bcrypt` | `$2a$`, `$2b$`, `$2y$` | PHP, Laravel, Rails, Node, Go, Supabase, Parse, Auth0, Spring (`{bcrypt}`), LDAP (`{BCRYPT}`) |
//! | `wordpress-bcrypt` | `$wp$2y$` | WordPress from 6.8 |
//! | `phpass` | `$P$`, `$H$` | WordPress until 6.7, phpBB 3 |
//! | `drupal`, `drupal-md5` | `$S$`; `U$S$`, `U$P$`, `U$H$` | Drupal 7 to 9; accounts from Drupal 6 |
//! | `django-pbkdf2-sha256`, `django-pbkdf2-sha1` | `pbkdf2_sha256$`, `pbkdf2_sha1$` | Django |
//! | `django-scrypt`, `django-bcrypt`, `django-bcrypt-sha256` | `scrypt$`, `bcrypt$$`, `bcrypt_sha256$$` | Django |
//! | `django-sha1`, `django-md5` | `sha1$`, `md5$` | Django until 5.0 |
//! | `werkzeug-scrypt`, `werkzeug-pbkdf2` | `scrypt:`, `pbkdf2:` | Flask |
//! | `werkzeug-hmac` | `sha256$`, `sha512$` …; `sha1$` and `md5$` configured | Flask, old |
//! | `passlib-pbkdf2`, `passlib-bcrypt-sha256` | `$pbkdf2-sha256$29000$` …, `$bcrypt-sha256$` | passlib |
//! | `phc-pbkdf2`, `phc-scrypt` | `$pbkdf2-sha256$i=` …, `$scrypt$` | the PHC string format, passlib, Ory Kratos |
//! | `sha256-crypt`, `sha512-crypt` | `$5$`, `$6$` | crypt(3), LDAP (`{CRYPT}`), Ory Kratos (`$sha512-crypt$`) |
//! | `md5-crypt`, `apr1` | `$1$`, `$apr1$` | crypt(3), Apache's `htpasswd` |
//! | `scrypt-crypt`, `yescrypt` | `$7$`, `$y$` | crypt(3) |
//! | `ldap-digest` | `{SSHA}`, `{SHA}`, `{SMD5}`, `{MD5}`, `{SSHA512}` … | LDAP servers |
//! | `ldap-pbkdf2` | `{PBKDF2-SHA256}` … | OpenLDAP |
//! | `spring-pbkdf2`, `spring-scrypt` | `{pbkdf2}`, `{scrypt}`, each also with `@SpringSecurity_v5_8` | Spring Security |
//! | `spring-sha256`, `spring-digest` | `{sha256}`; `{SHA-256}`, `{MD5}{` … | Spring Security, old |
//! | `kratos-digest`, `kratos-hmac` | `$sha256$pf=` …, `$md5$`; `$hmac-sha256$` … | Ory Kratos |
//! | `authgear-bcrypt-sha512` | `$bcrypt-sha512$` | Authgear |
//! | `firebase-scrypt` | `$firescrypt$`, `$fbscrypt$`, or configured | Firebase; Ory Kratos, Supabase and Clerk, which carry it |
//! | `clerk-pbkdf2` | configured | Clerk's own PBKDF2, which looks like Django's |
//! | `aspnet-identity` | configured | ASP.NET Identity 2 and 3, ASP.NET MVC |
//! | `keycloak` | configured | Keycloak: a credential of a realm's export |
//! | `auth0` | configured | Auth0's `custom_password_hash` |
//! | `okta` | configured | the hash object of Okta's import |
//! | `fusionauth` | configured | FusionAuth's columns |
//! | `meteor` | configured | Meteor |
//! | `digest` | configured | whatever has bare MD5, SHA-1 or SHA-2 |
//!
//! What other systems put around one of these is taken off: `{CRYPT}`, `{BCRYPT}`, `{ARGON2}`, `{ldap}`, and Django's `argon2`.
//!
//! Refused by name: passwords in clear text (`{noop}`, `{CLEARTEXT}`), Django's unusable ones (`!`), bcrypt of before 1998 and with the bug of
//! 2011 (`$2$`, `$2x$`), DES and Sun's MD5 of crypt(3), those of Windows and MySQL; and, unless the format is configured, what is ambiguous:
//! bare hexadecimal, and `pbkdf2_sha256$` with a salt of more than letters and digits, which is Clerk's rather than Django's.
//!
//! # Settings
//!
//! [`LegacyHash::parse_as`] takes a format and what does not stand in the text itself, as a JSON object:
//!
//! | Format | Text | Settings; those in brackets can be left out |
//! | --- | --- | --- |
//! | `firebase-scrypt` | `passwordHash` of the export | `salt`, `signerKey`, [`saltSeparator`, `rounds`, `memCost`] |
//! | `fusionauth` | the column `password` | `encryptionScheme`, `salt`, `factor` |
//! | `digest` | hexadecimal | `algorithm`, [`encoding`: `base64`; `salt`; `saltEncoding`: `hex`, `base64`; `saltPosition`: `suffix`] |
//! | `keycloak` | the object with `secretData` and `credentialData` | |
//! | `auth0`, `okta` | the JSON object | |
//! | `aspnet-identity`, `clerk-pbkdf2`, `meteor`, `werkzeug-hmac` | the hash | |
//!
//! # What the limits take
//!
//! At each of the default [`Limits`] a check takes 0.4 to 0.9 s of one core of a server of 2024, which is a Lambda function of 1,769 MB; one of
//! 512 MB has less than a third of it, and takes 1.5 to 3 s. Argon2 with 64 MiB and 3 passes takes 0.2 s of such a core, bcrypt of cost 12
//! 0.3 s; a hash that is too costly is refused in a microsecond. The example `costs` measures all that. Of a password that can have several
//! forms ([`Preparation`]) as many are checked as together take two seconds by that measure.
//!
//! # Adding a format
//!
//! One file in `hashes/`, which says how the hashes begin, reads them and names an algorithm; one line in `hashes.rs`; and vectors of another
//! implementation in `vectors/`, without which a test fails. An algorithm that is not there yet has its own file in `algorithms/`.

mod algorithms;
mod encoding;
mod format;
mod hashes;
mod legacy_hash;
mod limits;
mod preparation;
mod recognition;
mod refused;
mod stored;
mod unsupported;

pub use format::{Format, UnknownFormat};
pub use legacy_hash::LegacyHash;
pub use limits::{Limits, UnknownLimit};
pub use preparation::{Fallback, Pepper, Preparation};
pub use stored::Cost;
pub use unsupported::Unsupported;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Format;

    #[test]
    fn the_documentation_names_every_format_and_no_other() {
        let source = include_str!("lib.rs");
        let table = source
            .split("//! # ")
            .find(|part| part.starts_with("Formats"))
            .unwrap();
        let documented: BTreeSet<&str> = table
            .lines()
            .filter_map(|line| line.strip_prefix("//! | `")?.split(" | ").next())
            .flat_map(|names| names.split(", "))
            .map(|name| name.trim_matches('`'))
            .collect();
        assert_eq!(documented, Format::all().map(Format::name).collect());
    }
}
