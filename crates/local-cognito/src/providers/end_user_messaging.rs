//! End User Messaging (`pinpoint-sms-voice-v2`): `SendTextMessage`.
//!
//! Source: <https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html>

use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::faults::Service;
use super::{Refused, accept, is_number};
use crate::access::Caller;
use crate::ids;
use crate::outbox::Sent;
use crate::stand_in::StandIn;

/// The longest text message, in characters (D).
const LONGEST_MESSAGE: usize = 1_600;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendTextMessage {
    destination_phone_number: String,
    origination_identity: Option<String>,
    #[serde(default)]
    message_body: String,
    #[serde(default)]
    dry_run: bool,
}

/// Answers one call of the service.
pub(crate) async fn answer(
    stand_in: &StandIn,
    operation: &str,
    request: &Parts,
    body: &[u8],
) -> Response {
    let message = match operation {
        "SendTextMessage" => message(body),
        other => Err(Refused::new(
            "UnsupportedOperationException",
            format!("local-cognito does not support the operation {other}"),
        )),
    };
    let may = |caller: &Caller, sent: &Sent| {
        stand_in.authorise_text_message(caller, operation, sent.from.as_deref())
    };
    let service = Service::EndUserMessaging;
    let accepted = accept(stand_in, service, request, body, message, may).await;
    let mut response = match accepted {
        Ok(id) => json!({ "MessageId": id }).to_string().into_response(),
        Err(Refused {
            name,
            status,
            message,
        }) => {
            let mut body = json!({ "__type": name, "Message": message });
            match name {
                "ConflictException" => body["Reason"] = "DESTINATION_PHONE_NUMBER_OPTED_OUT".into(),
                "ValidationException" => body["Reason"] = "INVALID_PARAMETER".into(),
                _ => {}
            }
            (status, body.to_string()).into_response()
        }
    };
    let json = HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn message(body: &[u8]) -> Result<Sent, Refused> {
    let invalid = |text: &str| Refused::new("ValidationException", text);
    let input: SendTextMessage =
        serde_json::from_slice(body).map_err(|_| invalid("The request could not be read"))?; // ours
    if !is_number(&input.destination_phone_number) {
        return Err(invalid("DestinationPhoneNumber is not valid")); // ours
    }
    if !(1..=LONGEST_MESSAGE).contains(&input.message_body.chars().count()) {
        return Err(invalid("MessageBody must have 1 to 1600 characters")); // ours
    }
    if input.dry_run {
        return Err(invalid("local-cognito makes no dry run"));
    }
    Ok(Sent {
        medium: "SMS",
        message_id: ids::uuid(),
        from: input.origination_identity,
        to: input.destination_phone_number,
        body: input.message_body,
        ..Sent::default()
    })
}
