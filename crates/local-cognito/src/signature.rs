//! Signature Version 4: who has signed a request.
//!
//! Source: IAM User Guide, "Create a signed AWS API request" and "Elements of an AWS API request signature". Texts of refusals as AWS's own
//! test suites and public threads have them.

mod authorization;
mod canonical;
mod refused;
#[cfg(test)]
mod tests;

use axum::http::request::Parts;
use time::OffsetDateTime;

use self::authorization::Authorization;
use crate::access::{Caller, CallerKind};
use crate::credentials::AccessKey;
use crate::stand_in::StandIn;

pub(crate) use self::refused::{Protocol, Refused};

/// Services that functions call in other regions too; everything else of the stand-in is in the stack's.
const IN_EVERY_REGION: [&str; 4] = ["ses", "sms-voice", "sns", "sts"];

impl StandIn {
    /// Who has signed a request to a service, such as `dynamodb`; `None` when nobody has.
    ///
    /// # Errors
    ///
    /// [`Refused`], when there is a signature that is not good.
    pub(crate) fn caller(
        &self,
        service: &str,
        request: &Parts,
        body: &[u8],
    ) -> Result<Option<Caller>, Refused> {
        let Some(authorization) = Authorization::of(&request.headers)? else {
            return Ok(None);
        };
        let token = request.headers.get("x-amz-security-token");
        let token = token.map(|token| token.to_str().unwrap_or_default());
        let keys = &self.access_keys;
        let key = keys.valid(authorization.access_key_id, token, self.clock.now())?;
        let stack = &self.stack;
        if authorization.service != service {
            return Err(Refused::WrongService(service.to_owned()));
        }
        if authorization.region != stack.region && !IN_EVERY_REGION.contains(&service) {
            return Err(Refused::WrongRegion(stack.region.clone()));
        }
        // The machine's clock, since clients sign by that; the stand-in's own may have been moved.
        let now = OffsetDateTime::now_utc();
        authorization.verify(&key.credentials.secret_access_key, request, body, now)?;
        Ok(Some(self.holder(&key, authorization.region)))
    }

    /// Who holds an access key.
    pub(crate) fn holder(&self, key: &AccessKey, region: &str) -> Caller {
        let account = self.stack.account_id.clone();
        let (arn, user_id) = match &key.holder {
            CallerKind::Administrator => {
                // The account's own user. Source: STS API Reference, "GetCallerIdentity".
                (self.stack.global_arn("iam", "root"), account.clone())
            }
            CallerKind::Session(session) => (session.arn(), session.user_id()),
        };
        Caller {
            account,
            arn,
            user_id,
            access_key_id: key.credentials.access_key_id.clone(),
            region: region.to_owned(),
            kind: key.holder.clone(),
        }
    }
}
