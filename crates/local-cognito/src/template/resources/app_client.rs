use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::{Resource, schema};
use crate::template::place::Place;
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::{Stack, UserPool, UserPoolClient};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

const AUTH_FLOWS: [&str; 6] = [
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
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

    properties.ignore(&[
        "AnalyticsConfiguration",
        "CallbackURLs",
        "DefaultRedirectURI",
        "EnablePropagateAdditionalUserContextData",
        "LogoutURLs",
    ]);
    properties.words("SupportedIdentityProviders", &["COGNITO"]);
    let flows = properties.words("ExplicitAuthFlows", &AUTH_FLOWS);
    let explicit_auth_flows = match flows {
        Some(flows) if !flows.is_empty() => flows.into_iter().collect(),
        _ => DEFAULT_AUTH_FLOWS.map(str::to_owned).into(),
    };
    let validities = Validities::read(properties);
    let (oauth_flows, oauth_scopes) = read_oauth(properties, has_secret);
    let session_minutes = properties
        .number("AuthSessionValidity", 3..=15)
        .unwrap_or(3);
    let client = UserPoolClient {
        logical_id: resource.logical_id.to_owned(),
        id,
        name,
        secret: secret.map(Into::into),
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
    (client, references)
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
            for scope in &client.oauth_scopes {
                let of_a_server = pool.resource_servers.iter().any(|server| {
                    let name = scope.strip_prefix(&server.identifier);
                    let name = name.and_then(|rest| rest.strip_prefix('/'));
                    name.is_some_and(|name| server.scopes.contains_key(name))
                });
                if !of_a_server && !OWN_SCOPES.contains(&scope.as_str()) {
                    resources
                        .member(&client.logical_id)
                        .member("Properties.AllowedOAuthScopes")
                        .problem(format_args!("no resource server has the scope {scope}"));
                }
            }
        }
    }
}
