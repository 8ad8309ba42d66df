//! What belongs to a user pool, besides its app clients.

use crate::template::properties::Properties;
use crate::template::{Group, IdentityProvider, ResourceServer, Stack, UserPool};

/// The pool that the resource names.
pub(super) fn pool_of<'s>(
    properties: &mut Properties,
    stack: &'s mut Stack,
) -> Option<&'s mut UserPool> {
    let id = properties.required_text("UserPoolId");
    let pool = stack.user_pools.iter_mut().find(|pool| pool.id == id);
    if pool.is_none() && !id.is_empty() {
        properties
            .place("UserPoolId")
            .problem("no user pool of this template has this id");
    }
    pool
}

pub(super) fn group(properties: &mut Properties) -> Group {
    Group {
        name: properties.required_text("GroupName"),
        description: properties.text("Description"),
        precedence: properties.number("Precedence", 0..=i32::MAX.unsigned_abs()),
        role_arn: properties.text("RoleArn"),
    }
}

/// Bounds: Cognito's API reference, `CreateResourceServer`.
pub(in crate::template) fn resource_server(properties: &mut Properties) -> ResourceServer {
    let scopes = properties.each("Scopes", |scope| {
        let name = scope.required_text("ScopeName");
        let description = scope.required_text("ScopeDescription");
        if !fits(&name, 256) || name.contains('/') {
            scope.place("ScopeName").problem(
                "expected 1 to 256 ASCII characters without blanks, quotation marks, slashes and backslashes",
            );
        }
        if !(1..=256).contains(&description.chars().count()) {
            scope
                .place("ScopeDescription")
                .problem("expected 1 to 256 characters");
        }
        (name, description)
    });
    if scopes.len() > MOST_SCOPES {
        properties
            .place("Scopes")
            .problem(format_args!("expected at most {MOST_SCOPES}"));
    }
    let identifier = properties.required_text("Identifier");
    if !fits(&identifier, 256) {
        properties.place("Identifier").problem(
            "expected 1 to 256 ASCII characters without blanks, quotation marks and backslashes",
        );
    }
    ResourceServer {
        identifier,
        name: properties.required_text("Name"),
        scopes: scopes.into_iter().collect(),
    }
}

const MOST_SCOPES: usize = 100;

/// The alphabet of resource servers and their scopes.
fn fits(text: &str, longest: usize) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    (1..=longest).contains(&text.len()) && text.bytes().all(allowed)
}

/// Names, details and bounds: Cognito's API reference, `CreateIdentityProvider`.
pub(in crate::template) fn identity_provider(properties: &mut Properties) -> IdentityProvider {
    let name = properties.required_text("ProviderName");
    let types = REQUIRED_DETAILS.map(|(name, _)| name);
    let provider_type = properties.word("ProviderType", &types).unwrap_or_default();
    let details = properties.within("ProviderDetails", Properties::take_texts);
    let details = details.unwrap_or_default();
    let required = REQUIRED_DETAILS
        .iter()
        .find(|(name, _)| *name == provider_type);
    for detail in required.map_or(&[][..], |(_, details)| details) {
        if !details.contains_key(*detail) {
            properties
                .place("ProviderDetails")
                .problem(format_args!("expected {detail}"));
        }
    }
    if provider_type == "SAML"
        && !details.contains_key("MetadataFile")
        && !details.contains_key("MetadataURL")
    {
        properties
            .place("ProviderDetails")
            .problem("expected MetadataFile or MetadataURL");
    }
    let own_name = ["SAML", "OIDC"].contains(&provider_type.as_str());
    if !own_name && name != provider_type {
        properties
            .place("ProviderName")
            .problem(format_args!("expected {provider_type}"));
    }
    let length = name.chars().count();
    if !(3..=32).contains(&length) || name.contains(char::is_whitespace) || name.starts_with('_') {
        properties
            .place("ProviderName")
            .problem("expected 3 to 32 characters without blanks, and no underscore in front");
    }
    let mapping = properties.within("AttributeMapping", Properties::take_texts);
    IdentityProvider {
        name,
        provider_type,
        details,
        attribute_mapping: mapping.unwrap_or_default(),
        identifiers: properties.texts("IdpIdentifiers").unwrap_or_default(),
        dates: None,
    }
}

/// What each type of provider cannot do without.
const REQUIRED_DETAILS: [(&str, &[&str]); 6] = [
    ("Facebook", &SOCIAL_DETAILS),
    ("Google", &SOCIAL_DETAILS),
    ("LoginWithAmazon", &SOCIAL_DETAILS),
    (
        "OIDC",
        &[
            "client_id",
            "attributes_request_method",
            "oidc_issuer",
            "authorize_scopes",
        ],
    ),
    ("SAML", &[]),
    (
        "SignInWithApple",
        &["client_id", "team_id", "key_id", "authorize_scopes"],
    ),
];
const SOCIAL_DETAILS: [&str; 3] = ["client_id", "client_secret", "authorize_scopes"];
