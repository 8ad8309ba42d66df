use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_types::SdkConfig;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::service::{SILENT, UNREACHABLE, connection, response};

/// The services that send e-mails and text messages, in this process: what they took, and which of them fail.
///
/// A service is called as in the scope of a request's signature, with the region: `ses/eu-central-1`, `sns/us-east-1`,
/// `sms-voice/us-east-1`.
#[derive(Clone, Default)]
pub struct Senders(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failing: BTreeMap<&'static str, &'static str>,
    asked: Vec<String>,
    accepted: Vec<Accepted>,
}

/// A message that a service took.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Who took it.
    pub service: String,
    /// The request: its JSON, or the fields of its form.
    pub request: Value,
}

impl Senders {
    /// Services that take everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has a service fail from now on, with the exception of this name, [`SILENT`] or [`UNREACHABLE`]; an exception may have a reason
    /// behind a colon. `None` mends it.
    pub fn fail(&self, service: &'static str, exception: Option<&'static str>) {
        let failing = &mut self.0.lock().unwrap().failing;
        match exception {
            Some(exception) => failing.insert(service, exception),
            None => failing.remove(service),
        };
    }

    /// For clients of them, in the region us-east-1.
    pub fn connection(&self) -> SdkConfig {
        let senders = self.clone();
        connection(move |request| senders.0.lock().unwrap().answer(request))
    }

    /// The services that were asked, in order.
    pub fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().asked.clone()
    }

    /// What was taken, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.0.lock().unwrap().accepted.clone()
    }
}

impl State {
    fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, &'static str> {
        let service = scope(request);
        self.asked.push(service.clone());
        let protocol = Protocol::of(&service);
        if let Some(exception) = self.failing.get(&*service).copied() {
            return match exception {
                SILENT | UNREACHABLE => Err(exception),
                _ => Ok(protocol.refusal(exception)),
            };
        }
        let request = protocol.read(request);
        self.accepted.push(Accepted { service, request });
        Ok(protocol.acceptance())
    }
}

/// `…Credential=key/date/region/service/aws4_request…`
fn scope(request: &HttpRequest) -> String {
    let authorization = request.headers().get("authorization").unwrap();
    let mut scope = authorization.split('/').skip(2);
    let region = scope.next().unwrap();
    format!("{}/{region}", scope.next().unwrap())
}

/// How a service is spoken to.
enum Protocol {
    /// `restJson1`, as SES.
    Rest,
    /// `awsQuery`, as SNS.
    Query,
    /// `awsJson1_0`, as End User Messaging.
    Json,
}

impl Protocol {
    fn of(service: &str) -> Self {
        match service.split('/').next() {
            Some("ses") => Self::Rest,
            Some("sns") => Self::Query,
            Some("sms-voice") => Self::Json,
            _ => panic!("{service} sends no messages"),
        }
    }

    fn read(&self, request: &HttpRequest) -> Value {
        let body = request.body().bytes().unwrap();
        match self {
            Self::Rest | Self::Json => serde_json::from_slice(body).unwrap(),
            Self::Query => form(std::str::from_utf8(body).unwrap()),
        }
    }

    fn acceptance(&self) -> HttpResponse {
        match self {
            Self::Rest | Self::Json => response(200, json!({"MessageId": "1"}).to_string()),
            Self::Query => response(
                200,
                "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
            ),
        }
    }

    fn refusal(&self, exception: &str) -> HttpResponse {
        let (exception, reason) = exception.split_once(':').unwrap_or((exception, ""));
        let text = "private: no ines@example.org, +4915112345678";
        match self {
            Self::Rest | Self::Json => {
                let body = json!({"__type": exception, "message": text, "Reason": reason});
                response(400, body.to_string())
            }
            Self::Query => response(
                400,
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{exception}</Code><Message>{text}</Message></Error></ErrorResponse>"
                ),
            ),
        }
    }
}

/// The fields of a form, decoded.
pub(crate) fn form(body: &str) -> Value {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let text = percent_decode_str(&text).decode_utf8().unwrap();
        text.into_owned()
    };
    let fields = body.split('&').map(|field| {
        let (name, value) = field.split_once('=').unwrap();
        (decoded(name), Value::String(decoded(value)))
    });
    fields.collect::<serde_json::Map<_, _>>().into()
}
