use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template;
use crate::user_pool::SecondFactor;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    Ok(shown(&stand_in.pool(&input.user_pool_id)?.config))
}

/// The second factors of a pool; those that it does not offer are left out.
pub(super) fn shown(pool: &template::UserPool) -> Value {
    let offers = |factor: SecondFactor| {
        let mut enabled = pool.enabled_mfas.iter();
        enabled.any(|name| name == factor.as_str())
    };
    let messages = &pool.messages;
    json!({
        "MfaConfiguration": pool.mfa_configuration,
        "SmsMfaConfiguration": offers(SecondFactor::Sms)
            .then(|| json!({ "SmsAuthenticationMessage": messages.authentication_sms })),
        "SoftwareTokenMfaConfiguration": { "Enabled": offers(SecondFactor::SoftwareToken) },
        "EmailMfaConfiguration": offers(SecondFactor::Email).then(|| json!({
            "Subject": messages.authentication_email_subject,
            "Message": messages.authentication_email_body,
        })),
    })
}
