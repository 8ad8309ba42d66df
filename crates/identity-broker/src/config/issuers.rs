use entrypoint::Env;
use https_endpoint::Endpoint;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::Duration;

use crate::jwk::{Algorithm, KeySet};
use crate::proof;

/// An OpenID provider whose ID tokens are taken.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) name: String,
    /// As its tokens name it.
    pub(crate) issuer: String,
    /// The client ids that it knows us by.
    pub(crate) audiences: Vec<String>,
    pub(crate) algorithms: Vec<Algorithm>,
    /// Hosts that it may be asked at.
    pub(crate) hosts: Vec<String>,
    /// Where its keys are, or else where it says so.
    pub(crate) keys: KeysAt,
    pub(crate) nonce: NonceRule,
    /// Whether its subjects are no personal data.
    pub(crate) is_opaque: bool,
    /// How long after it was issued a token is taken.
    pub(crate) max_age: Duration,
}

/// Where an issuer's keys are found.
#[derive(Debug)]
pub(crate) enum KeysAt {
    Discovery(Endpoint),
    Keys(Endpoint),
}

/// What the nonce of an ID token has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NonceRule {
    /// A challenge of ours, so that the token counts once, for whoever has asked for the challenge.
    Challenge,
    /// What the client says that it sent, if the token has one.
    #[default]
    Presented,
}

/// A backend of the operator's, which signs tokens for its own users.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) keys: KeySet,
    pub(crate) is_opaque: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenIssuer {
    name: String,
    issuer: String,
    audiences: Vec<String>,
    algorithms: Vec<Algorithm>,
    hosts: Vec<String>,
    #[serde(default)]
    jwks: Option<String>,
    #[serde(default)]
    nonce: NonceRule,
    #[serde(default)]
    opaque: bool,
    #[serde(default = "an_hour")]
    max_age_seconds: u32,
}

/// As long as a client may go on with one ID token, which is about what providers give it.
fn an_hour() -> u32 {
    3_600
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenBackend {
    name: String,
    issuer: String,
    audience: String,
    keys: Vec<serde_json::Value>,
    #[serde(default)]
    opaque: bool,
}

pub(super) fn issuers(env: &mut Env, variable: &str) -> Vec<Issuer> {
    let written: Vec<WrittenIssuer> = list(env, variable);
    let read = |written| issuer(written).map_err(|problem| env.problem(variable, problem));
    written
        .into_iter()
        .map(read)
        .filter_map(Result::ok)
        .collect()
}

fn issuer(written: WrittenIssuer) -> Result<Issuer, String> {
    let name = written.name;
    let problem = |expected: &str| format!("{name}: {expected}");
    let endpoint = |url: &str| {
        let endpoint: Endpoint = url
            .parse()
            .map_err(|_| problem("expected https://<host>/<path>"))?;
        let is_allowed = endpoint.is_at_one_of(&written.hosts);
        is_allowed
            .then_some(endpoint)
            .ok_or_else(|| problem("expected the host among `hosts`"))
    };
    let keys = match &written.jwks {
        Some(url) => KeysAt::Keys(endpoint(url)?),
        None => {
            let issuer = written.issuer.trim_end_matches('/');
            KeysAt::Discovery(endpoint(&format!(
                "{issuer}/.well-known/openid-configuration"
            ))?)
        }
    };
    if written.audiences.is_empty() || written.algorithms.is_empty() {
        return Err(problem("expected an audience and an algorithm at least"));
    }
    if is_unprintable(&written.issuer) {
        return Err(problem("expected an issuer in visible characters"));
    }
    Ok(Issuer {
        issuer: written.issuer,
        audiences: written.audiences,
        algorithms: written.algorithms,
        hosts: written.hosts,
        keys,
        nonce: written.nonce,
        is_opaque: written.opaque,
        max_age: Duration::seconds(written.max_age_seconds.into()),
        name,
    })
}

pub(super) fn backends(env: &mut Env, variable: &str) -> Vec<Backend> {
    let written: Vec<WrittenBackend> = list(env, variable);
    let mut backends = Vec::new();
    for written in written {
        match KeySet::of_list(written.keys) {
            Some(keys) if !is_unprintable(&written.issuer) && !written.audience.is_empty() => {
                backends.push(Backend {
                    name: written.name,
                    issuer: written.issuer,
                    audience: written.audience,
                    keys,
                    is_opaque: written.opaque,
                });
            }
            _ => env.problem(
                variable,
                format_args!(
                    "{}: expected an issuer, an audience, and public keys with `kid` and `alg`",
                    written.name
                ),
            ),
        }
    }
    backends
}

/// A line break in an issuer could make two logins one.
fn is_unprintable(issuer: &str) -> bool {
    issuer.is_empty() || !issuer.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What comes from nowhere else: their names are parts of identifiers.
pub(super) fn check_names(env: &mut Env, issuers: &[Issuer], backends: &[Backend]) {
    let issuers = issuers
        .iter()
        .map(|issuer| ("ISSUERS", &issuer.name, &issuer.issuer));
    let backends = backends
        .iter()
        .map(|backend| ("BACKENDS", &backend.name, &backend.issuer));
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (variable, name, issuer) in issuers.chain(backends) {
        if !proof::is_source_name(name) || proof::OWN_SOURCES.contains(&name.as_str()) {
            env.problem(
                variable,
                format_args!("{name}: expected a name of lower-case letters, digits and hyphens, and not one of ours"),
            );
        }
        if seen.iter().any(|(other, of)| other == name || of == issuer) {
            env.problem(
                variable,
                format_args!("{name}: a name or an issuer is there twice"),
            );
        }
        seen.push((name, issuer));
    }
}

/// The parts of a variable that is a list in JSON.
pub(super) fn list<T: DeserializeOwned>(env: &mut Env, variable: &str) -> Vec<T> {
    let Some(json) = env.optional::<String>(variable) else {
        return Vec::new();
    };
    serde_json::from_str(&json).unwrap_or_else(|error| {
        env.problem(variable, error);
        Vec::new()
    })
}
