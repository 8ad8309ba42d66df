use aws_connection::CallError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use time::{Duration, OffsetDateTime};

use crate::method::Method;
use crate::sign_in::SignIn;

/// For how long a sign-in is remembered. Cognito calls pre token generation right after define auth challenge, with post authentication
/// between them: twice 5 s at the most, and as often as three times.
const LIFE: Duration = Duration::seconds(30);

/// The table of sign-in methods.
#[derive(Debug, Clone)]
pub struct SignInMethods {
    client: Client,
    table: String,
}

/// The methods that were passed in a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Their names, as [`Method::as_str`] has them, in the order in which they were passed.
    pub methods: Vec<String>,
    /// When the last one was.
    pub at: OffsetDateTime,
}

impl SignInMethods {
    /// The table of that name.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Remembers the methods of a sign-in for 30 s. The same again leaves the same.
    ///
    /// # Errors
    ///
    /// [`SignInMethodsError::Write`]
    pub async fn remember(
        &self,
        sign_in: &SignIn,
        methods: &[Method],
        now: OffsetDateTime,
    ) -> Result<(), SignInMethodsError> {
        let names = methods.iter().map(|method| text(method.as_str()));
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("subject", text(sign_in.key()))
            .item("methods", AttributeValue::L(names.collect()))
            .item("at", seconds(now))
            .item("expiresAt", seconds(now + LIFE));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let written = Box::pin(request.send()).await;
        written.map_err(|error| SignInMethodsError::Write(error.into()))?;
        Ok(())
    }

    /// The methods of a sign-in that has just been; none if there was none, or it is 30 s ago.
    ///
    /// # Errors
    ///
    /// [`SignInMethodsError::Read`], [`SignInMethodsError::Malformed`]
    pub async fn recall(
        &self,
        sign_in: &SignIn,
        now: OffsetDateTime,
    ) -> Result<Option<Passed>, SignInMethodsError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("subject", text(sign_in.key()))
            .consistent_read(true);
        let found = Box::pin(request.send()).await;
        let found = found.map_err(|error| SignInMethodsError::Read(error.into()))?;
        let Some(item) = found.item() else {
            return Ok(None);
        };
        let time = |name: &str| {
            let seconds: i64 = item.get(name)?.as_n().ok()?.parse().ok()?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        };
        let names = |values: &[AttributeValue]| {
            let names = values.iter().map(|value| value.as_s().ok().cloned());
            names.collect::<Option<Vec<_>>>()
        };
        let methods = item.get("methods").and_then(|value| value.as_l().ok());
        let methods = methods.and_then(|values| names(values));
        match (methods, time("at"), time("expiresAt")) {
            // The table deletes what has expired days later.
            (Some(_), Some(_), Some(end)) if end <= now => Ok(None),
            (Some(methods), Some(at), Some(_)) => Ok(Some(Passed { methods, at })),
            _ => Err(SignInMethodsError::Malformed),
        }
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn seconds(time: OffsetDateTime) -> AttributeValue {
    AttributeValue::N(time.unix_timestamp().to_string())
}

/// Why the table could not answer. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum SignInMethodsError {
    /// The table did not answer a write, or answered with an error.
    #[error("failed to write the sign-in methods")]
    Write(#[source] CallError),
    /// The same of a read.
    #[error("failed to read the sign-in methods")]
    Read(#[source] CallError),
    /// The item is none that was written here.
    #[error("failed to understand the sign-in methods")]
    Malformed,
}
