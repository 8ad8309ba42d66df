use std::collections::BTreeSet;
use std::str::FromStr;

use admission::{OnBlocksError, Policy, VerifiedAddress};
use cognito_events::is_group_name;
use entrypoint::{Env, Problems};

use crate::claim_name::ClaimName;
use crate::provider_groups::ProviderGroup;

/// What the operator decided, read once at start.
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
/// | `GRANTABLE_ROLES` | comma list of the ARNs of IAM roles that a membership may set, for the identity pool; none leaves all roles alone | none |
/// | `PROVIDER_GROUPS` | comma list of `<provider>/<its group>=<group of the pool>`: users of that identity provider whom it calls a member get the pool's group too | none |
/// | `PROVIDER_GROUPS_ATTRIBUTE` | the user attribute `custom:…` that the provider's groups are mapped to; no app client may be able to write it | required with `PROVIDER_GROUPS` |
/// | `MAX_CLAIMS_BYTES` | most bytes of JSON that the claims may add to one token, 1 to 6144 | 2048 |
/// | `ON_MEMBERSHIPS_ERROR` | when the membership cannot be read: `refuse` the tokens, or `issue-without` it | `refuse` |
/// | `METHODS_CLAIM` | claim that bears how the user signed in, after custom challenges: `methods` and `at` (epoch seconds); on tokens of that very sign-in alone | none |
/// | `SIGN_IN_METHODS_TABLE` | name of the DynamoDB table in which the methods wait | required with `METHODS_CLAIM` |
/// | `BLOCKS_TABLE` | name of the DynamoDB table of blocks; without one nobody is blocked | none |
/// | `ON_BLOCKS_ERROR` | when the blocks cannot be read: `refuse` the tokens, or `allow` them | `refuse` |
/// | `ALLOWED_DOMAINS` | comma list of e-mail domains; only users with an address there, or under it, get tokens | every domain |
/// | `DENIED_DOMAINS` | comma list of e-mail domains; users with an address there, or under it, get none; wins over `ALLOWED_DOMAINS` | none |
/// | `REQUIRE_VERIFIED` | which address a user must have verified: `off`, `email`, `phone_number` or `either` | `off` |
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
    pub(crate) grantable_roles: BTreeSet<String>,
    pub(crate) provider_groups: Vec<ProviderGroup>,
    pub(crate) provider_groups_attribute: String,
    pub(crate) max_claims_bytes: usize,
    pub(crate) on_memberships_error: OnMembershipsError,
    pub(crate) methods: Option<MethodsRules>,
    pub(crate) blocks_table: Option<String>,
    pub(crate) on_blocks_error: OnBlocksError,
    /// `ALLOWED_DOMAINS`, `DENIED_DOMAINS` and `REQUIRE_VERIFIED`.
    pub(crate) policy: Policy,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let tokens: Vec<Token> = env.list("CLAIMS_IN");
        let claims_in = |token| tokens.is_empty() || tokens.contains(&token);
        let scopes: Vec<Scope> = env.list("GRANTABLE_SCOPES");
        let groups: Vec<Group> = env.list("GRANTABLE_GROUPS");
        let roles: Vec<Role> = env.list("GRANTABLE_ROLES");
        let on_memberships_error = [
            ("refuse", OnMembershipsError::Refuse),
            ("issue-without", OnMembershipsError::IssueWithout),
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
            grantable_roles: roles.into_iter().map(|Role(arn)| arn).collect(),
            provider_groups: env.list("PROVIDER_GROUPS"),
            provider_groups_attribute: env
                .optional("PROVIDER_GROUPS_ATTRIBUTE")
                .unwrap_or_default(),
            max_claims_bytes: env.or("MAX_CLAIMS_BYTES", DEFAULT_CLAIMS_BYTES).0,
            on_memberships_error: env
                .choice("ON_MEMBERSHIPS_ERROR", on_memberships_error)
                .unwrap_or(OnMembershipsError::Refuse),
            methods: methods_rules(&mut env),
            blocks_table: env.optional("BLOCKS_TABLE"),
            on_blocks_error: env
                .choice("ON_BLOCKS_ERROR", OnBlocksError::WORDS)
                .unwrap_or_default(),
            policy: Policy {
                allowed_domains: env.list("ALLOWED_DOMAINS"),
                denied_domains: env.list("DENIED_DOMAINS"),
                verified_address: env
                    .choice("REQUIRE_VERIFIED", VerifiedAddress::WORDS)
                    .unwrap_or_default(),
            },
        };
        config.check_claim_names_differ(&mut env);
        config.check_groups_have_an_attribute(&mut env);
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
        let methods = self.methods.as_ref().map(|methods| &methods.claim);
        if methods.is_some_and(|claim| [tenant, roles, &self.permissions_claim].contains(&claim)) {
            env.problem(
                "METHODS_CLAIM",
                "expected another claim than TENANT_CLAIM, ROLES_CLAIM and PERMISSIONS_CLAIM",
            );
        }
    }

    fn check_groups_have_an_attribute(&self, env: &mut Env) {
        let attribute = &self.provider_groups_attribute;
        let is_custom = attribute.strip_prefix("custom:").is_some_and(|name| {
            (1..=20).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
        });
        let is_needed = !self.provider_groups.is_empty();
        // Users may write most standard attributes themselves.
        if !is_custom && (is_needed || !attribute.is_empty()) {
            env.problem(
                "PROVIDER_GROUPS_ATTRIBUTE",
                "expected a custom attribute such as custom:groups",
            );
        }
    }
}

