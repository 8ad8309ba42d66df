use std::collections::BTreeSet;
use std::str::FromStr;

use entrypoint::{Env, Problems};

use crate::claim_name::ClaimName;

/// What the function may put into tokens. A variable that is set to the empty text counts as not set.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `MEMBERSHIPS_TABLE` | name of the DynamoDB table with the memberships | required |
/// | `TENANT_CLAIM` | claim that bears the membership's tenant | `tenant` |
/// | `ROLES_CLAIM` | claim that bears its roles | `roles` |
/// | `PERMISSIONS_CLAIM` | claim that bears its permissions | `permissions` |
/// | `CLAIMS_IN` | tokens that bear claims: comma list of `id` and `access`; V1_0 events have claims in the ID token alone | both |
/// | `GRANTABLE_SCOPES` | comma list of the scopes that a membership may add | none |
/// | `GRANTABLE_GROUPS` | comma list of the groups that a membership may set; none leaves all groups alone | none |
/// | `MAX_CLAIMS_BYTES` | most bytes of JSON that the claims may add to one token, 1 to 6144 | 2048 |
/// | `ON_TABLE_ERROR` | when the membership cannot be read: `refuse` the tokens, or `issue-without` it | `refuse` |
#[derive(Debug)]
pub struct Config {
    pub(crate) memberships_table: String,
    pub(crate) tenant_claim: ClaimName,
    pub(crate) roles_claim: ClaimName,
    pub(crate) permissions_claim: ClaimName,
    pub(crate) claims_in_id_token: bool,
    pub(crate) claims_in_access_token: bool,
    pub(crate) grantable_scopes: BTreeSet<String>,
    pub(crate) grantable_groups: BTreeSet<String>,
    pub(crate) max_claims_bytes: usize,
    pub(crate) on_table_error: OnTableError,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed, all at once.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let tokens: Vec<Token> = env.list("CLAIMS_IN");
        let claims_in = |token| tokens.is_empty() || tokens.contains(&token);
        let scopes: Vec<Scope> = env.list("GRANTABLE_SCOPES");
        let groups: Vec<Group> = env.list("GRANTABLE_GROUPS");
        let on_table_error = [
            ("refuse", OnTableError::Refuse),
            ("issue-without", OnTableError::IssueWithout),
        ];
        let config = Self {
            memberships_table: env.required("MEMBERSHIPS_TABLE", "the name of a DynamoDB table"),
            tenant_claim: claim_name(&mut env, "TENANT_CLAIM", "tenant"),
            roles_claim: claim_name(&mut env, "ROLES_CLAIM", "roles"),
            permissions_claim: claim_name(&mut env, "PERMISSIONS_CLAIM", "permissions"),
            claims_in_id_token: claims_in(Token::Id),
            claims_in_access_token: claims_in(Token::Access),
            grantable_scopes: scopes.into_iter().map(|Scope(name)| name).collect(),
            grantable_groups: groups.into_iter().map(|Group(name)| name).collect(),
            max_claims_bytes: env.or("MAX_CLAIMS_BYTES", DEFAULT_CLAIMS_BYTES).0,
            on_table_error: env
                .choice("ON_TABLE_ERROR", on_table_error)
                .unwrap_or(OnTableError::Refuse),
        };
        config.check_claim_names_differ(&mut env);
        env.check(config)
    }

    fn check_claim_names_differ(&self, env: &mut Env) {
        let (tenant, roles) = (&self.tenant_claim, &self.roles_claim);
        if roles == tenant {
            env.problem("ROLES_CLAIM", "expected another claim than TENANT_CLAIM");
        }
        if [tenant, roles].contains(&&self.permissions_claim) {
            env.problem(
                "PERMISSIONS_CLAIM",
                "expected another claim than TENANT_CLAIM and ROLES_CLAIM",
            );
        }
    }
}

fn claim_name(env: &mut Env, variable: &str, default: &str) -> ClaimName {
    let default = default.parse().expect("the defaults are usable names");
    let name: ClaimName = env.or(variable, default);
    if SIMPLE_IN_ID_TOKEN.contains(&name.as_str()) {
        env.problem(
            variable,
            "expected another claim than `address` and `updated_at`",
        );
    }
    name
}

/// Claims that Cognito takes as text, number or boolean alone, in the ID token. It also says so of `email_verified` and
/// `phone_number_verified`, which are reserved here.
pub(crate) const SIMPLE_IN_ID_TOKEN: [&str; 2] = ["address", "updated_at"];

/// What to do when the membership cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnTableError {
    /// No tokens: the sign-in or refresh fails and can be tried again.
    Refuse,
    /// Tokens without claims and scopes of ours, and without groups if groups are ours to grant.
    IssueWithout,
}

#[derive(PartialEq)]
enum Token {
    Id,
    Access,
}

impl FromStr for Token {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "id" => Ok(Self::Id),
            "access" => Ok(Self::Access),
            _ => Err("expected a comma list of `id` and `access`"),
        }
    }
}

struct ClaimsBytes(usize);

/// Cognito documents no limit. Proxies and servers give all headers of a request 8 KiB, and cookies 4 KiB; base64 adds a third.
const DEFAULT_CLAIMS_BYTES: ClaimsBytes = ClaimsBytes(2048);

