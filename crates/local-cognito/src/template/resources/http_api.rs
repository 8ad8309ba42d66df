//! HTTP APIs of SAM and the routes that functions have there.
//!
//! Source: SAM specification, `AWS::Serverless::HttpApi` and the event source `HttpApi`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Resource;
use crate::template::place::Place;
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::{NOT_UNDERSTOOD, Stack};

/// An HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpApi {
    pub(crate) logical_id: String,
    pub(crate) id: String,
    pub(crate) auth: Auth,
    pub(crate) cors: Option<Cors>,
    pub(crate) routes: Vec<Route>,
}

/// The ways in which routes can ask who passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Auth {
    pub(crate) authorizers: BTreeMap<String, JwtAuthorizer>,
    /// Whether routes may ask for signed requests.
    iam_is_enabled: bool,
    default: Authorization,
}

/// Who may pass a route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Authorization {
    /// Everybody.
    #[default]
    None,
    /// Whoever brings a token that the authorizer of this name takes.
    Jwt(String),
    /// Whoever signs the request with credentials whose policies allow it.
    Iam,
}

impl Authorization {
    /// As API Gateway calls it. Source: `AWS::ApiGatewayV2::Route`, `AuthorizationType`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Jwt(_) => "JWT",
            Self::Iam => "AWS_IAM",
        }
    }
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
    pub(crate) authorization: Authorization,
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
        auth: properties.within("Auth", auth).unwrap_or_default(),
        cors: properties.within("CorsConfiguration", cors),
        routes: Vec::new(),
    };
    (api, references)
}

fn auth(properties: &mut Properties) -> Auth {
    let authorizers = properties.within("Authorizers", |authorizers| {
        authorizers.members(|name, authorizer| (name.to_owned(), jwt_authorizer(authorizer)))
    });
    let mut auth = Auth {
        authorizers: authorizers.unwrap_or_default().into_iter().collect(),
        iam_is_enabled: properties.flag("EnableIamAuthorizer").unwrap_or_default(),
        default: Authorization::None,
    };
    let place = properties.place("DefaultAuthorizer");
    if let Some(name) = properties.text("DefaultAuthorizer") {
        auth.default = auth.named(&name, &place);
    }
    auth
}

impl Auth {
    /// What the name of an authorizer asks for.
    fn named(&self, name: &str, place: &Place) -> Authorization {
        match name {
            "NONE" => Authorization::None,
            "AWS_IAM" => {
                if !self.iam_is_enabled {
                    place.problem("expected EnableIamAuthorizer of the API");
                }
                Authorization::Iam
            }
            name => {
                if !self.authorizers.contains_key(name) {
                    place.problem(format_args!("there is no authorizer {name}"));
                }
                Authorization::Jwt(name.to_owned())
            }
        }
    }
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
    let place = properties.place("Auth").member("Authorizer");
    let authorization = match &authorizer {
        Some(name) => api.auth.named(name, &place),
        None => api.auth.default.clone(),
    };
    let of_authorizer = match &authorization {
        Authorization::Jwt(name) => api.auth.authorizers.get(name),
        Authorization::None | Authorization::Iam => None,
    };
    let of_authorizer = of_authorizer.map(|authorizer| authorizer.scopes.clone());
    let method = method.unwrap_or_else(|| "ANY".to_owned());
    api.routes.push(Route {
        method: method.to_ascii_uppercase(),
        path: path.unwrap_or_else(|| "$default".to_owned()),
        function: function.to_owned(),
        authorization,
        scopes: scopes.or(of_authorizer).unwrap_or_default(),
        timeout: Duration::from_millis(timeout.unwrap_or(30_000).into()),
    });
}
