mod app_client;
mod belongings;
mod function;
mod messages;
mod permission;
mod schema;
mod table;
mod triggers;
mod user_pool;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::permission::Permission;
use super::dependencies::{Graph, in_order, references};
use super::intrinsics::{Made, References, Scope};
use super::place::Place;
use super::properties::Properties;
use super::serverless::merged;
use super::{NOT_UNDERSTOOD, Settings, Stack};

/// CloudFormation takes no more. Source: CloudFormation quotas, "Resources".
const MOST_RESOURCES: usize = 500;

/// A resource that is being read.
struct Resource<'r, 'p> {
    logical_id: &'r str,
    metadata: Value,
    place: Place<'p>,
    settings: &'r Settings,
}

/// Makes the resources in the order in which they refer to each other.
pub(super) fn make(
    section: Map<String, Value>,
    globals: &Value,
    settings: &Settings,
    scope: &mut Scope,
    root: &Place,
) -> Stack {
    let place = root.member("Resources");
    let mut stack = Stack {
        region: settings.region.clone(),
        account_id: settings.account_id.clone(),
        ..Stack::default()
    };
    if section.is_empty() || section.len() > MOST_RESOURCES {
        place.problem(format_args!("expected 1 to {MOST_RESOURCES} resources"));
        return stack;
    }
    let (graph, sources) = prepare(section, globals, &place);
    scope.resources = sources
        .keys()
        .map(|name| (name.clone(), Made::NotMade))
        .collect();
    let (order, circles) = in_order(&graph);
    for circle in circles {
        place.problem(format_args!(
            "a circle of {}: none of them can be made first",
            circle.join(", ")
        ));
    }
    let mut permissions = Vec::new();
    for logical_id in order {
        if let Some(source) = sources.get(logical_id) {
            let place = place.member(logical_id);
            let made = source.make(
                logical_id,
                settings,
                scope,
                &mut stack,
                &mut permissions,
                &place,
            );
            scope.resources.insert(logical_id.to_owned(), made);
        }
    }
    permission::apply(&permissions, &mut stack);
    app_client::check_scopes(&stack, &place);
    for name in settings.ids.keys() {
        let pool_or_client = |pool: &super::UserPool| {
            pool.logical_id == *name || pool.clients.iter().any(|client| client.logical_id == *name)
        };
        if !stack.user_pools.iter().any(pool_or_client) {
            root.problem(format_args!(
                "--id {name}: the template has no such user pool or app client"
            ));
        }
    }
    stack
}

/// A resource as it stands in the template.
struct Source {
    kind: String,
    condition: Option<Value>,
    metadata: Value,
    properties: Value,
}

fn prepare(
    section: Map<String, Value>,
    globals: &Value,
    place: &Place,
) -> (Graph, BTreeMap<String, Source>) {
    let names: Vec<_> = section.keys().cloned().collect();
    let mut graph = Graph::new();
    let mut sources = BTreeMap::new();
    for (name, resource) in section {
        let place = place.member(&name);
        let Value::Object(mut resource) = resource else {
            place.problem("expected a mapping");
            continue;
        };
        let kind = match resource.remove("Type") {
            Some(Value::String(kind)) => kind,
            _ => {
                place.problem("expected a Type");
                continue;
            }
        };
        let mut properties = resource
            .remove("Properties")
            .unwrap_or_else(|| Map::new().into());
        if kind == "AWS::Serverless::Function" {
            properties = merged(globals.clone(), properties);
        }
        let mut needed = references(&properties);
        for other in texts(resource.remove("DependsOn")) {
            if !names.contains(&other) {
                place
                    .member("DependsOn")
                    .problem(format_args!("nothing here has the name {other}"));
            }
            needed.insert(other);
        }
        let source = Source {
            kind,
            condition: resource.remove("Condition"),
            metadata: resource.remove("Metadata").unwrap_or(Value::Null),
            properties,
        };
        for attribute in resource.keys() {
            if attribute != "DeletionPolicy" && attribute != "UpdateReplacePolicy" {
                place.member(attribute).problem(NOT_UNDERSTOOD);
            }
        }
        graph.insert(name.clone(), needed);
        sources.insert(name, source);
    }
    (graph, sources)
}

