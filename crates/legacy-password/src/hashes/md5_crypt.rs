//! MD5 of crypt(3), `$1$`, and Apache's `$apr1$` of `htpasswd`.
//!
//! Source: <https://httpd.apache.org/docs/2.4/misc/password_encryptions.html>

use super::Definition;
use crate::Unsupported;
use crate::algorithms::md5_crypt;
use crate::encoding::fields;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "md5-crypt",
        begins: &["$1$", "$md5-crypt$"], // The latter is Ory Kratos's.
        read: |written| {
            let text = written.after("$1$");
            read(text.or_else(|_| written.after("$md5-crypt$"))?, "$1$")
        },
    },
    Definition {
        name: "apr1",
        begins: &["$apr1$"],
        read: |written| read(written.after("$apr1$")?, "$apr1$"),
    },
];

fn read(text: &str, magic: &'static str) -> Result<Stored, Unsupported> {
    let [salt, hash] = fields(text, '$').ok_or(Unsupported::Malformed("the salt or the hash"))?;
    md5_crypt::stored(magic, salt, hash)
}
