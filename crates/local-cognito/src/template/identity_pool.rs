//! What a template, or a client while the stand-in runs, says of an identity pool.

use std::collections::BTreeMap;

/// An identity pool with its roles and its attributes for access control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdentityPool {
    pub(crate) logical_id: String,
    /// Such as `us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33`.
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) allow_unauthenticated_identities: bool,
    pub(crate) allow_classic_flow: bool,
    /// What the key of a developer authenticated identity's login is; for the pool's life.
    pub(crate) developer_provider_name: Option<String>,
    pub(crate) cognito_identity_providers: Vec<CognitoIdentityProvider>,
    pub(crate) open_id_connect_provider_arns: Vec<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) roles: Roles,
    /// By provider: `<user pool's provider name>:<client id>`, or the ARN of an OpenID Connect provider.
    pub(crate) role_mappings: BTreeMap<String, RoleMapping>,
    /// By the provider's name.
    pub(crate) principal_tags: BTreeMap<String, PrincipalTagMap>,
    /// Whether the template describes it; clients make the others while the stand-in runs.
    pub(crate) of_template: bool,
}

/// An app client of a user pool whose users the identity pool takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CognitoIdentityProvider {
    /// Such as `cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E`.
    pub(crate) provider_name: String,
    pub(crate) client_id: String,
    /// Whether the user pool is asked if the user was deleted or signed out.
    pub(crate) server_side_token_check: bool,
}

/// The ARNs of the roles that hold where no mapping chooses one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Roles {
    pub(crate) authenticated: Option<String>,
    pub(crate) unauthenticated: Option<String>,
}

/// How the role of a provider's users is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleMapping {
    pub(crate) kind: MappingKind,
    pub(crate) ambiguous: AmbiguousRoleResolution,
}

/// Where the role comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MappingKind {
    /// The token's own claims `cognito:roles` and `cognito:preferred_role`.
    Token,
    /// The first of these that matches.
    Rules(Vec<Rule>),
}

/// What holds where a mapping chooses no role, or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AmbiguousRoleResolution {
    AuthenticatedRole,
    Deny,
}

/// A role for those whose token has a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) claim: String,
    pub(crate) match_type: MatchType,
    pub(crate) value: String,
    pub(crate) role_arn: String,
}

/// How a claim is compared with a rule's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchType {
    Equals,
    Contains,
    StartsWith,
    NotEqual,
}

impl MatchType {
    pub(crate) const ALL: [Self; 4] = [
        Self::Equals,
        Self::Contains,
        Self::StartsWith,
        Self::NotEqual,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::Contains => "Contains",
            Self::StartsWith => "StartsWith",
            Self::NotEqual => "NotEqual",
        }
    }
}

impl AmbiguousRoleResolution {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AuthenticatedRole => "AuthenticatedRole",
            Self::Deny => "Deny",
        }
    }
}

/// Which of a provider's claims become principal tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PrincipalTagMap {
    pub(crate) use_defaults: bool,
    /// Names of claims, by the key of the tag.
    pub(crate) tags: BTreeMap<String, String>,
}

/// A provider of OpenID Connect that the account trusts: `AWS::IAM::OIDCProvider`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenIdConnectProvider {
    pub(crate) arn: String,
    /// `iss` of its tokens.
    pub(crate) url: String,
    /// Whom its tokens may be for.
    pub(crate) client_ids: Vec<String>,
}

impl OpenIdConnectProvider {
    /// The URL without its scheme, which is what logins, tokens and policies call it.
    pub(crate) fn name(&self) -> &str {
        without_scheme(&self.url)
    }
}

/// A URL as IAM and identity pools name providers.
pub(crate) fn without_scheme(url: &str) -> &str {
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    rest.unwrap_or(url)
}
