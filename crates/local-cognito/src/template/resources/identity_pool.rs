//! Identity pools, their roles and their attributes for access control.
//!
//! Names and bounds: API reference of identity pools, `CreateIdentityPool`, `SetIdentityPoolRoles`, `SetPrincipalTagAttributeMap`.

use std::collections::BTreeMap;

use super::Resource;
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::{
    AmbiguousRoleResolution, CognitoIdentityProvider, IdentityPool, MappingKind, MatchType,
    PrincipalTagMap, RoleMapping, Roles, Rule, Stack,
};

/// The most rules of one mapping, the most mappings, the most principal tags (D).
const MOST_RULES: usize = 25;
const MOST_MAPPINGS: usize = 10;
const MOST_PRINCIPAL_TAGS: usize = 50;

pub(super) fn read(resource: &Resource, properties: &mut Properties) -> (IdentityPool, References) {
    let settings = resource.settings;
    let id = settings.identity_pool_id(resource.logical_id, &resource.place);
    let name = properties.text("IdentityPoolName");
    let tags = properties.each("IdentityPoolTags", |tag| {
        (tag.required_text("Key"), tag.required_text("Value"))
    });
    let named = Named {
        logical_id: resource.logical_id.to_owned(),
        arn: settings.arn("cognito-identity", &format!("identitypool/{id}")),
        id: id.clone(),
        name: name.unwrap_or_else(|| settings.name(resource.logical_id, 128)),
        tags: tags.into_iter().collect(),
    };
    let pool = IdentityPool {
        of_template: true,
        ..described(named, properties)
    };
    let references = References {
        attributes: BTreeMap::from([("Name", pool.name.clone()), ("Id", id.clone())]),
        reference: Some(id),
    };
    (pool, references)
}

/// What a pool is called, whatever else is said of it.
pub(in crate::template) struct Named {
    pub(in crate::template) logical_id: String,
    pub(in crate::template) id: String,
    pub(in crate::template) arn: String,
    pub(in crate::template) name: String,
    pub(in crate::template) tags: BTreeMap<String, String>,
}

/// A pool by its properties, which are the same in a template and in `CreateIdentityPool`. Social providers, SAML and Cognito Sync are not
/// understood.
pub(in crate::template) fn described(named: Named, properties: &mut Properties) -> IdentityPool {
    if !properties.has("AllowUnauthenticatedIdentities") {
        properties
            .place("AllowUnauthenticatedIdentities")
            .problem("expected true or false");
    }
    if !fits(&named.name, 128, |letter| {
        letter.is_alphanumeric() || letter.is_whitespace() || "_+=,.@-".contains(letter)
    }) {
        properties
            .place("IdentityPoolName")
            .problem("expected 1 to 128 letters, digits, blanks and _+=,.@-");
    }
    let developer_provider_name = properties.text("DeveloperProviderName");
    if developer_provider_name.as_ref().is_some_and(|name| {
        !fits(name, 128, |letter| {
            letter.is_ascii_alphanumeric() || "_.-".contains(letter)
        })
    }) {
        properties
            .place("DeveloperProviderName")
            .problem("expected 1 to 128 letters, digits and _.-");
    }
    IdentityPool {
        logical_id: named.logical_id,
        id: named.id,
        arn: named.arn,
        name: named.name,
        allow_unauthenticated_identities: properties
            .flag("AllowUnauthenticatedIdentities")
            .unwrap_or(false),
        allow_classic_flow: properties.flag("AllowClassicFlow").unwrap_or(false),
        developer_provider_name,
        cognito_identity_providers: properties.each("CognitoIdentityProviders", |provider| {
            CognitoIdentityProvider {
                provider_name: provider_name(provider),
                client_id: provider.required_text("ClientId"),
                server_side_token_check: provider.flag("ServerSideTokenCheck").unwrap_or(false),
            }
        }),
        open_id_connect_provider_arns: properties
            .texts("OpenIdConnectProviderARNs")
            .unwrap_or_default(),
        tags: named.tags,
        roles: Roles::default(),
        role_mappings: BTreeMap::new(),
        principal_tags: BTreeMap::new(),
        of_template: false,
    }
}

/// A user pool's provider name, which has no scheme.
fn provider_name(provider: &mut Properties) -> String {
    let name = provider.required_text("ProviderName");
    let well_formed = name.starts_with("cognito-idp.") && name.contains('/');
    if !well_formed && !name.is_empty() {
        provider.place("ProviderName").problem(
            "expected a name such as cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E",
        );
    }
    name
}

/// The pool that the resource names.
fn pool_of<'s>(properties: &mut Properties, stack: &'s mut Stack) -> Option<&'s mut IdentityPool> {
    let id = properties.required_text("IdentityPoolId");
    let pool = stack.identity_pools.iter_mut().find(|pool| pool.id == id);
    if pool.is_none() && !id.is_empty() {
        properties
            .place("IdentityPoolId")
            .problem("no identity pool of this template has this id");
    }
    pool
}

/// `AWS::Cognito::IdentityPoolRoleAttachment`.
pub(super) fn role_attachment(
    properties: &mut Properties,
    stack: &mut Stack,
) -> Option<References> {
    let pool = pool_of(properties, stack);
    let roles = roles(properties);
    let mappings = properties.within("RoleMappings", |mappings| {
        mappings.members(|name, mapping| {
            // CloudFormation's keys cannot hold what follows from other resources, so it takes the provider beside them.
            let provider = mapping.text("IdentityProvider");
            (
                provider.unwrap_or_else(|| name.to_owned()),
                role_mapping(mapping),
            )
        })
    });
    let mappings: BTreeMap<String, RoleMapping> =
        mappings.unwrap_or_default().into_iter().collect();
    let pool = pool?;
    if let Some(provider) = pool.unknown_mapping(&mappings) {
        properties.place("RoleMappings").problem(format_args!(
            "{provider} is not a valid RoleMapping ProviderName or is not a configured provider."
        ));
    }
    pool.roles = roles;
    pool.role_mappings = mappings;
    Some(References {
        reference: Some(pool.id.clone()),
        ..References::default()
    })
}

