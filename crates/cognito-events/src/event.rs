use serde::Deserialize;

use crate::redacted::UserName;
use crate::tolerant;

/// What every trigger receives; `Source` is the trigger's own list of trigger sources and `Request` its own request.
#[derive(Debug, Deserialize)]
#[serde(
    rename_all = "camelCase",
    bound(deserialize = "Source: Deserialize<'de> + Default, Request: Deserialize<'de> + Default")
)]
pub struct Event<Source, Request> {
    /// The version of the event's form, `"1"`, `"2"` or `"3"`; AWS's own samples sometimes show a number.
    #[serde(default, deserialize_with = "tolerant::text")]
    pub version: String,
    /// What made Cognito call.
    #[serde(default, deserialize_with = "tolerant::name")]
    pub trigger_source: Source,
    /// For example `eu-central-1`.
    #[serde(default, deserialize_with = "tolerant::text")]
    pub region: String,
    /// The pool that calls.
    #[serde(default, deserialize_with = "tolerant::text")]
    pub user_pool_id: String,
    /// The user's immutable name, or what a person typed; empty where Cognito sends none.
    #[serde(default)]
    pub user_name: UserName,
    /// The app client that the user came through.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub caller_context: CallerContext,
    /// What the trigger is asked.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub request: Request,
}

/// Who called Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerContext {
    /// Usually `aws-sdk-unknown-unknown`.
    #[serde(default, deserialize_with = "tolerant::text")]
    pub aws_sdk_version: String,
    /// The app client; `None` when an administrator confirms a user, `CLIENT_ID_NOT_APPLICABLE` when one creates a user.
    pub client_id: Option<String>,
}
