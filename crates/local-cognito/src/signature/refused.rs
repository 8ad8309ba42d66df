//! What AWS says to a signature that is not good, and to a call that is not allowed: one reason, and other words in each protocol.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::access::Denied;
use crate::error::refusal;
use crate::ids;

/// A signature that is not good. Sources: AWS's pages "Common errors" of these services, and what public threads quote, unless marked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("Missing Authentication Token")]
    Unsigned,
    #[error("Authorization header requires '{0}' parameter.")]
    Incomplete(&'static str),
    #[error("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")]
    NoDate,
    #[error(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"
    )]
    MalformedCredential,
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    #[error("The security token included in the request is expired")]
    ExpiredToken,
    #[error("Credential should be scoped to correct service: '{0}'.")]
    WrongService(String),
    #[error("Credential should be scoped to a valid region, not one other than '{0}'.")]
    // ours from "not"
    WrongRegion(String),
    #[error(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scope}' != '{date}'."
    )]
    OtherDay { scope: String, date: String },
    #[error("Signature expired: {date} is now earlier than {earliest} ({now} - 5 min.)")]
    TooOld {
        date: String,
        earliest: String,
        now: String,
    },
    #[error("Signature not yet current: {date} is still later than {latest} ({now} + 5 min.)")]
    TooNew {
        date: String,
        latest: String,
        now: String,
    },
    #[error("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    HostNotSigned,
    #[error("There were headers present in the request which were not signed: {0}")]
    NotSigned(String),
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing \
         method. Consult the service documentation for details."
    )]
    WrongSignature,
}

/// How a service words its refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// JSON with `X-Amz-Target`: Cognito, KMS, Systems Manager and others.
    Json,
    /// The same as DynamoDB has it: names lead with a namespace.
    DynamoDb,
    /// JSON at paths: Lambda, Simple Email Service, an API behind API Gateway.
    RestJson,
    /// Forms in, XML out: Simple Notification Service, STS.
    Query,
}

impl Refused {
    pub(crate) fn into_response(self, protocol: Protocol) -> Response {
        protocol.refusal(self.name(protocol), &self.to_string())
    }

    /// What the query protocol calls otherwise, it has from the older services.
    pub(crate) fn name(&self, protocol: Protocol) -> &'static str {
        let query = protocol == Protocol::Query;
        match self {
            Self::Unsigned if query => "MissingAuthenticationToken",
            Self::Unsigned => "MissingAuthenticationTokenException",
            Self::Incomplete(_) | Self::NoDate | Self::MalformedCredential if query => {
                "IncompleteSignature"
            }
            Self::Incomplete(_) | Self::NoDate | Self::MalformedCredential => {
                "IncompleteSignatureException"
            }
            Self::UnknownKey if query => "InvalidClientTokenId",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::ExpiredToken if query => "ExpiredToken",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::WrongService(_)
            | Self::WrongRegion(_)
            | Self::OtherDay { .. }
            | Self::TooOld { .. }
            | Self::TooNew { .. }
            | Self::HostNotSigned
            | Self::NotSigned(_)
            | Self::WrongSignature => {
                if query {
                    "SignatureDoesNotMatch"
                } else {
                    "InvalidSignatureException"
                }
            }
        }
    }
}

impl Denied {
    pub(crate) fn name(&self, protocol: Protocol) -> &'static str {
        match protocol {
            Protocol::Query => "AccessDenied",
            Protocol::Json | Protocol::DynamoDb | Protocol::RestJson => "AccessDeniedException",
        }
    }
}

impl Protocol {
    pub(crate) fn refusal(self, name: &str, message: &str) -> Response {
        match self {
            Self::Json => refusal(name, message),
            Self::DynamoDb => {
                let name = format!("com.amazon.coral.service#{name}");
                let body = json!({ "__type": name, "message": message }).to_string();
                let kind = "application/x-amz-json-1.0";
                (
                    StatusCode::BAD_REQUEST,
                    [(header::CONTENT_TYPE, kind)],
                    body,
                )
                    .into_response()
            }
            Self::RestJson => {
                let body = json!({ "message": message }).to_string();
                let kind = "application/json";
                let mut response =
                    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, kind)], body).into_response();
                if let Ok(name) = HeaderValue::from_str(name) {
                    response.headers_mut().insert("x-amzn-errortype", name);
                }
                response
            }
            Self::Query => {
                let (message, id) = (escaped(message), ids::uuid());
                let body = format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{name}</Code><Message>{message}</Message></Error>\
                     <RequestId>{id}</RequestId></ErrorResponse>"
                );
                (
                    StatusCode::FORBIDDEN,
                    [(header::CONTENT_TYPE, "text/xml")],
                    body,
                )
                    .into_response()
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
