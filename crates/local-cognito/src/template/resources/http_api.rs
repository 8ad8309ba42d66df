//! HTTP APIs of SAM and the routes that functions have there.
//!
//! Source: SAM specification, `AWS::Serverless::HttpApi` and the event source `HttpApi`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Resource;
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::{NOT_UNDERSTOOD, Stack};

/// An HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpApi {
    pub(crate) logical_id: String,
    pub(crate) id: String,
    pub(crate) authorizers: BTreeMap<String, JwtAuthorizer>,
    pub(crate) cors: Option<Cors>,
    pub(crate) routes: Vec<Route>,
    default_authorizer: Option<String>,
}

/// Who may pass, by a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JwtAuthorizer {
    pub(crate) issuer: String,
    pub(crate) audience: Vec<String>,
    /// The header with the token, in lower case.
    pub(crate) header: String,
    scopes: Vec<String>,
}

/// What browsers are told about pages of other origins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cors {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) allow_credentials: bool,
    pub(crate) max_age: Option<u32>,
}

/// What a function answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// In capitals; `ANY` for all.
    pub(crate) method: String,
    /// Such as `/things/{id}`; `$default` for whatever has no route of its own.
    pub(crate) path: String,
    /// The function's logical id.
    pub(crate) function: String,
    /// The name of its authorizer; `None` where everybody may pass.
    pub(crate) authorizer: Option<String>,
    /// One of these has to be in the token, if there are any.
    pub(crate) scopes: Vec<String>,
    pub(crate) timeout: Duration,
}

impl Route {
    /// Such as `GET /things/{id}`.
    pub(crate) fn key(&self) -> String {
        if self.path == "$default" {
            return self.path.clone();
        }
        format!("{} {}", self.method, self.path)
    }
}

pub(super) fn read(resource: &Resource, properties: &mut Properties) -> (HttpApi, References) {
    properties.ignore(&[
        "AccessLogSettings",
        "DefaultRouteSettings",
        "Description",
        "FailOnWarnings",
        "Name",
        "PropagateTags",
        "RouteSettings",
        "Tags",
    ]);
    properties.word("StageName", &["$default"]);
    let (default_authorizer, authorizers) = properties.within("Auth", auth).unwrap_or_default();
    if let Some(name) = default_authorizer
        .as_ref()
        .filter(|name| !authorizers.contains_key(*name))
    {
        let place = properties.place("Auth").member("DefaultAuthorizer");
        place.problem(format_args!("there is no authorizer {name}"));
    }
    let settings = resource.settings;
    let id = settings.api_id(resource.logical_id);
    let (region, suffix) = (&settings.region, settings.url_suffix());
    let endpoint = format!("https://{id}.execute-api.{region}.{suffix}");
    let references = References {
        reference: Some(id.clone()),
        attributes: BTreeMap::from([("ApiEndpoint", endpoint)]),
    };
    let api = HttpApi {
        logical_id: resource.logical_id.to_owned(),
        id,
        authorizers,
        cors: properties.within("CorsConfiguration", cors),
        routes: Vec::new(),
        default_authorizer,
    };
    (api, references)
}

fn auth(properties: &mut Properties) -> (Option<String>, BTreeMap<String, JwtAuthorizer>) {
    let default = properties.text("DefaultAuthorizer");
    let authorizers = properties.within("Authorizers", |authorizers| {
        authorizers.members(|name, authorizer| (name.to_owned(), jwt_authorizer(authorizer)))
    });
    let authorizers = authorizers.unwrap_or_default();
    (default, authorizers.into_iter().collect())
}

fn jwt_authorizer(properties: &mut Properties) -> JwtAuthorizer {
    let place = properties.place("IdentitySource");
    let source = properties
        .text("IdentitySource")
        .unwrap_or_else(|| "$request.header.Authorization".to_owned());
    let header = source.strip_prefix("$request.header.");
    if header.is_none() {
        place.problem(format_args!("{source} is {NOT_UNDERSTOOD}"));
    }
    let (issuer, audience) = properties
        .within("JwtConfiguration", |jwt| {
            let issuer = jwt.required_text("issuer");
            (issuer, jwt.texts("audience").unwrap_or_default())
        })
        .unwrap_or_default();
    JwtAuthorizer {
        issuer,
        audience,
        header: header.unwrap_or_default().to_ascii_lowercase(),
        scopes: properties.texts("AuthorizationScopes").unwrap_or_default(),
    }
}

fn cors(properties: &mut Properties) -> Cors {
    let mut texts = |name| properties.texts(name).unwrap_or_default();
    Cors {
        allow_origins: texts("AllowOrigins"),
        allow_methods: texts("AllowMethods"),
        allow_headers: texts("AllowHeaders"),
        expose_headers: texts("ExposeHeaders"),
        allow_credentials: properties.flag("AllowCredentials").unwrap_or_default(),
        // A day. Source: API Gateway, quotas of HTTP APIs.
        max_age: properties.number("MaxAge", 0..=86_400),
    }
}

/// The routes that lead to a function, put into their APIs.
pub(super) fn routes(function: &str, properties: &mut Properties, stack: &mut Stack) {
    properties.within("Events", |events| {
        events.members(|_, event| {
            if event.word("Type", &["HttpApi"]).is_none() {
                event.ignore_all();
                return;
            }
            event.within("Properties", |properties| {
                route(function, properties, stack);
            });
        });
    });
}

fn route(function: &str, properties: &mut Properties, stack: &mut Stack) {
    let id = properties.required_text("ApiId");
    properties.word("PayloadFormatVersion", &["2.0"]);
    let (authorizer, scopes) = properties
        .within("Auth", |auth| {
            let scopes = auth.texts("AuthorizationScopes");
            (auth.text("Authorizer"), scopes)
        })
        .unwrap_or_default();
    let path = properties.text("Path");
    let method = properties.text("Method");
    // Source: API Gateway, "Integrations" of HTTP APIs: 50 ms to 30 s.
    let timeout = properties.number("TimeoutInMillis", 50..=30_000);
    let place = properties.place("ApiId");
    let Some(api) = stack.http_apis.iter_mut().find(|api| api.id == id) else {
        if !id.is_empty() {
            place.problem("expected an HTTP API of this template");
        }
        return;
    };
    let authorizer = authorizer.or_else(|| api.default_authorizer.clone());
    let authorizer = authorizer.filter(|name| name != "NONE");
    let known = authorizer
        .as_ref()
        .map(|name| api.authorizers.get(name).ok_or(name));
    let of_authorizer = match known {
        Some(Ok(authorizer)) => authorizer.scopes.clone(),
        Some(Err(name)) => {
            let place = properties.place("Auth").member("Authorizer");
            place.problem(format_args!("there is no authorizer {name}"));
            Vec::new()
        }
        None => Vec::new(),
    };
    let method = method.unwrap_or_else(|| "ANY".to_owned());
    api.routes.push(Route {
        method: method.to_ascii_uppercase(),
        path: path.unwrap_or_else(|| "$default".to_owned()),
        function: function.to_owned(),
        authorizer,
        scopes: scopes.unwrap_or(of_authorizer),
        timeout: Duration::from_millis(timeout.unwrap_or(30_000).into()),
    });
}
