//! Security Token Service: who a caller is, and roles for those whom an identity provider vouches for.
//!
//! Source: AWS STS API Reference, version 2011-06-15.

mod assume_role_with_web_identity;
mod get_caller_identity;
mod refused;
mod web_identity_token;

use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use self::refused::Refused;
use crate::ids;
use crate::oauth::Form;
use crate::providers::Service;
use crate::stand_in::StandIn;

/// By which the query protocol's services are told apart.
const VERSION: &str = "2011-06-15";

/// Answers a call by the query protocol, or `None` if it is for another service.
pub(crate) async fn answer(stand_in: &StandIn, request: &Parts, body: &[u8]) -> Option<Response> {
    let form = std::str::from_utf8(body).ok().and_then(Form::read)?;
    if form.get("Version") != Some(VERSION) {
        return None;
    }
    let region = &stand_in.stack.region;
    if let Err(fault) = stand_in.faults.suffer(Service::SecurityToken, region).await {
        return Some(refused::response(fault.name, fault.status, &fault.message));
    }
    let action = form.get("Action").unwrap_or_default();
    let result = match action {
        "AssumeRoleWithWebIdentity" => assume_role_with_web_identity::run(stand_in, &form).await,
        "GetCallerIdentity" => match get_caller_identity::run(stand_in, request, body) {
            Ok(result) => Ok(result),
            Err(refused) => {
                return Some(refused.into_response(crate::signature::Protocol::Query));
            }
        },
        _ => Err(Refused::InvalidAction(action.to_owned())),
    };
    Some(match result {
        Ok(result) => {
            let request_id = ids::uuid();
            let body = format!(
                "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\"><{action}Result>{result}</{action}Result>\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
            );
            ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
        }
        Err(refused) => refused.into_response(),
    })
}

/// An element of XML with this text.
fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
