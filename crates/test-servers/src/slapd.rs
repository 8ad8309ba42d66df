//! OpenLDAP's slapd, which takes nothing without TLS and has a password policy. To it, as to many others, a bind without a password succeeds.

use std::process::Command;

use crate::certificates;
use crate::server::{Folder, Server, free_port, program, run};

/// Below which everything is.
pub const BASE_DN: &str = "dc=example,dc=org";

/// The account that reads everything but passwords.
pub const SERVICE_DN: &str = "cn=lifeguard,dc=example,dc=org";

/// Its password.
pub const SERVICE_PASSWORD: &str = "the service's";

/// An account as others are, with a password that nobody uses.
pub const SAMPLE_DN: &str = "cn=sample,dc=example,dc=org";

/// A directory.
pub struct Directory {
    /// With the port of `ldaps`.
    pub server: Server,
    /// The port where TLS has to be started.
    pub plain_port: u16,
}

/// One with these entries besides, as LDIF.
pub fn start(entries: &str) -> Directory {
    let slapd = program(&["/usr/sbin/slapd".into()], "slapd");
    let folder = Folder::new();
    certificates::write(&folder);
    folder.make("database");
    let config = folder.write("slapd.conf", &config(&folder.show("")));
    let entries = folder.write("entries.ldif", &[OWN_ENTRIES, entries].concat());
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

/// The suffix, the policy, the service account and the sample.
const OWN_ENTRIES: &str = "dn: dc=example,dc=org
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

";
