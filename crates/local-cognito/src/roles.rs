//! The stack's roles, and sessions of them.
//!
//! Source: AWS STS API Reference, "AssumeRole" and "AssumeRoleWithWebIdentity"; IAM User Guide, "Passing session tags".

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use iam_policy::{Context, Decision, Policy, Principal, trusts};

use crate::credentials::{AccessKeys, Credentials};
use crate::stand_in::StandIn;
use crate::template::{Function, Role, Stack};

/// The stack's roles, by their ARNs.
pub(crate) struct Roles(HashMap<String, Arc<Role>>);

/// A role that somebody has assumed.
pub(crate) struct Session {
    pub(crate) role: Arc<Role>,
    pub(crate) name: String,
    /// What it was narrowed by; one of them has to allow what the role's allow.
    pub(crate) policies: Option<Vec<Policy>>,
    /// What policies may ask about it.
    pub(crate) context: Context,
    /// Whom it is for, where a web identity has assumed it.
    pub(crate) identity: Option<WebIdentity>,
}

/// Somebody whom an identity provider vouches for.
#[derive(Debug, Clone)]
pub(crate) struct WebIdentity {
    /// Whom trust policies name: `cognito-identity.amazonaws.com`, or the ARN of a provider of the account.
    pub(crate) principal: String,
    /// What condition keys begin with: `cognito-identity.amazonaws.com`, or the provider's URL without its scheme.
    pub(crate) provider: String,
    /// The identity's id, or `sub` of another provider.
    pub(crate) subject: String,
    /// The identity pool's id, or a client id of another provider.
    pub(crate) audience: String,
    /// How it was authenticated.
    pub(crate) amr: Vec<String>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// What assuming a role gives.
pub(crate) struct AssumedRole {
    pub(crate) credentials: Credentials,
    pub(crate) arn: String,
    /// Such as `AROAEXAMPLEID:session-name`.
    pub(crate) id: String,
}

/// Why a role was not assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAssumed {
    NoSuchRole,
    /// Its trust policy does not let the identity in, or not with its tags.
    NotTrusted,
    /// The session would last longer than the role allows.
    TooLong {
        most_seconds: u32,
    },
}

impl Roles {
    pub(crate) fn new(stack: &Stack) -> Self {
        let roles = stack.roles.iter();
        Self(
            roles
                .map(|role| (role.arn.clone(), Arc::new(role.clone())))
                .collect(),
        )
    }

    pub(crate) fn find(&self, arn: &str) -> Option<&Arc<Role>> {
        self.0.get(arn)
    }
}

impl Roles {
    /// Has Lambda assume a function's role, for as long as the stand-in runs. Source: AWS Lambda Developer Guide, "Defining Lambda function
    /// permissions with an execution role"; the session bears the function's name.
    pub(crate) fn assume_for(
        &self,
        function: &Function,
        keys: &AccessKeys,
        now: i64,
    ) -> Credentials {
        let Some(role) = self.find(&function.role) else {
            // The template has named it; nobody takes these.
            return Credentials::temporary(0);
        };
        let session = Session {
            role: Arc::clone(role),
            name: function.name.clone(),
            policies: None,
            context: Context::default(),
            identity: None,
        };
        keys.give(session, i64::MAX, now)
    }
}

impl Session {
    /// The ARN of the session: `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    pub(crate) fn arn(&self) -> String {
        let (role, name) = (&self.role, &self.name);
        let mut parts = role.arn.split(':');
        let (partition, account) = (parts.nth(1), parts.nth(2));
        let (partition, account) = (partition.unwrap_or_default(), account.unwrap_or_default());
        format!(
            "arn:{partition}:sts::{account}:assumed-role/{}/{name}",
            role.name
        )
    }

    /// The same, known to have been given out now, which a policy may ask about to end what is older.
    /// Source: IAM User Guide, "Revoke IAM role temporary security credentials".
    pub(crate) fn issued(self, now: i64) -> Self {
        let context = self.context.with("aws:TokenIssueTime", now.to_string());
        Self { context, ..self }
    }

    /// Such as `AROAEXAMPLEID:session-name`.
    pub(crate) fn user_id(&self) -> String {
        format!("{}:{}", self.role.id, self.name)
    }
}

