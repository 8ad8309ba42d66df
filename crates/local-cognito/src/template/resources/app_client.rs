use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Map;

use super::{Resource, schema};
use crate::template::place::Place;
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::{Stack, UserPool, UserPoolClient};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

const AUTH_FLOWS: [&str; 7] = [
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CLIENT_TOKEN_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
];
/// What a client without a list allows. Source: Cognito's API reference, `CreateUserPoolClient`.
const DEFAULT_AUTH_FLOWS: [&str; 3] = [
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_SRP_AUTH",
];
/// Scopes of OpenID Connect and of Cognito itself, which belong to no resource server.
const OWN_SCOPES: [&str; 5] = [
    "aws.cognito.signin.user.admin",
    "email",
    "openid",
    "phone",
    "profile",
];

pub(super) fn read(
    resource: &Resource,
    properties: &mut Properties,
    pool: Option<&UserPool>,
) -> (UserPoolClient, References) {
    let settings = resource.settings;
    let id = settings.client_id(resource.logical_id, &resource.place);
    let has_secret = properties.flag("GenerateSecret").unwrap_or(false);
    let secret = has_secret.then(|| settings.client_secret(resource.logical_id));
    let name = properties
        .text("ClientName")
        .unwrap_or_else(|| settings.name(resource.logical_id, 128));
    let mut attributes = BTreeMap::from([("ClientId", id.clone()), ("Name", name.clone())]);
    attributes.extend(secret.clone().map(|secret| ("ClientSecret", secret)));
    let references = References {
        reference: Some(id.clone()),
        attributes,
    };

    let named = Named {
        logical_id: resource.logical_id.to_owned(),
        id,
        name,
        secret,
    };
    (described(named, properties, pool), references)
}

/// What a client is called, and what it is known by.
pub(in crate::template) struct Named {
    pub(in crate::template) logical_id: String,
    pub(in crate::template) id: String,
    pub(in crate::template) name: String,
    pub(in crate::template) secret: Option<String>,
}

/// A client by its properties, which are the same in a template and in `CreateUserPoolClient`.
pub(in crate::template) fn described(
    named: Named,
    properties: &mut Properties,
    pool: Option<&UserPool>,
) -> UserPoolClient {
    properties.ignore(&[
        "AnalyticsConfiguration",
        "EnablePropagateAdditionalUserContextData",
        "LogoutURLs",
    ]);
    read_redirects(properties);
    let flows = properties.words("ExplicitAuthFlows", &AUTH_FLOWS);
    let explicit_auth_flows = match flows {
        Some(flows) if !flows.is_empty() => flows.into_iter().collect(),
        _ => DEFAULT_AUTH_FLOWS.map(str::to_owned).into(),
    };
    check_client_token_flow(&explicit_auth_flows, named.secret.is_some(), properties);
    let supported_identity_providers = read_providers(properties, pool);
    let validities = Validities::read(properties);
    let (oauth_flows, oauth_scopes) = read_oauth(properties, named.secret.is_some());
    let session_minutes = properties
        .number("AuthSessionValidity", 3..=15)
        .unwrap_or(3);
    let client = UserPoolClient {
        logical_id: named.logical_id,
        id: named.id,
        name: named.name,
        secret: named.secret.map(Into::into),
        explicit_auth_flows,
        prevent_user_existence_errors: properties
            .word("PreventUserExistenceErrors", &["ENABLED", "LEGACY"])
            .is_some_and(|errors| errors == "ENABLED"),
        access_token_validity: validities.access,
        id_token_validity: validities.id,
        refresh_token_validity: validities.refresh,
        auth_session_validity: Duration::from_secs(u64::from(session_minutes) * MINUTE),
        enable_token_revocation: properties.flag("EnableTokenRevocation").unwrap_or(true),
        refresh_token_rotation: properties
            .within("RefreshTokenRotation", read_rotation)
            .flatten(),
        oauth_flows,
        oauth_scopes,
        read_attributes: properties.texts("ReadAttributes"),
        write_attributes: properties.texts("WriteAttributes"),
        supported_identity_providers,
        dates: None,
        described: Map::new(),
    };
    if let Some(pool) = pool {
        let lists = [
            ("ReadAttributes", &client.read_attributes),
            ("WriteAttributes", &client.write_attributes),
        ];
        for (name, list) in lists {
            schema::check(list.as_deref(), &pool.schema, &properties.place(name));
        }
    }
    client
}

/// Tokens for the client itself go with no other flow (D).
fn check_client_token_flow(flows: &BTreeSet<String>, has_secret: bool, client: &Properties) {
    if flows.contains("ALLOW_CLIENT_TOKEN_AUTH") {
        let place = client.place("ExplicitAuthFlows");
        if flows.len() > 1 {
            place.problem("ALLOW_CLIENT_TOKEN_AUTH stands alone");
        }
        if !has_secret {
            place.problem("ALLOW_CLIENT_TOKEN_AUTH needs GenerateSecret: true");
        }
    }
}

/// Where sign-in pages may lead back to, which this stand-in does not play yet.
fn read_redirects(properties: &mut Properties) {
    let allowed = properties.texts("CallbackURLs").unwrap_or_default();
    let default = properties.text("DefaultRedirectURI");
    if default.is_some_and(|default| !allowed.contains(&default)) {
        properties
            .place("DefaultRedirectURI")
            .problem("expected one of CallbackURLs");
    }
}

