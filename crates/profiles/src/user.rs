use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use cognito_events::{Attributes, Event, is_id};

/// What a new profile keeps of a user's attributes, where nothing else is configured.
pub const USUAL_ATTRIBUTES: [&str; 5] = ["email", "name", "given_name", "family_name", "locale"];

/// A user as an event shows them. Not for a log, but for the [`User::sub`].
pub struct User {
    sub: String,
    user_pool_id: String,
    user_name: String,
    client_id: Option<String>,
    attributes: HashMap<String, AttributeValue>,
}

impl User {
    /// The user whom the event is about, with those of the attributes that the profile is to keep.
    ///
    /// # Errors
    ///
    /// [`NoUser`], when there is no `sub` as Cognito makes them.
    pub fn of<Source, Request>(
        event: &Event<Source, Request>,
        attributes: &Attributes,
        kept: &[String],
    ) -> Result<Self, NoUser> {
        let sub = attributes.get("sub").filter(|sub| is_id(sub));
        let sub = sub.ok_or(NoUser)?;
        let kept = kept.iter().filter_map(|name| {
            let value = attributes.get(name)?;
            Some((name.clone(), AttributeValue::S(value.to_owned())))
        });
        Ok(Self {
            sub: sub.to_owned(),
            user_pool_id: event.user_pool_id.clone(),
            user_name: event.user_name.as_str().to_owned(),
            client_id: event.caller_context.client_id.clone(),
            attributes: kept.collect(),
        })
    }

    /// The id that says nothing to those who cannot read the pool.
    pub fn sub(&self) -> &str {
        &self.sub
    }

    /// The pool that the user belongs to.
    pub fn user_pool_id(&self) -> &str {
        &self.user_pool_id
    }

    /// The user's immutable name, for calls to the pool and never for a log.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// The partition key.
    pub(crate) fn subject(&self) -> AttributeValue {
        AttributeValue::S(format!("user#{}", self.sub))
    }

    /// What every record says of whom it is about.
    pub(crate) fn identity(&self) -> Vec<(&'static str, AttributeValue)> {
        let mut identity = vec![
            ("sub", AttributeValue::S(self.sub.clone())),
            ("userPoolId", AttributeValue::S(self.user_pool_id.clone())),
        ];
        if let Some(client_id) = &self.client_id {
            identity.push(("clientId", AttributeValue::S(client_id.clone())));
        }
        identity
    }

    /// What the profile says besides.
    pub(crate) fn description(&self) -> [(&'static str, AttributeValue); 2] {
        [
            ("userName", AttributeValue::S(self.user_name.clone())),
            ("attributes", AttributeValue::M(self.attributes.clone())),
        ]
    }
}

/// Cognito names the user in every event of these triggers; this one names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event does not say whose profile to write")]
pub struct NoUser;
