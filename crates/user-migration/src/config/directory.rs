use std::collections::BTreeSet;
use std::path::PathBuf;

use entrypoint::Env;
use legacy_users::Address;

/// A directory that is asked by LDAP, and how users are found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directory {
    /// `ldaps://<host>[:<port>]`, or `ldap://` where StartTLS follows before anything else.
    pub(crate) url: String,
    /// Who searches.
    pub(crate) bind_dn: String,
    pub(crate) base_dn: String,
    filter: String,
    /// What holds the name that users type.
    pub(crate) name_attribute: String,
    /// The addresses that only the directory's administrators can write.
    pub(crate) verified: BTreeSet<Address>,
    /// Whose password is tried for users who do not exist.
    pub(crate) sample_dn: String,
    pub(crate) roots: Option<PathBuf>,
}

/// Where the name goes.
const NAME: &str = "{name}";

impl Directory {
    pub(super) fn from_env(env: &mut Env) -> Self {
        let dn = "a distinguished name";
        let directory = Self {
            url: env.required("LDAP_URL", "ldaps://<host> or ldap://<host>"),
            bind_dn: env.required("LDAP_BIND_DN", dn),
            base_dn: env.required("LDAP_BASE_DN", dn),
            filter: env.required("LDAP_FILTER", "a filter with {name}"),
            name_attribute: env.required("LDAP_NAME_ATTRIBUTE", "an attribute"),
            verified: verified(env),
            sample_dn: env.required("LDAP_SAMPLE_DN", dn),
            roots: env.optional("TRUSTED_ROOTS"),
        };
        if !directory.url.is_empty() && !is_directory(&directory.url) {
            env.problem("LDAP_URL", "expected ldaps://<host> or ldap://<host>");
        }
        if !directory.filter.is_empty() && ldap3::parse_filter(directory.filter("x")).is_err() {
            env.problem("LDAP_FILTER", "expected a filter in parentheses");
        }
        if !directory.filter.is_empty() && !directory.filter.contains(NAME) {
            env.problem("LDAP_FILTER", "expected {name} in it");
        }
        directory
    }

    /// The filter for that name, in which nothing is syntax: each byte but letters and digits is escaped, non-ASCII ones included.
    ///
    /// Source: RFC 4515, section 3 (`escaped`).
    pub(crate) fn filter(&self, name: &str) -> String {
        let escaped = name.bytes().fold(String::new(), |escaped, byte| {
            if byte.is_ascii_alphanumeric() {
                escaped + char::from(byte).encode_utf8(&mut [0])
            } else {
                escaped + &format!("\\{byte:02x}")
            }
        });
        self.filter.replace(NAME, &escaped)
    }
}

fn verified(env: &mut Env) -> BTreeSet<Address> {
    let words: Vec<String> = env.list("LDAP_VERIFIED");
    let mut verified = BTreeSet::new();
    for word in words {
        match &*word {
            "email" => verified.insert(Address::Email),
            "phone_number" => verified.insert(Address::PhoneNumber),
            _ => {
                env.problem("LDAP_VERIFIED", "expected email or phone_number");
                false
            }
        };
    }
    verified
}

/// A scheme that ends in TLS, a host, perhaps a port, and nothing else.
fn is_directory(url: &str) -> bool {
    let Some(("ldap" | "ldaps", authority)) = url.split_once("://") else {
        return false;
    };
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "636"));
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    !host.is_empty() && host.bytes().all(is_host) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 6] = [
        ("LDAP_URL", "ldaps://directory.example.org"),
        ("LDAP_BIND_DN", "cn=lifeguard,dc=example,dc=org"),
        ("LDAP_BASE_DN", "dc=example,dc=org"),
        (
            "LDAP_FILTER",
            "(&(objectClass=person)(|(uid={name})(mail={name})))",
        ),
        ("LDAP_NAME_ATTRIBUTE", "uid"),
        ("LDAP_SAMPLE_DN", "cn=nobody,dc=example,dc=org"),
    ];

    /// What is wrong when these variables differ.
    #[track_caller]
    fn check<const N: usize>(changed: [(&str, &str); N], expected: &str) {
        let mut pairs = GOOD.to_vec();
        pairs.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        pairs.extend(changed);
        // As many as there can be here, since an environment for tests is of a fixed size.
        pairs.resize(8, ("", ""));
        let mut env = Env::of_pairs::<8>(pairs.try_into().unwrap());
        let directory = Directory::from_env(&mut env);
        let problems = env
            .check(directory)
            .err()
            .map(|problems| problems.to_string());
        let problems = problems.unwrap_or_default();
        let lines: Vec<_> = problems.lines().skip(1).map(str::trim).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn only_a_directory_with_tls_and_a_filter_with_the_name() {
        check([], "");
        check([("LDAP_URL", "ldap://directory.example.org:389")], "");
        for url in [
            "http://directory.example.org",
            "ldapi:///run/slapd",
            "ldap://",
            "ldap://user@directory.example.org",
            "ldap://directory.example.org/dc=example",
            "ldap://directory.example.org:x",
            "directory.example.org",
        ] {
            let problem = "LDAP_URL: expected ldaps://<host> or ldap://<host>";
            check([("LDAP_URL", url)], problem);
        }
        check(
            [("LDAP_FILTER", "(uid=*)")],
            "LDAP_FILTER: expected {name} in it",
        );
        check(
            [("LDAP_FILTER", "(uid={name}")],
            "LDAP_FILTER: expected a filter in parentheses",
        );
        check(
            [("LDAP_VERIFIED", "email, fax")],
            "LDAP_VERIFIED: expected email or phone_number",
        );
        check(
            [("LDAP_SAMPLE_DN", "")],
            "LDAP_SAMPLE_DN: not set; expected a distinguished name",
        );
    }

    #[test]
    fn nothing_of_a_name_is_syntax() {
        let directory = Directory::from_env(&mut Env::of_pairs([("LDAP_FILTER", "(uid={name})")]));
        for (name, expected) in [
            ("ines", "(uid=ines)"),
            ("*", r"(uid=\2a)"),
            ("*)(uid=*", r"(uid=\2a\29\28uid\3d\2a)"),
            ("ines)(|(uid=*", r"(uid=ines\29\28\7c\28uid\3d\2a)"),
            ("ines\0", r"(uid=ines\00)"),
            (r"ines\2a", r"(uid=ines\5c2a)"),
            ("{name}", r"(uid=\7bname\7d)"),
            ("inés", r"(uid=in\c3\a9s)"),
        ] {
            assert_eq!(directory.filter(name), expected, "{name:?}");
        }
    }
}