impl WebIdentity {
    /// The keys that a trust policy and, from then on, every policy of the session may ask for.
    /// Source: IAM User Guide, "AWS federation context keys"; `sts:TagSession` sees the tags as `aws:RequestTag`.
    fn context(&self) -> Context {
        let Self {
            principal,
            provider,
            subject,
            audience,
            amr,
            tags: _,
        } = self;
        Context::default()
            .with("aws:FederatedProvider", principal)
            .with(&format!("{provider}:sub"), subject)
            .with(&format!("{provider}:aud"), audience)
            .with_all(&format!("{provider}:amr"), amr.iter().cloned())
    }
}

impl StandIn {
    /// Has a role assumed for somebody whom the caller has made sure of.
    ///
    /// # Errors
    ///
    /// [`NotAssumed`]
    pub(crate) fn assume_role_with_web_identity(
        &self,
        role_arn: &str,
        session_name: &str,
        identity: &WebIdentity,
        duration_seconds: u32,
        session_policies: Option<Vec<Policy>>,
    ) -> Result<AssumedRole, NotAssumed> {
        let role = self.roles.find(role_arn).ok_or(NotAssumed::NoSuchRole)?;
        let context = identity.context();
        let mut asking = context
            .clone()
            .with("sts:RoleSessionName", session_name)
            .and(&self.global_context());
        let mut actions = vec!["sts:AssumeRoleWithWebIdentity"];
        if !identity.tags.is_empty() {
            actions.push("sts:TagSession");
            asking = asking.with_all("aws:TagKeys", identity.tags.keys().cloned());
            for (key, value) in &identity.tags {
                asking = asking.with(&format!("aws:RequestTag/{key}"), value);
            }
        }
        let principal = Principal::Federated(&identity.principal);
        for action in actions {
            let decision = trusts(&role.trust, principal, action, &asking);
            self.decisions.record(
                self.clock.now(),
                &identity.subject,
                action,
                role_arn,
                &decision,
            );
            if !matches!(decision, Decision::Allowed { .. }) {
                return Err(NotAssumed::NotTrusted);
            }
        }
        if duration_seconds > role.max_session_seconds {
            return Err(NotAssumed::TooLong {
                most_seconds: role.max_session_seconds,
            });
        }
        let tagged = identity.tags.iter().fold(context, |context, (key, value)| {
            context.with(&format!("aws:PrincipalTag/{key}"), value)
        });
        let expiration = self.clock.now() + i64::from(duration_seconds);
        let session = Session {
            role: Arc::clone(role),
            name: session_name.to_owned(),
            policies: session_policies,
            context: tagged,
            identity: Some(identity.clone()),
        };
        let (arn, id) = (session.arn(), session.user_id());
        let credentials = self.access_keys.give(session, expiration, self.clock.now());
        Ok(AssumedRole {
            credentials,
            arn,
            id,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use iam_policy::{PolicyKind, decide};
    use serde_json::json;

    use super::*;

    /// A session of a role that may nothing.
    pub(crate) fn session() -> Session {
        let trust = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "lambda.amazonaws.com" },
        }});
        Session {
            role: Arc::new(Role {
                name: "app".to_owned(),
                arn: "arn:aws:iam::123456789012:role/app".to_owned(),
                id: "AROAEXAMPLE".to_owned(),
                trust: Policy::parse(PolicyKind::Trust, &trust).unwrap(),
                policies: Vec::new(),
                max_session_seconds: 3_600,
            }),
            name: "Noop".to_owned(),
            policies: None,
            context: Context::default(),
            identity: None,
        }
    }

    #[test]
    fn a_session_can_be_ended_by_when_it_was_given_out() {
        let revoked = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
                "DateLessThan": { "aws:TokenIssueTime": "2026-11-21T12:00:00Z" },
            } },
        ]});
        let policy = [Policy::parse(PolicyKind::IdentityBased, &revoked).unwrap()];
        let allowed = |issued| {
            let context = session().issued(issued).context;
            let decision = decide(&policy, None, "s3:GetObject", "*", &context);
            matches!(decision, Decision::Allowed { .. })
        };
        assert!(!allowed(1_795_262_399));
        assert!(allowed(1_795_262_400));
    }

    #[test]
    fn a_session_is_named_after_its_role() {
        let session = session();
        assert_eq!(
            session.arn(),
            "arn:aws:sts::123456789012:assumed-role/app/Noop"
        );
        assert_eq!(session.user_id(), "AROAEXAMPLE:Noop");
    }
}
