//! One line for each answer to a proof: which, whose, with what end. What may stand in it: `docs/LOGGING.md`.

use broker_identities::{Identifier, IdentifierKey};

use crate::http::Route;
use crate::problem::NoAnswer;
use crate::proof::Verified;

/// What is known of a request so far.
#[derive(Default)]
pub(crate) struct Audit {
    route: Option<Route>,
    proofs: Vec<&'static str>,
    sources: Vec<String>,
    subject: Option<String>,
    rule: Option<String>,
    identity_id: Option<String>,
}

impl Audit {
    pub(crate) fn route(&mut self, route: Route) {
        self.route = Some(route);
    }

    pub(crate) fn proven(&mut self, verified: &Verified) {
        self.proofs.push(verified.proof);
        self.sources.push(verified.source.clone());
    }

    /// Whose account it is, as a keyed hash: the same person has the same, and the line tells nobody who.
    pub(crate) fn account(&mut self, account: &Identifier, key: &IdentifierKey) {
        self.subject = Some(account.audit_subject(key));
    }

    pub(crate) fn rule(&mut self, rule: &str) {
        self.rule = Some(rule.to_owned());
    }

    pub(crate) fn identity(&mut self, identity_id: &str) {
        self.identity_id = Some(identity_id.to_owned());
    }

    /// Writes the line. The edge's own target, since nothing else of this level is written.
    pub(crate) fn write<T>(&self, answer: &Result<T, NoAnswer>) {
        let outcome = match answer {
            Ok(_) => "granted".to_owned(),
            Err(NoAnswer::Problem(problem)) => problem.name().to_owned(),
            Err(NoAnswer::Unproven(unproven)) => format!("{unproven:?}"),
            Err(NoAnswer::Failure(_)) => "failed".to_owned(),
        };
        tracing::info!(
            target: "entrypoint::audit",
            route = self.route.map(|route| format!("{route:?}")),
            proofs = self.proofs.join(","),
            sources = self.sources.join(","),
            subject = self.subject,
            rule = self.rule,
            identity_id = self.identity_id,
            outcome,
            "answered a proof"
        );
    }
}
