//! Simple Email Service: `SendEmail` of its version 2.
//!
//! Source: <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::faults::Service;
use super::{Refused, accept};
use crate::access::Caller;
use crate::ids;
use crate::outbox::Sent;
use crate::stand_in::StandIn;

/// The largest e-mail, encoded: 40 MB. Source: SES Developer Guide, quotas.
const LARGEST_REQUEST_BYTES: usize = 56 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    content: Content,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
    template: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    /// A whole message (RFC 5322), in base64.
    data: String,
}

pub(super) async fn send_email(State(stand_in): State<Arc<StandIn>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let may = |caller: &Caller, sent: &Sent| {
        let input: Value = serde_json::from_slice(&body).unwrap_or_default();
        let configuration_set = input["ConfigurationSetName"].as_str();
        let sender = sent.from.as_deref().unwrap_or_default();
        stand_in.authorise_email(caller, sender, configuration_set)
    };
    let (service, message) = (Service::SimpleEmail, message(&body));
    let accepted = accept(&stand_in, service, &parts, &body, message, may).await;
    let mut response = match accepted {
        Ok(id) => json!({ "MessageId": id }).to_string().into_response(),
        Err(refused) => {
            let body = json!({ "message": refused.message });
            let name = HeaderValue::from_static(refused.name);
            (
                refused.status,
                [("x-amzn-errortype", name)],
                body.to_string(),
            )
                .into_response()
        }
    };
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn message(body: &[u8]) -> Result<Sent, Refused> {
    let input: SendEmail =
        serde_json::from_slice(body).map_err(|_| bad_request("The request could not be read"))?; // ours
    let Destination {
        to_addresses,
        cc_addresses,
        bcc_addresses,
    } = input.destination;
    let recipients = [to_addresses, cc_addresses, bcc_addresses].concat();
    let sent = match input.content {
        Content {
            simple: Some(simple),
            raw: None,
            template: None,
        } => of_parts(simple)?,
        Content {
            simple: None,
            raw: Some(raw),
            template: None,
        } => of_raw(&raw)?,
        _ => return Err(bad_request("local-cognito takes Simple or Raw content")),
    };
    let sent = Sent {
        message_id: message_id(),
        from: input.from_email_address.or(sent.from),
        to: if recipients.is_empty() {
            sent.to
        } else {
            recipients.join(", ")
        },
        ..sent
    };
    let addresses = recipients.iter().chain(&sent.from);
    if sent.from.is_none() || sent.to.is_empty() {
        return Err(bad_request("Must provide a sender and a recipient")); // ours
    }
    if addresses.into_iter().any(|address| !address.contains('@')) {
        return Err(bad_request("Missing final '@domain'")); // W
    }
    Ok(sent)
}

fn of_parts(simple: Simple) -> Result<Sent, Refused> {
    let subject = simple.subject.data;
    // It becomes a header.
    if subject.contains(char::is_control) {
        return Err(bad_request("The subject contains a control character")); // ours
    }
    let Body { text, html } = simple.body;
    let [text, html] = [text, html].map(|part| part.map(|part| part.data));
    let Some(body) = text.or_else(|| html.clone()) else {
        return Err(bad_request("Must provide a body")); // ours
    };
    Ok(Sent {
        medium: "EMAIL",
        subject: Some(subject),
        body,
        html,
        ..Sent::default()
    })
}

/// A message that somebody else composed; its body is shown as it is, its encoded words and parts included.
fn of_raw(raw: &Raw) -> Result<Sent, Refused> {
    let decoded = STANDARD.decode(&raw.data).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| bad_request("The raw message could not be read"))?; // ours
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |wanted: &str| {
        let mut headers = head.lines().filter_map(|line| line.split_once(':'));
        let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim().to_owned())
    };
    Ok(Sent {
        medium: "EMAIL",
        from: header("From"),
        to: header("To").unwrap_or_default(),
        subject: header("Subject"),
        body: body.to_owned(),
        ..Sent::default()
    })
}

fn bad_request(message: &str) -> Refused {
    Refused::new("BadRequestException", message)
}

/// Such as `0100019300000000-4d5e6f70-…-000000`.
fn message_id() -> String {
    let time = ids::random::<8>()
        .map(|byte| format!("{byte:02x}"))
        .concat();
    format!("{time}-{}-000000", ids::uuid())
}
