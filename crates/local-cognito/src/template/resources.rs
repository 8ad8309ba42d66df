pub(super) mod app_client;
pub(super) mod asynchronous;
pub(super) mod belongings;
pub(super) mod bucket;
mod factors;
mod function;
pub(super) mod http_api;
pub(super) mod identity_pool;
pub(super) mod key;
mod messages;
pub(super) mod open_id_connect_provider;
mod permission;
mod policy;
pub(super) mod role;
pub(super) mod schema;
mod source;
mod table;
mod triggers;
pub(super) mod user_pool;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::permission::Granted;
use self::source::prepare;
use super::dependencies::in_order;
use super::place::Place;
use super::properties::Properties;
use super::scope::{Outcome, References, Scope};
use super::serverless::role_of;
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
        .map(|name| (name.clone(), Outcome::Failed))
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
            if source.is_function_without_role() {
                let role = role_of(logical_id);
                let role_made = match made {
                    Outcome::Made(_) => {
                        let name = settings.name(&role, 64);
                        Outcome::Made(role::references_of_generated(&name, &stack))
                    }
                    Outcome::LeftOut => Outcome::LeftOut,
                    Outcome::Failed => Outcome::Failed,
                };
                scope.resources.insert(role, role_made);
            }
            scope.resources.insert(logical_id.to_owned(), made);
        }
    }
    permission::apply(permissions, &mut stack);
    app_client::check_scopes(&stack, &place);
    for name in settings.ids.keys() {
        let pool_or_client = |pool: &super::UserPool| {
            pool.logical_id == *name || pool.clients.iter().any(|client| client.logical_id == *name)
        };
        let mut identity_pools = stack.identity_pools.iter();
        if !stack.user_pools.iter().any(pool_or_client)
            && !identity_pools.any(|pool| pool.logical_id == *name)
        {
            root.problem(format_args!(
                "--id {name}: the template has no such user pool, app client or identity pool"
            ));
        }
    }
    stack
}

/// What others can learn of a resource that means nothing in the stand-in; `None` for every other type.
fn skipped(kind: &str, resource: &Resource) -> Option<References> {
    let name = resource.settings.name(resource.logical_id, 64);
    let arn = match kind {
        "AWS::CloudWatch::Alarm" => resource
            .settings
            .arn("cloudwatch", &format!("alarm:{name}")),
        "AWS::Logs::MetricFilter"
        | "AWS::SNS::Subscription"
        | "AWS::SNS::TopicPolicy"
        | "AWS::SQS::QueuePolicy" => String::new(),
        "AWS::Logs::LogGroup" => resource
            .settings
            .arn("logs", &format!("log-group:{name}:*")),
        "AWS::Pipes::Pipe" => resource.settings.arn("pipes", &format!("pipe/{name}")),
        "AWS::SNS::Topic" => return Some(references_of_topic(name, resource.settings)),
        "AWS::SQS::Queue" => return Some(references_of_queue(name, resource.settings)),
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

fn references_of_topic(name: String, settings: &Settings) -> References {
    let arn = settings.arn("sns", &name);
    References {
        reference: Some(arn.clone()),
        attributes: BTreeMap::from([("TopicArn", arn), ("TopicName", name)]),
    }
}

fn references_of_queue(name: String, settings: &Settings) -> References {
    let (region, suffix, account) = (
        &settings.region,
        settings.url_suffix(),
        &settings.account_id,
    );
    let url = format!("https://sqs.{region}.{suffix}/{account}/{name}");
    let arn = settings.arn("sqs", &name);
    References {
        reference: Some(url.clone()),
        attributes: BTreeMap::from([("Arn", arn), ("QueueName", name), ("QueueUrl", url)]),
    }
}

impl Resource<'_, '_> {
    /// Reads what the stand-in plays into the stack. `None` when a problem was noted.
    fn read(
        &self,
        kind: &str,
        properties: &mut Properties,
        stack: &mut Stack,
        permissions: &mut Vec<Granted>,
    ) -> Option<References> {
        match kind {
            "AWS::Serverless::Function" => {
                http_api::routes(self.logical_id, properties, stack);
                let role = role::of_function(self, properties, stack);
                let (function, references) = function::read(self, role, properties);
                stack.functions.push(function);
                Some(references)
            }
            "AWS::Serverless::HttpApi" => {
                let (api, references) = http_api::read(self, properties);
                stack.http_apis.push(api);
                Some(references)
            }
            "AWS::Lambda::Permission" => {
                permissions.push(permission::read(self.logical_id, properties));
                Some(References::default())
            }
            "AWS::IAM::Role" => {
                let (role, references) = role::read(self, properties);
                stack.roles.extend(role);
                Some(references)
            }
            "AWS::IAM::RolePolicy" => {
                role::role_policy(properties, stack);
                Some(References::default())
            }
            "AWS::IAM::ManagedPolicy" => {
                role::policy_of_roles("ManagedPolicyName", properties, stack);
                Some(References::default())
            }
            "AWS::IAM::Policy" => {
                role::policy_of_roles("PolicyName", properties, stack);
                Some(References::default())
            }
            "AWS::KMS::Alias" => key::alias(properties, stack),
            "AWS::KMS::Key" => {
                let (key, references) = key::read(self, properties);
                stack.keys.push(key);
                Some(references)
            }
            "AWS::DynamoDB::Table" => {
                let (table, references) = table::read(self, properties);
                stack.tables.push(table);
                Some(references)
            }
            "AWS::S3::Bucket" => {
                let (bucket, references) = bucket::read(self, properties);
                stack.buckets.push(bucket);
                Some(references)
            }
            "AWS::Cognito::UserPool" => {
                let (pool, references) = user_pool::read(self, properties, &stack.functions);
                stack.user_pools.push(pool);
                Some(references)
            }
            "AWS::Cognito::IdentityPool" => {
                let (pool, references) = identity_pool::read(self, properties);
                stack.identity_pools.push(pool);
                Some(references)
            }
            "AWS::Cognito::IdentityPoolPrincipalTag" => {
                identity_pool::principal_tag(properties, stack)
            }
            "AWS::Cognito::IdentityPoolRoleAttachment" => {
                identity_pool::role_attachment(properties, stack)
            }
            "AWS::IAM::OIDCProvider" => {
                let (provider, references) = open_id_connect_provider::read(self, properties);
                stack.open_id_connect_providers.push(provider);
                Some(references)
            }
            "AWS::Cognito::UserPoolClient" => {
                let pool = belongings::pool_of(properties, stack);
                let (client, references) = app_client::read(self, properties, pool.as_deref());
                pool?.clients.push(client.into());
                Some(references)
            }
            "AWS::Cognito::UserPoolGroup" => {
                let pool = belongings::pool_of(properties, stack);
                let group = belongings::group(properties);
                pool?.groups.push(group);
                Some(References::default())
            }
            "AWS::Cognito::UserPoolIdentityProvider" => {
                let pool = belongings::pool_of(properties, stack);
                let provider = belongings::identity_provider(properties);
                let name = provider.name.clone();
                pool?.identity_providers.push(provider);
                Some(References {
                    reference: Some(name),
                    ..References::default()
                })
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
