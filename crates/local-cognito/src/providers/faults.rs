use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Refused;
use crate::access::NotAdmitted;
use crate::signature::Protocol;
use crate::stand_in::StandIn;

/// A service that a test can have fail, by its name in the scope of a signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Service {
    #[serde(rename = "cognito-identity")]
    IdentityPools,
    #[serde(rename = "ses")]
    SimpleEmail,
    #[serde(rename = "sns")]
    SimpleNotification,
    #[serde(rename = "sms-voice")]
    EndUserMessaging,
    #[serde(rename = "sts")]
    SecurityToken,
}

/// An error of AWS: its name, and the status with which it comes.
type Error = (&'static str, u16);

impl Service {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::IdentityPools => "cognito-identity",
            Self::SimpleEmail => "ses",
            Self::SimpleNotification => "sns",
            Self::EndUserMessaging => "sms-voice",
            Self::SecurityToken => "sts",
        }
    }

    /// What it calls the reason why a request is not admitted.
    pub(super) fn name_of(self, refused: &NotAdmitted) -> &'static str {
        match (self, refused) {
            (Self::SimpleNotification, NotAdmitted::Denied(_)) => "AuthorizationError",
            (Self::SimpleNotification | Self::SecurityToken, refused) => {
                refused.name(Protocol::Query)
            }
            (Self::IdentityPools | Self::SimpleEmail | Self::EndUserMessaging, refused) => {
                refused.name(Protocol::Json)
            }
        }
    }

    /// Source: the API references of `SendEmail` (version 2), `Publish`, `SendTextMessage`, identity pools and STS.
    fn errors(self) -> &'static [Error] {
        match self {
            Self::IdentityPools => &[
                ("ConcurrentModificationException", 400),
                ("ExternalServiceException", 400),
                ("LimitExceededException", 400),
                ("TooManyRequestsException", 400),
                ("InternalErrorException", 500),
            ],
            Self::SimpleEmail => &[
                ("AccountSuspendedException", 400),
                ("BadRequestException", 400),
                ("LimitExceededException", 400),
                ("MailFromDomainNotVerifiedException", 400),
                ("MessageRejected", 400),
                ("NotFoundException", 404),
                ("SendingPausedException", 400),
                ("TooManyRequestsException", 429),
                ("InternalFailure", 500),
                ("ServiceUnavailable", 503),
            ],
            Self::SimpleNotification => &[
                ("AuthorizationError", 403),
                ("InvalidParameter", 400),
                ("OptedOut", 400),
                ("Throttled", 429),
                ("Throttling", 400),
                ("InternalError", 500),
                ("ServiceUnavailable", 503),
            ],
            Self::EndUserMessaging => &[
                ("AccessDeniedException", 403),
                ("ConflictException", 409),
                ("ResourceNotFoundException", 404),
                ("ServiceQuotaExceededException", 402),
                ("ThrottlingException", 429),
                ("ValidationException", 400),
                ("InternalServerException", 500),
                ("ServiceUnavailable", 503),
            ],
            Self::SecurityToken => &[
                ("IDPCommunicationError", 400),
                ("IDPRejectedClaim", 403),
                ("RegionDisabledException", 403),
                ("Throttling", 400),
                ("InternalFailure", 500),
                ("ServiceUnavailable", 503),
            ],
        }
    }
}

/// What services do wrong, because tests want it.
#[derive(Default)]
pub(crate) struct Faults(Mutex<BTreeMap<(Service, Option<String>), Fault>>);

#[derive(Clone, Copy)]
enum Fault {
    /// It takes nothing and never answers.
    Hang,
    Error(Error),
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Self::Hang => HANG,
            Self::Error((name, _)) => name,
        }
    }
}

const HANG: &str = "hang";

/// A fault that begins, or ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    service: Service,
    /// None means every region that has no fault of its own.
    region: Option<String>,
    /// `hang`, or the name of an error; none ends what there is.
    fault: Option<String>,
}

/// A fault, as it is shown.
#[derive(Serialize)]
struct Shown {
    service: &'static str,
    region: Option<String>,
    fault: &'static str,
}

impl Faults {
    /// Fails, or never ends, if the service is to fail in the region.
    pub(crate) async fn suffer(&self, service: Service, region: &str) -> Result<(), Refused> {
        let fault = {
            let faults = self.faults();
            let own = faults.get(&(service, Some(region.to_owned())));
            own.or_else(|| faults.get(&(service, None))).copied()
        };
        match fault {
            None => Ok(()),
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::Error((name, status))) => Err(Refused {
                status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
                ..Refused::new(name, "local-cognito was told to fail")
            }),
        }
    }

    /// # Errors
    ///
    /// What the service could say instead.
    fn switch(&self, switch: Switch) -> Result<(), String> {
        let Switch {
            service,
            region,
            fault,
        } = switch;
        let place = (service, region);
        let fault = match fault.as_deref() {
            None => {
                self.faults().remove(&place);
                return Ok(());
            }
            Some(HANG) => Fault::Hang,
            Some(name) => {
                let mut errors = service.errors().iter();
                let error = errors.find(|(known, _)| *known == name);
                let known = || service.errors().iter().map(|(name, _)| *name);
                let unknown = || {
                    format!(
                        "expected null, hang, {}",
                        known().collect::<Vec<_>>().join(", ")
                    )
                };
                Fault::Error(*error.ok_or_else(unknown)?)
            }
        };
        self.faults().insert(place, fault);
        Ok(())
    }

    fn faults(&self) -> MutexGuard<'_, BTreeMap<(Service, Option<String>), Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is wrong at the moment.
pub(super) async fn show(State(stand_in): State<Arc<StandIn>>) -> Response {
    shown(&stand_in.faults)
}

/// Has a provider fail from now on, or work again.
pub(super) async fn switch(State(stand_in): State<Arc<StandIn>>, body: String) -> Response {
    let form = "expected {\"service\": \"cognito-identity\", \"ses\", \"sns\", \"sms-voice\" or \"sts\", \"region\": <name> or null, \"fault\": <name> or null}";
    let switched = serde_json::from_str(&body).map_err(|_| form.to_owned());
    match switched.and_then(|switch| stand_in.faults.switch(switch)) {
        Ok(()) => shown(&stand_in.faults),
        Err(problem) => (StatusCode::BAD_REQUEST, problem + "\n").into_response(),
    }
}

fn shown(faults: &Faults) -> Response {
    let faults = faults.faults();
    let shown = faults.iter().map(|((service, region), fault)| Shown {
        service: service.name(),
        region: region.clone(),
        fault: fault.name(),
    });
    let shown = json!(shown.collect::<Vec<_>>());
    (
        [(header::CONTENT_TYPE, "application/json")],
        shown.to_string(),
    )
        .into_response()
}
