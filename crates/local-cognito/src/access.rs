//! Who may do what.
//!
//! A call is signed with an access key ([`crate::signature`]), whose holder is the administrator, who may do everything, or a session of one
//! of the stack's roles, which may do what the policies of the template let it do. What a call does, with what, and what policies may ask
//! about it, says a file for each service. Every decision about a role is recorded, for the console and tests.

mod decisions;
mod dynamodb;
mod functions;
mod keys;
mod messages;
mod parameters;
mod user_pools;

use std::sync::Arc;

use axum::http::request::Parts;
use axum::response::Response;
use iam_policy::{Context, Decision, Policy, PolicyKind, Principal, decide, trusts};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::roles::Session;
use crate::signature::{Protocol, Refused};
use crate::stand_in::StandIn;

pub(crate) use self::decisions::Decisions;
pub(crate) use self::functions::admit_to_lambda;

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

/// Something that a call does.
pub(crate) struct Asked {
    /// Such as `dynamodb:GetItem`.
    action: String,
    /// The ARN of what it is done with; `*` for an action that is about no resource, or where there is no telling which.
    resource: String,
    context: Context,
    /// The policy of the resource itself, for those that have one.
    policy: Option<Arc<Policy>>,
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

/// Why a call comes to nothing before its service sees it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAdmitted {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl NotAdmitted {
    /// The name that a protocol has for it.
    pub(crate) fn name(&self, protocol: Protocol) -> &'static str {
        match self {
            Self::Refused(refused) => refused.name(protocol),
            Self::Denied(denied) => denied.name(protocol),
        }
    }

    pub(crate) fn into_response(self, protocol: Protocol) -> Response {
        protocol.refusal(self.name(protocol), &self.to_string())
    }
}

impl Asked {
    fn new(action: String, resource: String) -> Self {
        Self {
            action,
            resource,
            context: Context::default(),
            policy: None,
        }
    }
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
        let asked = Asked {
            context,
            ..Asked::new(action.to_owned(), resource.to_owned())
        };
        self.authorise_all(caller, || vec![asked])
    }

    /// Who makes a call that has to be signed, and may make it.
    pub(crate) fn admit(
        &self,
        service: &str,
        request: &Parts,
        body: &[u8],
        authorise: impl FnOnce(&Caller) -> Result<(), Denied>,
    ) -> Result<Caller, NotAdmitted> {
        let caller = self.caller(service, request, body)?;
        let caller = caller.ok_or(Refused::Unsigned)?;
        authorise(&caller)?;
        Ok(caller)
    }

    /// Whether a caller may do all of what a call does. The administrator may without a look at the call.
    fn authorise_all(
        &self,
        caller: &Caller,
        asked: impl FnOnce() -> Vec<Asked>,
    ) -> Result<(), Denied> {
        let CallerKind::Session(session) = &caller.kind else {
            return Ok(());
        };
        for asked in asked() {
            let decision = self.decision(caller, session, &asked);
            self.recorded(caller, asked, decision)?;
        }
        Ok(())
    }

    fn recorded(&self, caller: &Caller, asked: Asked, decision: Decision) -> Result<(), Denied> {
        let (action, resource) = (asked.action, asked.resource);
        let now = self.clock.now();
        self.decisions
            .record(now, &caller.arn, &action, &resource, &decision);
        let reason = match decision {
            Decision::Allowed { .. } => return Ok(()),
            Decision::Denied { kind, .. } => {
                let article = if kind == PolicyKind::IdentityBased {
                    "an"
                } else {
                    "a"
                };
                format!("with an explicit deny in {article} {kind}")
            }
            Decision::NotAllowed { kind } => {
                format!("because no {kind} allows the {action} action")
            }
        };
        Err(Denied {
            arn: caller.arn.clone(),
            action,
            resource,
            reason,
        })
    }

    fn decision(&self, caller: &Caller, session: &Session, asked: &Asked) -> Decision {
        let context = asked
            .context
            .clone()
            .and(&self.global_context())
            .and(&session.context)
            .with("aws:PrincipalAccount", &caller.account)
            .with("aws:PrincipalArn", &session.role.arn)
            .with("aws:PrincipalType", "AssumedRole")
            .with("aws:userid", &caller.user_id)
            .with("aws:RequestedRegion", &caller.region)
            // Nothing here belongs to another account.
            .with("aws:ResourceAccount", &caller.account);
        let Asked {
            action, resource, ..
        } = asked;
        let narrowed = session.policies.as_deref();
        let own = decide(&session.role.policies, narrowed, action, resource, &context);
        let Some(policy) = &asked.policy else {
            return own;
        };
        // A resource's policy may let the account in, and leave to the account whom; or it lets the role in by itself.
        let account = self.stack.global_arn("iam", "root");
        let by = |arn: &str| trusts(policy, Principal::Aws(arn), action, &context);
        let direct = [by(&session.role.arn), by(&caller.arn)];
        let account = by(&account);
        let all = direct.iter().chain([&account, &own]);
        if let Some(denied) = all
            .into_iter()
            .find(|one| matches!(one, Decision::Denied { .. }))
        {
            return denied.clone();
        }
        let allowed = |one: &&Decision| matches!(one, Decision::Allowed { .. });
        match direct.iter().find(allowed) {
            Some(direct) => direct.clone(),
            None if allowed(&&account) => own,
            None => account,
        }
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
}