/// By whom users sign in: the pool itself, if nobody else is named.
fn read_providers(properties: &mut Properties, pool: Option<&UserPool>) -> Vec<String> {
    let Some(names) = properties.texts("SupportedIdentityProviders") else {
        return vec!["COGNITO".to_owned()];
    };
    let known = |name: &String| {
        let mut providers = pool.iter().flat_map(|pool| &pool.identity_providers);
        name == "COGNITO" || providers.any(|provider| provider.name == *name)
    };
    for (index, name) in names.iter().enumerate() {
        if !known(name) {
            properties
                .place("SupportedIdentityProviders")
                .item(index)
                .problem(format_args!("the user pool has no provider {name}"));
        }
    }
    names
}

/// How long the tokens are valid.
struct Validities {
    access: Duration,
    id: Duration,
    refresh: Duration,
}

impl Validities {
    /// Defaults, units and bounds: Cognito's API reference, `CreateUserPoolClient`.
    fn read(properties: &mut Properties) -> Self {
        let units = properties.within("TokenValidityUnits", |units| {
            let mut unit = |name| {
                let unit = units.word(name, &["seconds", "minutes", "hours", "days"]);
                unit.map(|unit| match unit.as_str() {
                    "seconds" => 1,
                    "minutes" => MINUTE,
                    "hours" => HOUR,
                    _ => DAY,
                })
            };
            [unit("AccessToken"), unit("IdToken"), unit("RefreshToken")]
        });
        let [access, id, refresh] = units.unwrap_or_default();
        let short = 5 * MINUTE..=DAY;
        let long = HOUR..=3_650 * DAY;
        Self {
            access: validity(
                properties,
                "AccessTokenValidity",
                access.unwrap_or(HOUR),
                &short,
                HOUR,
            ),
            id: validity(
                properties,
                "IdTokenValidity",
                id.unwrap_or(HOUR),
                &short,
                HOUR,
            ),
            refresh: validity(
                properties,
                "RefreshTokenValidity",
                refresh.unwrap_or(DAY),
                &long,
                30 * DAY,
            ),
        }
    }
}

fn validity(
    properties: &mut Properties,
    name: &str,
    unit: u64,
    allowed: &RangeInclusive<u64>,
    default: u64,
) -> Duration {
    let seconds = match properties.number(name, 0..=315_360_000) {
        // Cognito takes 0 for the default.
        None | Some(0) => default,
        Some(number) => u64::from(number) * unit,
    };
    if !allowed.contains(&seconds) {
        let (least, most) = (allowed.start(), allowed.end());
        properties
            .place(name)
            .problem(format_args!("expected {least} to {most} seconds"));
    }
    Duration::from_secs(seconds)
}

/// The time for which a replaced refresh token still works, if refresh tokens are replaced.
fn read_rotation(rotation: &mut Properties) -> Option<Duration> {
    let feature = rotation.word("Feature", &["ENABLED", "DISABLED"]);
    let grace = rotation
        .number("RetryGracePeriodSeconds", 0..=60)
        .unwrap_or(0);
    (feature? == "ENABLED").then(|| Duration::from_secs(grace.into()))
}

/// The OAuth flows and scopes, which count only if the client is allowed any.
fn read_oauth(properties: &mut Properties, has_secret: bool) -> (Vec<String>, Vec<String>) {
    let allowed = properties
        .flag("AllowedOAuthFlowsUserPoolClient")
        .unwrap_or(false);
    let known = ["code", "implicit", "client_credentials"];
    let flows = properties
        .words("AllowedOAuthFlows", &known)
        .unwrap_or_default();
    let scopes = properties.texts("AllowedOAuthScopes").unwrap_or_default();
    if flows.iter().any(|flow| flow == "client_credentials") {
        let place = properties.place("AllowedOAuthFlows");
        if !has_secret {
            place.problem("client_credentials needs GenerateSecret: true");
        }
        if flows.len() > 1 {
            place.problem("client_credentials stands alone");
        }
    }
    if allowed && (flows.is_empty() || scopes.is_empty()) {
        properties.place("AllowedOAuthFlowsUserPoolClient").problem(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows", // W
        );
    }
    if allowed {
        (flows, scopes)
    } else {
        Default::default()
    }
}

/// Checks that every scope of a client is one of a resource server of its pool.
pub(super) fn check_scopes(stack: &Stack, resources: &Place) {
    for pool in &stack.user_pools {
        for client in &pool.clients {
            for scope in unknown_scopes(&client.oauth_scopes, pool) {
                resources
                    .member(&client.logical_id)
                    .member("Properties.AllowedOAuthScopes")
                    .problem(format_args!("no resource server has the scope {scope}"));
            }
        }
    }
}

/// Those of the scopes that the pool does not have.
pub(in crate::template) fn unknown_scopes<'s>(
    scopes: &'s [String],
    pool: &UserPool,
) -> impl Iterator<Item = &'s String> {
    scopes.iter().filter(|scope| {
        let of_a_server = pool.resource_servers.iter().any(|server| {
            let name = scope.strip_prefix(&server.identifier);
            let name = name.and_then(|rest| rest.strip_prefix('/'));
            name.is_some_and(|name| server.scopes.contains_key(name))
        });
        !of_a_server && !OWN_SCOPES.contains(&scope.as_str())
    })
}
