//! The environment variables of a function's process: those of its template and Lambda's own, and nothing of this machine.
//!
//! Source: AWS Lambda Developer Guide, "Working with Lambda environment variables", defined runtime environment variables.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::Settings;
use crate::credentials::Credentials;
use crate::template::Function;

pub(super) fn of_process(
    function: &Function,
    credentials: &Credentials,
    settings: &Settings,
    environment_id: &str,
) -> BTreeMap<String, String> {
    let Settings {
        endpoint, region, ..
    } = settings;
    let today = OffsetDateTime::now_utc().date();
    let (year, month, day) = (today.year(), u8::from(today.month()), today.day());
    let lambdas = [
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id.clone()),
        ("AWS_DEFAULT_REGION", region.clone()),
        ("AWS_ENDPOINT_URL", endpoint.clone()),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            function.memory_mb.to_string(),
        ),
        ("AWS_LAMBDA_FUNCTION_NAME", function.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        (
            "AWS_LAMBDA_LOG_GROUP_NAME",
            format!("/aws/lambda/{}", function.name),
        ),
        (
            "AWS_LAMBDA_LOG_STREAM_NAME",
            format!("{year}/{month:02}/{day:02}/[$LATEST]{environment_id}"),
        ),
        // With a scheme, which Lambda leaves out: the Rust runtime takes a path only behind one.
        (
            "AWS_LAMBDA_RUNTIME_API",
            format!("{endpoint}/.rt/{environment_id}"),
        ),
        ("AWS_REGION", region.clone()),
        (
            "AWS_SECRET_ACCESS_KEY",
            credentials.secret_access_key.clone(),
        ),
        (
            "AWS_SESSION_TOKEN",
            credentials.session_token.clone().unwrap_or_default(),
        ),
        ("LAMBDA_TASK_ROOT", settings.binaries.display().to_string()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("TZ", ":UTC".to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
    ];
    // Lambda's own come last: a template cannot set them.
    let mut variables = function.environment.clone();
    variables.extend(lambdas.map(|(name, value)| (name.to_owned(), value)));
    variables
}
