//! What clients describe while the stand-in runs, read by the same rules as the template's resources: `CreateUserPool` and its like have
//! the properties of CloudFormation's resources, with the same bounds.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::physical_ids::arn;
use super::place::{Place, Problems};
use super::properties::Properties;
use super::resources::{app_client, belongings, identity_pool, schema, user_pool};
use super::{
    IdentityPool, IdentityProvider, PrincipalTagMap, ResourceServer, RoleMapping, Roles,
    SchemaAttribute, Stack, UserPool, UserPoolClient,
};

/// The members of a request, without those that only say what it is about.
pub(crate) type Members = Map<String, Value>;

impl Stack {
    /// A user pool.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as one text.
    pub(crate) fn user_pool(
        &self,
        id: &str,
        name: &str,
        mut members: Members,
    ) -> Result<UserPool, String> {
        let described = members.clone();
        // The API has no other way to say which second factors there are when the pool is made.
        if members.contains_key("SmsConfiguration") && members.contains_key("MfaConfiguration") {
            members.insert("EnabledMfas".to_owned(), Value::from(vec!["SMS_MFA"]));
        }
        let named = user_pool::Named {
            logical_id: name.to_owned(),
            id: id.to_owned(),
            arn: self.user_pool_arn(id),
            name: name.to_owned(),
        };
        let pool = read(members, |properties| {
            user_pool::described(named, properties, &self.functions)
        })?;
        Ok(UserPool { described, ..pool })
    }

    pub(crate) fn user_pool_arn(&self, id: &str) -> String {
        let resource = format!("userpool/{id}");
        arn(&self.region, &self.account_id, "cognito-idp", &resource)
    }

    /// An identity pool.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as one text.
    pub(crate) fn identity_pool(
        &self,
        id: &str,
        name: String,
        tags: BTreeMap<String, String>,
        members: Members,
    ) -> Result<IdentityPool, String> {
        let resource = format!("identitypool/{id}");
        let named = identity_pool::Named {
            logical_id: name.clone(),
            id: id.to_owned(),
            arn: arn(
                &self.region,
                &self.account_id,
                "cognito-identity",
                &resource,
            ),
            name,
            tags,
        };
        read(members, |properties| {
            identity_pool::described(named, properties)
        })
    }
}

impl UserPool {
    /// Whether the template describes it; clients make the others while the stand-in runs.
    pub(crate) fn is_of_template(&self) -> bool {
        self.dates.is_none()
    }

    /// An app client for this pool.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as one text.
    pub(crate) fn app_client(
        &self,
        id: &str,
        name: &str,
        secret: Option<String>,
        members: Members,
    ) -> Result<UserPoolClient, String> {
        let described = members.clone();
        let named = app_client::Named {
            logical_id: name.to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
            secret,
        };
        let client = read(members, |properties| {
            app_client::described(named, properties, Some(self))
        })?;
        Ok(UserPoolClient {
            described,
            ..client
        })
    }

    /// The first of the scopes that belongs to no resource server of this pool, nor to Cognito itself.
    pub(crate) fn unknown_scope<'s>(&self, scopes: &'s [String]) -> Option<&'s String> {
        app_client::unknown_scopes(scopes, self).next()
    }
}

impl IdentityPool {
    /// Its roles, and how they are chosen.
    ///
    /// # Errors
    ///
    /// All that is wrong with them, as one text.
    pub(crate) fn described_roles(
        members: Members,
    ) -> Result<(Roles, BTreeMap<String, RoleMapping>), String> {
        read(members, |properties| {
            let mappings = properties.within("RoleMappings", |mappings| {
                mappings.members(|name, mapping| {
                    (name.to_owned(), identity_pool::role_mapping(mapping))
                })
            });
            let mappings = mappings.unwrap_or_default().into_iter().collect();
            (identity_pool::roles(properties), mappings)
        })
    }
}

impl PrincipalTagMap {
    /// # Errors
    ///
    /// All that is wrong with it, as one text.
    pub(crate) fn described(members: Members) -> Result<Self, String> {
        read(members, identity_pool::principal_tag_map)
    }
}

impl ResourceServer {
    /// # Errors
    ///
    /// All that is wrong with it, as one text.
    pub(crate) fn described(members: Members) -> Result<Self, String> {
        read(members, belongings::resource_server)
    }
}

impl IdentityProvider {
    /// # Errors
    ///
    /// All that is wrong with it, as one text.
    pub(crate) fn described(members: Members) -> Result<Self, String> {
        read(members, belongings::identity_provider)
    }
}

impl SchemaAttribute {
    /// The most custom attributes of a pool.
    pub(crate) const MOST_CUSTOM: usize = schema::MOST_CUSTOM;

    /// Attributes that are added to a pool, all of them custom.
    ///
    /// # Errors
    ///
    /// All that is wrong with them, as one text.
    pub(crate) fn described(members: Members) -> Result<Vec<Self>, String> {
        read(members, |properties| {
            properties.each("CustomAttributes", schema::read_custom)
        })
    }
}

fn read<T>(members: Members, read: impl FnOnce(&mut Properties) -> T) -> Result<T, String> {
    let problems = Problems::default();
    let made = Properties::of(Value::Object(members), Place::root(&problems), read);
    match (made, problems.take()) {
        (Some(made), problems) if problems.is_empty() => Ok(made),
        (_, problems) => Err(problems.join("; ")),
    }
}