/// Where the methods of a sign-in come from and go to.
#[derive(Debug)]
pub(crate) struct MethodsRules {
    /// `METHODS_CLAIM`.
    pub(crate) claim: ClaimName,
    /// `SIGN_IN_METHODS_TABLE`.
    pub(crate) table: String,
}

fn methods_rules(env: &mut Env) -> Option<MethodsRules> {
    let claim: ClaimName = env.optional("METHODS_CLAIM")?;
    // They are a list and a time, which such a claim could not bear.
    check_not_simple(env, "METHODS_CLAIM", &claim);
    let table = env.required("SIGN_IN_METHODS_TABLE", "the name of a DynamoDB table");
    Some(MethodsRules { claim, table })
}

fn claim_name(env: &mut Env, variable: &str, default: &str) -> ClaimName {
    let default = default.parse().expect("the defaults are usable names");
    let name: ClaimName = env.or(variable, default);
    check_not_simple(env, variable, &name);
    name
}

fn check_not_simple(env: &mut Env, variable: &str, name: &ClaimName) {
    if SIMPLE_IN_ID_TOKEN.contains(&name.as_str()) {
        env.problem(
            variable,
            "expected another claim than `address` and `updated_at`",
        );
    }
}

/// Claims that Cognito takes as text, number or boolean alone, in the ID token. It also says so of `email_verified` and
/// `phone_number_verified`, which are reserved here.
pub(crate) const SIMPLE_IN_ID_TOKEN: [&str; 2] = ["address", "updated_at"];

/// What to do when the membership cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnMembershipsError {
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

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_group_name(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a comma list of group names, without blanks in them")
        }
    }
}

struct Role(String);

impl FromStr for Role {
    type Err = &'static str;

    /// IAM's form: `arn:<partition>:iam::<account>:role/<path and name>`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts[..] {
            ["arn", partition, "iam", "", account, role]
                if !partition.is_empty()
                    && account.len() == 12
                    && account.bytes().all(|byte| byte.is_ascii_digit())
                    && role
                        .strip_prefix("role/")
                        .is_some_and(|name| !name.is_empty()) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err("expected a comma list of the ARNs of IAM roles"),
        }
    }
}

#[cfg(test)]
mod tests;
