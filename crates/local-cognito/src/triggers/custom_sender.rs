//! The custom email sender and custom SMS sender: where one is set, it gets every message of its channel, encrypted, and sends it.
//!
//! AWS exempts them from the synchronous rule, so whether the sender succeeds changes nothing for the caller. That they are tried again as
//! asynchronous invocations are is not documented.

mod encrypted_code;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Letter, MessageReason, NO_CLIENT, attributes_of};
use crate::calls::{Call, Outcome};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{User, UserPool};

/// Hands the message to the sender of its channel, if the pool has one; tells whether it has.
pub(crate) fn custom_sender(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    letter: &Letter<'_>,
) -> Result<bool, Error> {
    let (trigger, request_type) = match letter.attribute {
        "phone_number" => ("CustomSMSSender", "customSMSSenderRequestV1"),
        _ => ("CustomEmailSender", "customEmailSenderRequestV1"),
    };
    let Some(wired) = pool.config.triggers.get(trigger) else {
        return Ok(false);
    };
    if !stand_in.functions.permit(&wired.function, &pool.config.arn) {
        return Err(Error::UnexpectedLambda {
            trigger,
            cause: "AccessDeniedException",
        });
    }
    let trigger_source = trigger_source(trigger, letter.reason);
    let event = json!({
        "version": "1",
        "region": stand_in.stack.region,
        "userPoolId": pool.config.id,
        "userName": user.username,
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": letter.client_id.unwrap_or(NO_CLIENT),
        },
        "triggerSource": trigger_source,
        "request": {
            "type": request_type,
            "code": code(stand_in, pool, letter)?,
            "clientMetadata": client_metadata(letter),
            "userAttributes": attributes_of(user),
        },
    });
    let payload = Bytes::from(event.to_string());
    let taken = stand_in.functions.invoke_later(&wired.function, payload);
    taken.map_err(|_| Error::UnexpectedLambda {
        trigger,
        cause: "ServiceException",
    })?;
    stand_in.calls.record(Call {
        time: stand_in.clock.now(),
        trigger_source,
        function: wired.function.clone(),
        attempts: 1,
        duration_micros: 0,
        event,
        // Nobody waits for it, and nothing is read of it.
        outcome: Outcome::Answered(json!({})),
    });
    Ok(true)
}

/// As the custom message trigger names it, with the sender's own name before it.
fn trigger_source(trigger: &str, reason: MessageReason) -> String {
    reason.trigger_source().replace("CustomMessage", trigger)
}

/// The code or temporary password, encrypted.
fn code(stand_in: &StandIn, pool: &UserPool, letter: &Letter<'_>) -> Result<String, Error> {
    let code = match letter.reason {
        MessageReason::AdminCreateUser => escaped(letter.code),
        _ => letter.code.to_owned(),
    };
    // A pool without a key is refused with the template.
    let key = pool.config.kms_key_id.as_deref().unwrap_or_default();
    encrypted_code::encrypted_code(&stand_in.kms, key, &pool.config.id, &code)
        .map_err(|error| Error::invalid(format!("KMSKeyID: {error}")))
}

/// AWS escapes reserved characters of HTML in temporary passwords, "like" < and > (D). With them goes &, or nobody could undo it.
fn escaped(password: &str) -> String {
    let password = password.replace('&', "&amp;");
    password.replace('<', "&lt;").replace('>', "&gt;")
}

/// What the app passed along, for the sources that get it (D); else null (field).
fn client_metadata(letter: &Letter<'_>) -> Value {
    match letter.reason {
        MessageReason::SignUp | MessageReason::ForgotPassword | MessageReason::Authentication => {
            json!(letter.client_metadata)
        }
        MessageReason::AdminCreateUser
        | MessageReason::ResendCode
        | MessageReason::UpdateUserAttribute
        | MessageReason::VerifyUserAttribute => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::{MessageReason, escaped, trigger_source};

    #[test]
    fn sources_have_their_senders_names() {
        for (trigger, reason, expected) in [
            (
                "CustomEmailSender",
                MessageReason::SignUp,
                "CustomEmailSender_SignUp",
            ),
            (
                "CustomSMSSender",
                MessageReason::Authentication,
                "CustomSMSSender_Authentication",
            ),
        ] {
            assert_eq!(trigger_source(trigger, reason), expected);
        }
    }

    #[test]
    fn a_temporary_password_is_escaped_so_that_it_can_be_undone() {
        assert_eq!(escaped("a<b>&lt;"), "a&lt;b&gt;&amp;lt;");
        assert_eq!(escaped("a'b\"c"), "a'b\"c");
    }
}
