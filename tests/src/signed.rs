//! Requests signed by AWS's own signer, for those that no client of the SDK makes.

use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use cognito::config::Credentials;

use aws_sdk_cognitoidentityprovider as cognito;

use crate::stand_in::StandIn;

/// How a request is signed.
pub struct Signing<'s> {
    /// The service in the scope of the signature, such as `dynamodb`.
    pub service: &'s str,
    /// Whose key it is signed with.
    pub credentials: Credentials,
    /// How long ago it was signed.
    pub ago: Duration,
}

impl<'s> Signing<'s> {
    /// Just now, by the administrator.
    pub fn for_service(service: &'s str) -> Self {
        Self {
            service,
            credentials: administrator(),
            ago: Duration::ZERO,
        }
    }

    /// The headers, signature included, of a POST to a path of the stand-in.
    ///
    /// # Panics
    ///
    /// When the signer cannot sign it.
    pub fn headers(&self, stand_in: &StandIn, path: &str, target: &str, body: &str) -> Headers {
        let url = format!("{}{path}", stand_in.endpoint);
        self.headers_of("POST", &url, target, body)
    }

    /// The same of any request.
    ///
    /// # Panics
    ///
    /// When the signer cannot sign it.
    pub fn headers_of(&self, method: &str, url: &str, target: &str, body: &str) -> Headers {
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(self.service)
            .time(SystemTime::now() - self.ago)
            .settings(SigningSettings::default())
            .build()
            .expect("nothing is missing");
        let headers = [("x-amz-target", target)];
        let headers = headers.into_iter().filter(|(_, value)| !value.is_empty());
        let body = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new(method, url, headers.clone(), body);
        let request = request.expect("the request can be signed");
        let (instructions, _) = sign(request, &params.into())
            .expect("the request can be signed")
            .into_parts();
        let (made, _) = instructions.into_parts();
        let made = made.into_iter();
        let made = made.map(|header| (header.name().to_owned(), header.value().to_owned()));
        let sent = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        sent.chain(made).collect()
    }

    /// Sends a request by the JSON protocol, and gives back the status and the answer.
    ///
    /// # Panics
    ///
    /// When nothing comes back, or no JSON.
    pub fn send(&self, stand_in: &StandIn, target: &str, body: &str) -> Answer {
        send(
            stand_in,
            "/",
            self.headers(stand_in, "/", target, body),
            body,
        )
    }

    /// The same to a path, where that says what is asked for.
    pub fn post(&self, stand_in: &StandIn, path: &str, body: &str) -> Answer {
        send(stand_in, path, self.headers(stand_in, path, "", body), body)
    }
}

/// Names and values.
pub type Headers = Vec<(String, String)>;

/// What came back: the status, and the answer.
pub type Answer = (u16, ureq::http::HeaderMap, serde_json::Value);

/// Sends a POST with these headers to a path.
///
/// # Panics
///
/// When nothing comes back, or no JSON.
pub fn send(stand_in: &StandIn, path: &str, headers: Headers, body: &str) -> Answer {
    let request = ureq::post(format!("{}{path}", stand_in.endpoint))
        .config()
        .http_status_as_error(false)
        .build();
    let headers = headers.into_iter();
    let request = headers.fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    let mut answer = request.send(body).expect("the stand-in answers");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let value = answer.body_mut().read_json().expect("the answer is JSON");
    (status, headers, value)
}

/// The key that may do everything.
pub fn administrator() -> Credentials {
    Credentials::new("local", "local", None, None, "journey")
}
