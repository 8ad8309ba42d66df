use serde::Deserialize;
use serde_json::Value;

use super::get_user_pool_mfa_config::shown;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::{self, Messages};
use crate::user_pool::SecondFactor;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    mfa_configuration: Option<String>,
    sms_mfa_configuration: Option<Sms>,
    software_token_mfa_configuration: Option<SoftwareToken>,
    email_mfa_configuration: Option<Email>,
    web_authn_configuration: Option<Value>,
}

/// The role by which AWS sends messages means nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sms {
    sms_authentication_message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SoftwareToken {
    #[serde(default)]
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Email {
    message: Option<String>,
    subject: Option<String>,
}

/// A factor that the call leaves out is offered no longer.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    if input.web_authn_configuration.is_some() {
        return Err(Error::UnsupportedOperation(
            "local-cognito does not support WebAuthnConfiguration".to_owned(),
        ));
    }
    let id = stand_in.pool(&input.user_pool_id)?.config.id.clone();
    let changed = stand_in.pools.change(&id, |pool| {
        apply(input, pool)?;
        check(pool)?;
        Ok(shown(pool))
    });
    changed.unwrap_or_else(|| {
        Err(Error::ResourceNotFound(format!(
            "User pool {id} does not exist."
        ))) // W
    })
}

fn apply(input: Input, pool: &mut template::UserPool) -> Result<(), Error> {
    let mut enabled = Vec::new();
    if let Some(sms) = input.sms_mfa_configuration {
        enabled.push(SecondFactor::Sms);
        let message = sms.sms_authentication_message;
        let text = &mut pool.messages.authentication_sms;
        set_message(text, message, Messages::MOST_IN_SMS)?;
    }
    if input
        .software_token_mfa_configuration
        .is_some_and(|configuration| configuration.enabled)
    {
        enabled.push(SecondFactor::SoftwareToken);
    }
    if let Some(email) = input.email_mfa_configuration {
        enabled.push(SecondFactor::Email);
        let text = &mut pool.messages.authentication_email_body;
        set_message(text, email.message, Messages::MOST_IN_EMAIL)?;
        if let Some(subject) = email.subject {
            check_length(&subject, Messages::MOST_IN_SUBJECT)?;
            pool.messages.authentication_email_subject = subject;
        }
    }
    pool.mfa_configuration = input.mfa_configuration.unwrap_or_else(|| "OFF".to_owned());
    pool.enabled_mfas = enabled
        .into_iter()
        .map(|factor| factor.as_str().to_owned())
        .collect();
    Ok(())
}

fn check_length(text: &str, most: usize) -> Result<(), Error> {
    if text.chars().count() <= most {
        return Ok(());
    }
    // The text is ours.
    Err(Error::invalid(format!(
        "Messages: expected at most {most} characters"
    )))
}

fn set_message(message: &mut String, new: Option<String>, most: usize) -> Result<(), Error> {
    let Some(new) = new else { return Ok(()) };
    check_length(&new, most)?;
    if !new.contains("{####}") {
        // The text is ours; D: "The message must contain the {####} placeholder."
        return Err(Error::invalid("The message must contain {####}"));
    }
    *message = new;
    Ok(())
}

/// What Cognito refuses. Source: Cognito Developer Guide, "Adding MFA to a user pool".
fn check(pool: &template::UserPool) -> Result<(), Error> {
    let configuration = pool.mfa_configuration.as_str();
    if !["OFF", "OPTIONAL", "ON"].contains(&configuration) {
        return Err(Error::invalid(format!(
            "1 validation error detected: Value '{configuration}' at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OFF, ON, OPTIONAL]"
        )));
    }
    if configuration != "OFF" && pool.enabled_mfas.is_empty() {
        return Err(Error::invalid(
            "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
        )); // from memory
    }
    let by_email = pool.enabled_mfas.iter().any(|name| name == "EMAIL_OTP");
    if by_email && pool.tier == "LITE" {
        return Err(Error::FeatureUnavailableInTier("EMAIL_OTP".to_owned()));
    }
    // The texts below are ours.
    if by_email && !pool.own_email_sender {
        return Err(Error::invalid(
            "MFA by email message needs the email sending account DEVELOPER",
        ));
    }
    if configuration == "ON" && pool.allowed_first_auth_factors.len() > 1 {
        return Err(Error::invalid(
            "MFA cannot be required where one-time passwords are allowed as first factor",
        ));
    }
    Ok(())
}
