use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentity::Client;
use aws_sdk_cognitoidentity::operation::lookup_developer_identity::LookupDeveloperIdentityOutput;
use broker_identities::Identifier;

use crate::problem::{NoAnswer, Problem};

/// The identity pool, as far as operators may use it.
#[derive(Debug)]
pub(crate) struct IdentityPool {
    client: OnFirstUse<Client>,
    id: String,
    provider_name: String,
}

/// What the pool knows of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) identity_id: String,
    /// The developer user identifiers that it is reached by.
    pub(crate) identifiers: Vec<String>,
}

/// All that an identity can have: 20 logins.
const MAX_RESULTS: i32 = 60;

impl IdentityPool {
    pub(crate) fn new(
        client: impl Into<OnFirstUse<Client>>,
        id: &str,
        provider_name: &str,
    ) -> Self {
        Self {
            client: client.into(),
            id: id.to_owned(),
            provider_name: provider_name.to_owned(),
        }
    }

    /// The identity of a developer user; `None` if it has none.
    pub(crate) async fn of_user(
        &self,
        identifier: &Identifier,
    ) -> Result<Option<Known>, CallError> {
        self.look_up(None, Some(identifier)).await
    }

    /// The identity of that id, with whoever it is reached by.
    pub(crate) async fn of_id(&self, identity_id: &str) -> Result<Option<Known>, CallError> {
        self.look_up(Some(identity_id), None).await
    }

    async fn look_up(
        &self,
        identity_id: Option<&str>,
        identifier: Option<&Identifier>,
    ) -> Result<Option<Known>, CallError> {
        let request = self
            .client
            .lookup_developer_identity()
            .identity_pool_id(&self.id)
            .set_identity_id(identity_id.map(str::to_owned))
            .set_developer_user_identifier(identifier.map(ToString::to_string))
            .max_results(MAX_RESULTS);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await {
            Ok(found) => Ok(known(found)),
            Err(error)
                if error.as_service_error().is_some_and(|error| {
                    error.is_resource_not_found_exception() || error.is_not_authorized_exception()
                }) =>
            {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Has both users have the destination's identity.
    pub(crate) async fn merge(
        &self,
        source: &Identifier,
        destination: &Identifier,
    ) -> Result<String, NoAnswer> {
        let request = self
            .client
            .merge_developer_identities()
            .identity_pool_id(&self.id)
            .developer_provider_name(&self.provider_name)
            .source_user_identifier(source.as_str())
            .destination_user_identifier(destination.as_str());
        match Box::pin(request.send()).await {
            Ok(merged) => Ok(merged.identity_id.ok_or(WithoutIdentity)?),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_conflict_exception()) =>
            {
                Err(Problem::NotMergeable.into())
            }
            Err(error) => Err(NotDone(error.into()).into()),
        }
    }

    /// Has the user reach the identity no more.
    pub(crate) async fn unlink(
        &self,
        identity_id: &str,
        identifier: &Identifier,
    ) -> Result<(), NoAnswer> {
        let request = self
            .client
            .unlink_developer_identity()
            .identity_pool_id(&self.id)
            .identity_id(identity_id)
            .developer_provider_name(&self.provider_name)
            .developer_user_identifier(identifier.as_str());
        Box::pin(request.send())
            .await
            .map_err(|error| NotDone(error.into()))?;
        Ok(())
    }
}

fn known(found: LookupDeveloperIdentityOutput) -> Option<Known> {
    Some(Known {
        identity_id: found.identity_id?,
        identifiers: found.developer_user_identifier_list.unwrap_or_default(),
    })
}

/// The identity pool did not answer, or refused for a reason that is not the request's.
#[derive(Debug, thiserror::Error)]
#[error("failed to change an identity of the pool")]
struct NotDone(#[source] CallError);

/// The identity pool has merged two identities, and does not say into which.
#[derive(Debug, thiserror::Error)]
#[error("the identity pool's answer names no identity")]
struct WithoutIdentity;
