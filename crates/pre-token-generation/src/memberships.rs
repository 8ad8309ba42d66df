use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use cognito_events::is_id;
use cognito_events::pre_token_generation::{Event, TriggerSource};
use entrypoint::OutOfPatience;

use crate::membership::{Malformed, Membership};

/// The table of memberships: an item for each subject.
pub struct Memberships {
    client: Client,
    table: String,
}

impl Memberships {
    /// The table of that name.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// The subject's membership, as it is for tokens of this app client.
    ///
    /// The read is strongly consistent: it costs a second read unit for each 4 KB, and in return a right that was taken away is gone
    /// from the very next token.
    pub(crate) async fn look_up(
        &self,
        subject: &Subject,
        client_id: Option<&str>,
    ) -> Result<Option<Membership>, LookupError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("subject", AttributeValue::S(subject.0.clone()))
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await.map_err(Box::new)?;
        let membership = found
            .item
            .map(|item| Membership::from_item(item, client_id))
            .transpose()?;
        Ok(membership)
    }
}

/// Whom the token is about: `user#<sub>`, or `client#<clientId>` for a machine client.
pub(crate) struct Subject(String);

impl Subject {
    /// None when the event does not say who it is about, in an id as Cognito makes them: so that nothing else gets into the log.
    ///
    /// What a machine client's event holds besides the app client is not documented, so nothing else of it is read.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let (kind, id) = match event.trigger_source {
            TriggerSource::ClientCredentials => {
                ("client", event.caller_context.client_id.as_deref())
            }
            _ => ("user", event.request.user_attributes.get("sub")),
        };
        let id = id.filter(|id| is_id(id))?;
        Some(Self(format!("{kind}#{id}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why there is no telling what the membership is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupError {
    /// Cognito names the user or the app client in every event. Without, a pass-through could be an escalation, as without the table.
    #[error("the event does not say whose membership to read")]
    NoSubject,
    /// The table did not answer, or answered with an error.
    #[error("failed to read the membership")]
    Table(#[from] Box<SdkError<GetItemError>>),
    /// The item is not a membership; someone has to correct it.
    #[error("failed to understand the membership")]
    Item(#[from] Malformed),
    /// The table did not answer in time.
    #[error("failed to read the membership in time")]
    OutOfPatience(#[from] OutOfPatience),
}

#[cfg(test)]
mod tests {
    use cognito_events::{Attributes, CallerContext};

    use super::*;

    #[test]
    fn the_subject_is_the_user_or_the_machine_client() {
        use TriggerSource::{ClientCredentials, RefreshTokens, Unknown};
        for (source, sub, client_id, expected) in [
            (RefreshTokens, Some("u-1"), Some("c-1"), Some("user#u-1")),
            (
                Unknown("TokenGeneration_Later".to_owned()),
                Some("u-1"),
                Some("c-1"),
                Some("user#u-1"),
            ),
            (RefreshTokens, Some("client#c-1"), Some("c-1"), None),
            (RefreshTokens, Some("ines@example.org"), Some("c-1"), None),
            (RefreshTokens, Some("two\nlines"), Some("c-1"), None),
            (RefreshTokens, Some(&*"x".repeat(129)), Some("c-1"), None),
            (RefreshTokens, None, Some("c-1"), None),
            (RefreshTokens, Some(""), Some("c-1"), None),
            (ClientCredentials, None, Some("c-1"), Some("client#c-1")),
            (
                ClientCredentials,
                Some("u-1"),
                Some("c-1"),
                Some("client#c-1"),
            ),
            (ClientCredentials, Some("u-1"), None, None),
        ] {
            let mut event = Event {
                version: "3".to_owned(),
                trigger_source: source,
                region: String::new(),
                user_pool_id: String::new(),
                user_name: "someone".into(),
                caller_context: CallerContext::default(),
                request: Default::default(),
            };
            event.caller_context.client_id = client_id.map(str::to_owned);
            if let Some(sub) = sub {
                event.request.user_attributes = Attributes::from([("sub", sub)]);
            }
            let subject = Subject::of(&event);
            assert_eq!(subject.as_ref().map(Subject::as_str), expected, "{event:?}");
        }
    }
}
