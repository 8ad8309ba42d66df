//! The template is the stand-in's configuration: what is tested is what is deployed.
//!
//! [`load`] resolves a SAM template as CloudFormation would, with names and ids of its own, and takes from it what the stand-in plays.
//! What it does not understand (a function, a resource type, a property of a resource that it plays) it names with its place, all of it
//! at once, rather than play something else than what is deployed.

mod conditions;
mod dependencies;
mod described;
mod document;
mod identity_pool;
mod intrinsics;
mod parameters;
mod permission;
mod physical_ids;
mod place;
mod properties;
mod resources;
mod scope;
mod serverless;
mod stack;
mod substitution;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Map, Value};

use self::place::{Place, Problems};
use self::scope::Scope;

pub(crate) use self::described::Members;
pub(crate) use self::identity_pool::{
    AmbiguousRoleResolution, CognitoIdentityProvider, IdentityPool, MappingKind, MatchType,
    OpenIdConnectProvider, PrincipalTagMap, RoleMapping, Roles, Rule, without_scheme,
};
pub(crate) use self::resources::asynchronous::Asynchronous;
pub(crate) use self::resources::bucket::{Bucket, CorsRule};
pub(crate) use self::resources::http_api::{Authorization, Cors, HttpApi, JwtAuthorizer, Route};
#[cfg(test)]
pub(crate) use self::resources::key::default_key_policy;
pub(crate) use self::resources::key::{Key, KeySpec};
pub(crate) use self::resources::open_id_connect_provider::is_reachable;
pub(crate) use self::resources::role::Role;
pub(crate) use self::stack::{
    Dates, DeviceConfiguration, Domain, Function, Group, IdentityProvider, Messages,
    PasswordPolicy, Permission, ResourceServer, STANDARD_ATTRIBUTES, SchemaAttribute, Stack, Table,
    Trigger, UserPool, UserPoolClient,
};

/// What the template leaves to whoever deploys it.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) region: String,
    /// Twelve digits.
    pub(crate) account_id: String,
    pub(crate) stack_name: String,
    /// Values of the template's parameters, in place of their defaults.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Ids of user pools, app clients and identity pools, by logical id, in place of the ones made from the stack's name.
    pub(crate) ids: BTreeMap<String, String>,
}

/// Everything that is wrong with a template.
#[derive(Debug, PartialEq, Eq)]
pub struct TemplateError {
    template: String,
    problems: Vec<String>,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(formatter, "{} has {count} problem(s)", self.template)?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(formatter, "\n  {problem}"))
    }
}

impl std::error::Error for TemplateError {}

/// Reads a template as it would be deployed with these settings.
///
/// # Errors
///
/// Every problem of the template and of the settings, each with its place.
pub(crate) fn load(path: &Path, settings: &Settings) -> Result<Stack, TemplateError> {
    let problems = Problems::default();
    let stack = match read(path) {
        Ok(text) => stack(&text, settings, &Place::root(&problems)),
        Err(error) => {
            problems.note(format_args!("cannot be read: {error}"));
            None
        }
    };
    match (stack, problems.take()) {
        (Some(stack), problems) if problems.is_empty() => Ok(stack),
        (_, problems) => Err(TemplateError {
            template: path.display().to_string(),
            problems,
        }),
    }
}

/// The file's text, or as much of it as shows that it is too large.
fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(document::MAX_BYTES as u64 + 1)
        .read_to_string(&mut text)?;
    Ok(text)
}

fn stack(text: &str, settings: &Settings, root: &Place) -> Option<Stack> {
    settings.check(root);
    let mut sections = document::parse(text, root)?;
    let mut section = |name: &str| match sections.remove(name) {
        Some(Value::Object(section)) => section,
        Some(Value::Null) | None => Map::new(),
        Some(_) => {
            root.member(name).problem("expected a mapping");
            Map::new()
        }
    };
    let parameters = section("Parameters");
    let mappings = section("Mappings");
    let conditions = section("Conditions");
    let globals = section("Globals");
    let resources = section("Resources");
    let outputs = section("Outputs");
    let _about_the_template = section("Metadata");
    serverless::check_transform(sections.remove("Transform"), root);
    for name in sections.keys() {
        if name != "AWSTemplateFormatVersion" && name != "Description" {
            root.member(name).problem(NOT_UNDERSTOOD);
        }
    }

    let parameters = parameters::values(&parameters, &settings.parameters, root);
    let mut scope = Scope::new(settings, parameters, mappings);
    conditions::evaluate(&conditions, &mut scope, &root.member("Conditions"));
    let globals = serverless::globals(globals, &root.member("Globals"));
    let mut stack = resources::make(resources, &globals, settings, &mut scope, root);
    stack.outputs = intrinsics::outputs(&outputs, &scope, &root.member("Outputs"));
    Some(stack)
}

const NOT_UNDERSTOOD: &str = "not understood by local-cognito";
