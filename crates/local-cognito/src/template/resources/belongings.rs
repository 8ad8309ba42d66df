//! What belongs to a user pool, besides its app clients.

use crate::template::properties::Properties;
use crate::template::{Group, ResourceServer, Stack, UserPool};

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

pub(super) fn resource_server(properties: &mut Properties) -> ResourceServer {
    let scopes = properties.each("Scopes", |scope| {
        (
            scope.required_text("ScopeName"),
            scope.required_text("ScopeDescription"),
        )
    });
    ResourceServer {
        identifier: properties.required_text("Identifier"),
        name: properties.required_text("Name"),
        scopes: scopes.into_iter().collect(),
    }
}
