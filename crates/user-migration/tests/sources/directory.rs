//! The directory, and who is in it.

use std::sync::OnceLock;

use test_servers::slapd::{self, Directory};

use crate::conformance::PASSWORD;
use crate::injections::SYNTAX;

/// The one of this process.
pub(crate) fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| slapd::start(&entries()))
}

/// More than a person has in most directories, for the conformance test.
const INES: &str = "objectClass: extensibleObject
email: ines@example.org
name: Ines
givenName: Inês
";

fn entries() -> String {
    let mut entries = String::new();
    for (entry, name, more) in [
        ("ines", "Ines@Example.org", INES),
        ("known", "known", ""),
        ("syntax", SYNTAX, ""),
        ("twin-1", "twin", ""),
        ("twin-2", "Twin", ""),
        ("twin-too-1", "twin-too", ""),
        ("twin-too-2", "twin-too", ""),
        (
            "disabled",
            "disabled",
            "pwdAccountLockedTime: 000001010000Z\n",
        ),
        (
            "disabled-too",
            "disabled-too",
            "pwdAccountLockedTime: 000001010000Z\n",
        ),
        ("expired", "expired", "pwdChangedTime: 20200101000000Z\n"),
        ("must-change", "must-change", "pwdReset: TRUE\n"),
    ] {
        entries += &format!(
            "dn: cn={entry},dc=example,dc=org
objectClass: inetOrgPerson
cn: {entry}
sn: {entry}
uid: {name}
userPassword: {PASSWORD}
{more}
"
        );
    }
    // Some are on another server, where nobody asks.
    entries += "dn: ou=elsewhere,dc=example,dc=org
objectClass: referral
objectClass: extensibleObject
ou: elsewhere
ref: ldap://127.0.0.1:1/dc=example,dc=org
";
    entries
}