/// 6144 bytes are 8192 in base64: the whole of such a request.
const MAX_CLAIMS_BYTES: usize = 6144;

impl FromStr for ClaimsBytes {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(bytes @ 1..=MAX_CLAIMS_BYTES) => Ok(Self(bytes)),
            _ => Err("expected a number of bytes from 1 to 6144"),
        }
    }
}

struct Scope(String);

impl FromStr for Scope {
    type Err = &'static str;

    /// RFC 6749, section 3.3: visible ASCII without quotation mark and backslash.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a comma list of scopes, without blanks in them")
        }
    }
}

struct Group(String);

impl FromStr for Group {
    type Err = &'static str;

    /// The user pools API's `GroupNameType`: 1 to 128 characters, and no separators or control characters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |character: char| !character.is_whitespace() && !character.is_control();
        if text.chars().count() <= 128 && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a comma list of group names, without blanks in them")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_is_required() {
        let config =
            Config::from_env(Env::of_pairs([("MEMBERSHIPS_TABLE", "memberships")])).unwrap();
        assert_eq!(
            format!("{config:?}"),
            "Config { memberships_table: \"memberships\", tenant_claim: \"tenant\", roles_claim: \"roles\", \
             permissions_claim: \"permissions\", claims_in_id_token: true, claims_in_access_token: true, \
             grantable_scopes: {}, grantable_groups: {}, max_claims_bytes: 2048, on_table_error: Refuse }"
        );
    }

    #[test]
    fn everything_can_be_set() {
        let config = Config::from_env(Env::of_pairs([
            ("MEMBERSHIPS_TABLE", "memberships"),
            ("TENANT_CLAIM", "https://example.com/tenant"),
            ("ROLES_CLAIM", "custom:roles"),
            ("PERMISSIONS_CLAIM", "may"),
            ("CLAIMS_IN", "access"),
            ("GRANTABLE_SCOPES", "ledger-api/read, ledger-api/post"),
            ("GRANTABLE_GROUPS", "editors, editors"),
            ("MAX_CLAIMS_BYTES", "6144"),
            ("ON_TABLE_ERROR", "issue-without"),
        ]))
        .unwrap();
        assert_eq!(
            format!("{config:?}"),
            "Config { memberships_table: \"memberships\", tenant_claim: \"https://example.com/tenant\", \
             roles_claim: \"custom:roles\", permissions_claim: \"may\", claims_in_id_token: false, claims_in_access_token: true, \
             grantable_scopes: {\"ledger-api/post\", \"ledger-api/read\"}, grantable_groups: {\"editors\"}, \
             max_claims_bytes: 6144, on_table_error: IssueWithout }"
        );
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let problems = Config::from_env(Env::of_pairs([
            ("TENANT_CLAIM", "sub"),
            ("ROLES_CLAIM", "my roles"),
            ("PERMISSIONS_CLAIM", "address"),
            ("CLAIMS_IN", "id, refresh"),
            ("GRANTABLE_SCOPES", "ledger api/read"),
            ("GRANTABLE_GROUPS", "sales people"),
            ("MAX_CLAIMS_BYTES", "6145"),
            ("ON_TABLE_ERROR", "ignore"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 9 problem(s)\n  \
             CLAIMS_IN: expected a comma list of `id` and `access`\n  \
             GRANTABLE_SCOPES: expected a comma list of scopes, without blanks in them\n  \
             GRANTABLE_GROUPS: expected a comma list of group names, without blanks in them\n  \
             MEMBERSHIPS_TABLE: not set; expected the name of a DynamoDB table\n  \
             TENANT_CLAIM: expected the name of a claim that is neither Cognito's own nor about an address\n  \
             ROLES_CLAIM: expected a claim name of 1 to 128 visible ASCII characters\n  \
             PERMISSIONS_CLAIM: expected another claim than `address` and `updated_at`\n  \
             MAX_CLAIMS_BYTES: expected a number of bytes from 1 to 6144\n  \
             ON_TABLE_ERROR: expected one of refuse, issue-without"
        );
    }

    #[test]
    fn each_attribute_has_its_own_claim() {
        let problems = Config::from_env(Env::of_pairs([
            ("MEMBERSHIPS_TABLE", "memberships"),
            ("TENANT_CLAIM", "rights"),
            ("ROLES_CLAIM", "rights"),
            ("PERMISSIONS_CLAIM", "rights"),
        ]))
        .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 2 problem(s)\n  \
             ROLES_CLAIM: expected another claim than TENANT_CLAIM\n  \
             PERMISSIONS_CLAIM: expected another claim than TENANT_CLAIM and ROLES_CLAIM"
        );
    }

    #[test]
    fn claims_bytes_are_bounded() {
        for (text, expected) in [
            ("1", Some(1)),
            ("6144", Some(6144)),
            ("0", None),
            ("6145", None),
            ("-1", None),
            ("2k", None),
        ] {
            assert_eq!(
                text.parse().ok().map(|ClaimsBytes(bytes)| bytes),
                expected,
                "{text}"
            );
        }
    }
}