/// The property `Roles`.
pub(in crate::template) fn roles(properties: &mut Properties) -> Roles {
    let roles = properties.within("Roles", |roles| Roles {
        authenticated: roles.text("authenticated"),
        unauthenticated: roles.text("unauthenticated"),
    });
    roles.unwrap_or_default()
}

/// One of the property `RoleMappings`.
pub(in crate::template) fn role_mapping(mapping: &mut Properties) -> RoleMapping {
    let kind = required_word(mapping, "Type", &["Token", "Rules"]);
    let rules = mapping.within("RulesConfiguration", |configuration| {
        let rules = configuration.each("Rules", rule);
        if !(1..=MOST_RULES).contains(&rules.len()) {
            configuration
                .place("Rules")
                .problem(format_args!("expected 1 to {MOST_RULES}"));
        }
        rules
    });
    let kind = match (kind.as_deref(), rules) {
        (Some("Rules"), Some(rules)) => MappingKind::Rules(rules),
        (Some("Rules"), None) => {
            mapping
                .place("RulesConfiguration")
                .problem("expected with the type Rules");
            MappingKind::Rules(Vec::new())
        }
        _ => MappingKind::Token,
    };
    let words = [
        AmbiguousRoleResolution::AuthenticatedRole,
        AmbiguousRoleResolution::Deny,
    ];
    let word = required_word(
        mapping,
        "AmbiguousRoleResolution",
        &words.map(AmbiguousRoleResolution::as_str),
    );
    let ambiguous = words
        .into_iter()
        .find(|known| word.as_deref() == Some(known.as_str()));
    RoleMapping {
        kind,
        ambiguous: ambiguous.unwrap_or(AmbiguousRoleResolution::Deny),
    }
}

fn rule(rule: &mut Properties) -> Rule {
    let word = required_word(rule, "MatchType", &MatchType::ALL.map(MatchType::as_str));
    let match_type = MatchType::ALL
        .into_iter()
        .find(|known| word.as_deref() == Some(known.as_str()));
    Rule {
        claim: rule.required_text("Claim"),
        match_type: match_type.unwrap_or(MatchType::Equals),
        value: rule.required_text("Value"),
        role_arn: rule.required_text("RoleARN"),
    }
}

/// `AWS::Cognito::IdentityPoolPrincipalTag`.
pub(super) fn principal_tag(properties: &mut Properties, stack: &mut Stack) -> Option<References> {
    let pool = pool_of(properties, stack);
    let provider = properties.required_text("IdentityProviderName");
    let map = principal_tag_map(properties);
    let pool = pool?;
    if !pool.takes_tags_from(&provider) {
        properties
            .place("IdentityProviderName")
            .problem("the identity pool has no such provider");
    }
    pool.principal_tags.insert(provider, map);
    Some(References::default())
}

/// The properties `UseDefaults` and `PrincipalTags`.
pub(in crate::template) fn principal_tag_map(properties: &mut Properties) -> PrincipalTagMap {
    let tags = properties.within("PrincipalTags", Properties::take_texts);
    let tags = tags.unwrap_or_default();
    let any = |_| true;
    let all_fit = tags
        .iter()
        .all(|(key, claim)| fits(key, 128, any) && fits(claim, 256, any));
    if tags.len() > MOST_PRINCIPAL_TAGS || !all_fit {
        properties.place("PrincipalTags").problem(format_args!(
            "expected at most {MOST_PRINCIPAL_TAGS} tags, with keys of 1 to 128 and claims of 1 to 256 characters"
        ));
    }
    PrincipalTagMap {
        use_defaults: properties.flag("UseDefaults").unwrap_or(false),
        tags,
    }
}

fn required_word(properties: &mut Properties, name: &str, allowed: &[&str]) -> Option<String> {
    if !properties.has(name) {
        let allowed = allowed.join(" or ");
        properties
            .place(name)
            .problem(format_args!("expected {allowed}"));
    }
    properties.word(name, allowed)
}

fn fits(text: &str, longest: usize, allowed: impl Fn(char) -> bool) -> bool {
    (1..=longest).contains(&text.chars().count()) && text.chars().all(allowed)
}

impl IdentityPool {
    /// The first provider of these mappings that this pool does not have. A user pool's stands with the app client.
    pub(crate) fn unknown_mapping<'m>(
        &self,
        mappings: &'m BTreeMap<String, RoleMapping>,
    ) -> Option<&'m String> {
        let known = |name: &String| {
            let clients = &self.cognito_identity_providers;
            clients
                .iter()
                .any(|provider| provider.mapping_key() == *name)
                || self.open_id_connect_provider_arns.contains(name)
        };
        let too_many = mappings.keys().nth(MOST_MAPPINGS);
        too_many.or_else(|| mappings.keys().find(|name| !known(name)))
    }

    /// Whether a provider's claims can become principal tags.
    pub(crate) fn takes_tags_from(&self, provider: &str) -> bool {
        let clients = &self.cognito_identity_providers;
        clients.iter().any(|known| known.provider_name == provider)
            || self
                .open_id_connect_provider_arns
                .iter()
                .any(|arn| arn == provider)
    }
}

impl CognitoIdentityProvider {
    /// What role mappings call it.
    pub(crate) fn mapping_key(&self) -> String {
        format!("{}:{}", self.provider_name, self.client_id)
    }
}
