//! Who may do what.
//!
//! A call is signed with an access key ([`crate::signature`]), whose holder is the administrator, who may do everything, or a session of one
//! of the stack's roles, which may do what the policies of the template let it do. Every decision is recorded, for the console and tests.

mod decisions;

use std::sync::Arc;

use iam_policy::{Context, Decision, decide};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::roles::Session;
use crate::stand_in::StandIn;

pub(crate) use self::decisions::Decisions;

/// Who makes a call.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) access_key_id: String,
    /// The region that the call was signed for.
    pub(crate) region: String,
    pub(crate) kind: CallerKind,
}

/// The holder of an access key.
#[derive(Clone)]
pub(crate) enum CallerKind {
    Administrator,
    Session(Arc<Session>),
}

/// A call that policies do not allow, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("User: {arn} is not authorized to perform: {action} on resource: {resource} {reason}")]
pub(crate) struct Denied {
    arn: String,
    action: String,
    resource: String,
    /// Source: IAM User Guide, "Troubleshoot access denied error messages".
    reason: String,
}

impl StandIn {
    /// Whether a caller may do this.
    ///
    /// # Errors
    ///
    /// [`Denied`], when the policies do not allow it.
    pub(crate) fn authorise(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        context: Context,
    ) -> Result<(), Denied> {
        let CallerKind::Session(session) = &caller.kind else {
            return Ok(());
        };
        let context = context
            .and(&self.global_context())
            .and(&self.context_of(caller, session));
        let policies = &session.role.policies;
        let narrowed = session.policies.as_deref();
        let decision = decide(policies, narrowed, action, resource, &context);
        self.decisions
            .record(self.clock.now(), &caller.arn, action, resource, &decision);
        let reason = match decision {
            Decision::Allowed { .. } => return Ok(()),
            Decision::Denied { kind, .. } => {
                format!("with an explicit deny in {} {kind}", article(kind))
            }
            Decision::NotAllowed { kind } => {
                format!("because no {kind} allows the {action} action")
            }
        };
        Err(Denied {
            arn: caller.arn.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            reason,
        })
    }

    /// What policies may ask about any request. Source: IAM User Guide, "AWS global condition context keys".
    pub(crate) fn global_context(&self) -> Context {
        let now = self.clock.now();
        let date = OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Context::default()
            .with("aws:CurrentTime", date.format(&Rfc3339).unwrap_or_default())
            .with("aws:EpochTime", now.to_string())
            // The stand-in plays endpoints that speak TLS alone, on the loopback interface alone.
            .with("aws:SecureTransport", "true")
            .with("aws:SourceIp", "127.0.0.1")
            .with("aws:ViaAWSService", "false")
    }

    fn context_of(&self, caller: &Caller, session: &Session) -> Context {
        Context::default()
            .with("aws:PrincipalAccount", &caller.account)
            .with("aws:PrincipalArn", &session.role.arn)
            .with("aws:PrincipalType", "AssumedRole")
            .with("aws:userid", &caller.user_id)
            .with("aws:RequestedRegion", &caller.region)
            .and(&session.context)
    }
}

fn article(kind: iam_policy::PolicyKind) -> &'static str {
    match kind {
        iam_policy::PolicyKind::IdentityBased => "an",
        _ => "a",
    }
}
