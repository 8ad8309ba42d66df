//! OpenLDAP's slapd, which takes nothing without TLS and has a password policy. To it, as to many others, a bind without a password succeeds.

use std::process::Command;
use std::sync::OnceLock;

use super::certificates;
use super::server::{Folder, Server, free_port, program, run};
use crate::conformance::PASSWORD;
use crate::injections::SYNTAX;

pub(crate) struct Directory {
    /// With the port of `ldaps`.
    pub(crate) server: Server,
    /// The port where TLS has to be started.
    pub(crate) plain_port: u16,
}

/// The one of this process.
pub(crate) fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(start)
}

fn start() -> Directory {
    let slapd = program(&["/usr/sbin/slapd".into()], "slapd");
    let folder = Folder::new();
    certificates::write(&folder);
    folder.make("database");
    let config = folder.write("slapd.conf", &config(&folder.show("")));
    let entries = folder.write("entries.ldif", &entries());
    let add = ["-T", "add", "-f", &config, "-l", &entries];
    run(folder.command(&slapd).args(add));
    let [plain_port, port] = [free_port(), free_port()];
    let listeners = format!("ldap://127.0.0.1:{plain_port} ldaps://127.0.0.1:{port}");
    let mut program = Command::new(slapd);
    // At this level it logs every operation, and does not go into the background.
    program.args(["-f", &config, "-h", &listeners, "-d", "256"]);
    Directory {
        server: Server::start(folder, port, &mut program, "slapd starting"),
        plain_port,
    }
}

fn config(folder: &str) -> String {
    format!(
        "include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
security tls=1
allow bind_anon_dn
sizelimit 500
database mdb
maxsize 10485760
suffix dc=example,dc=org
directory {folder}/database
overlay ppolicy
ppolicy_default cn=policy,dc=example,dc=org
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact=cn=lifeguard,dc=example,dc=org read by * none
"
    )
}

/// More than a person has in most directories, for the conformance test.
const INES: &str = "objectClass: extensibleObject
email: ines@example.org
name: Ines
givenName: Inês
";

/// The service account, the sample, and the users.
fn entries() -> String {
    let mut entries = String::from(
        "dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: cn=policy,dc=example,dc=org
objectClass: organizationalRole
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMustChange: TRUE
pwdMaxAge: 86400

dn: cn=lifeguard,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: lifeguard
userPassword: the service's

dn: cn=sample,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: sample
userPassword: Nobody-Has-This-1

",
    );
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
