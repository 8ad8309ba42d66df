//! Simple Notification Service: `Publish` to a telephone number.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>

use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::faults::Service;
use super::{Refused, accept, is_number};
use crate::access::Caller;
use crate::ids;
use crate::oauth::Form;
use crate::outbox::Sent;
use crate::stand_in::StandIn;

/// The longest text message (D).
const LONGEST_MESSAGE_BYTES: usize = 1_600;

/// Answers a call by the query protocol, or `None` if it is for another service.
pub(crate) async fn answer(stand_in: &StandIn, request: &Parts, body: &[u8]) -> Option<Response> {
    let form = std::str::from_utf8(body).ok().and_then(Form::read)?;
    if form.get("Action") != Some("Publish") {
        return None;
    }
    let may = |caller: &Caller, sent: &Sent| stand_in.authorise_publish(caller, &sent.to);
    let (service, message) = (Service::SimpleNotification, message(&form));
    let accepted = accept(stand_in, service, request, body, message, may).await;
    let request_id = ids::uuid();
    let xml = [(header::CONTENT_TYPE, "text/xml")];
    let namespace = r#"xmlns="http://sns.amazonaws.com/doc/2010-03-31/""#;
    Some(match accepted {
        Ok(id) => {
            let body = format!(
                "<PublishResponse {namespace}><PublishResult><MessageId>{id}</MessageId></PublishResult>\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></PublishResponse>"
            );
            (xml, body).into_response()
        }
        Err(Refused {
            name,
            status,
            message,
        }) => {
            let fault = if status.is_server_error() {
                "Receiver"
            } else {
                "Sender"
            };
            let message = escaped(&message);
            let body = format!(
                "<ErrorResponse {namespace}><Error><Type>{fault}</Type><Code>{name}</Code><Message>{message}</Message></Error>\
                 <RequestId>{request_id}</RequestId></ErrorResponse>"
            );
            (status, xml, body).into_response()
        }
    })
}

fn message(form: &Form) -> Result<Sent, Refused> {
    let invalid =
        |what: &str| Refused::new("InvalidParameter", format!("Invalid parameter: {what}"));
    let Some(number) = form.get("PhoneNumber") else {
        return Err(invalid("local-cognito publishes to a PhoneNumber alone"));
    };
    if !is_number(number) {
        let text = format!("PhoneNumber Reason: {number} is not valid to publish to"); // W
        return Err(invalid(&text));
    }
    let message = form
        .get("Message")
        .ok_or_else(|| invalid("Empty message"))?; // W
    if message.len() > LONGEST_MESSAGE_BYTES {
        return Err(invalid("Message too long")); // W
    }
    Ok(Sent {
        medium: "SMS",
        message_id: ids::uuid(),
        from: sender(form),
        to: number.to_owned(),
        body: message.to_owned(),
        ..Sent::default()
    })
}

/// The name or number that the message is to come from, if it has such an attribute.
fn sender(form: &Form) -> Option<String> {
    let attribute =
        |number: u32, member: &str| form.get(&format!("MessageAttributes.entry.{number}.{member}"));
    let names = (1..).map_while(|number| Some((number, attribute(number, "Name")?)));
    let mut senders = names.filter(|(_, name)| {
        ["AWS.SNS.SMS.SenderID", "AWS.MM.SMS.OriginationNumber"].contains(name)
    });
    let (number, _) = senders.next()?;
    attribute(number, "Value.StringValue").map(str::to_owned)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