fn texts(value: Option<Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items
            .into_iter()
            .flat_map(|item| texts(Some(item)))
            .collect(),
        _ => Vec::new(),
    }
}

impl Source {
    fn make(
        &self,
        logical_id: &str,
        settings: &Settings,
        scope: &Scope,
        stack: &mut Stack,
        permissions: &mut Vec<Permission>,
        place: &Place,
    ) -> Made {
        if let Some(condition) = &self.condition {
            match scope.condition(condition, &place.member("Condition")) {
                Some(true) => {}
                Some(false) => return Made::LeftOut,
                None => return Made::NotMade,
            }
        }
        let resource = Resource {
            logical_id,
            metadata: scope
                .resolve(&self.metadata, &place.member("Metadata"))
                .unwrap_or(Value::Null),
            place: place.clone(),
            settings,
        };
        let place = place.member("Properties");
        let properties = scope
            .resolve(&self.properties, &place)
            .unwrap_or(Value::Null);
        if let Some(references) = skipped(&self.kind, &resource) {
            return Made::Made(references);
        }
        let made = Properties::of(properties, place, |properties| {
            resource.read(&self.kind, properties, stack, permissions)
        });
        made.flatten().map_or(Made::NotMade, Made::Made)
    }
}

/// What others can learn of a resource that means nothing in the stand-in; `None` for every other type.
fn skipped(kind: &str, resource: &Resource) -> Option<References> {
    let name = resource.settings.name(resource.logical_id, 64);
    let arn = match kind {
        "AWS::CloudWatch::Alarm" => resource
            .settings
            .arn("cloudwatch", &format!("alarm:{name}")),
        "AWS::IAM::ManagedPolicy" | "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" => String::new(),
        "AWS::IAM::Role" => {
            let (partition, account) =
                (resource.settings.partition(), &resource.settings.account_id);
            format!("arn:{partition}:iam::{account}:role/{name}")
        }
        "AWS::Logs::LogGroup" => resource
            .settings
            .arn("logs", &format!("log-group:{name}:*")),
        "AWS::Cognito::UserPoolDomain" => return Some(References::default()),
        _ => return None,
    };
    let attributes = if arn.is_empty() {
        BTreeMap::new()
    } else {
        BTreeMap::from([("Arn", arn)])
    };
    Some(References {
        reference: Some(name),
        attributes,
    })
}

impl Resource<'_, '_> {
    /// Reads what the stand-in plays into the stack. `None` when a problem was noted.
    fn read(
        &self,
        kind: &str,
        properties: &mut Properties,
        stack: &mut Stack,
        permissions: &mut Vec<Permission>,
    ) -> Option<References> {
        match kind {
            "AWS::Serverless::Function" => {
                let (function, references) = function::read(self, properties);
                stack.functions.push(function);
                Some(references)
            }
            "AWS::Lambda::Permission" => {
                permissions.extend(permission::read(properties));
                Some(References::default())
            }
            "AWS::DynamoDB::Table" => {
                let (table, references) = table::read(self, properties);
                stack.tables.push(table);
                Some(references)
            }
            "AWS::Cognito::UserPool" => {
                let (pool, references) = user_pool::read(self, properties, &stack.functions);
                stack.user_pools.push(pool);
                Some(references)
            }
            "AWS::Cognito::UserPoolClient" => {
                let pool = belongings::pool_of(properties, stack);
                let (client, references) = app_client::read(self, properties, pool.as_deref());
                pool?.clients.push(client);
                Some(references)
            }
            "AWS::Cognito::UserPoolGroup" => {
                let pool = belongings::pool_of(properties, stack);
                let group = belongings::group(properties);
                pool?.groups.push(group);
                Some(References::default())
            }
            "AWS::Cognito::UserPoolResourceServer" => {
                let pool = belongings::pool_of(properties, stack);
                let server = belongings::resource_server(properties);
                pool?.resource_servers.push(server);
                Some(References::default())
            }
            _ => {
                self.place
                    .member("Type")
                    .problem(format_args!("{kind} is {NOT_UNDERSTOOD}"));
                properties.ignore_all();
                None
            }
        }
    }
}
