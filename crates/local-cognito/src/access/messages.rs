//! What sending a message is about.
//!
//! Source: Service Authorization Reference, "Amazon Simple Email Service v2", "Amazon SNS", "AWS End User Messaging SMS and Voice V2".

use iam_policy::Decision;

use super::{Asked, Caller, CallerKind, Denied};
use crate::stand_in::StandIn;

impl StandIn {
    /// Whether a caller may send e-mail as this sender, by this configuration set.
    ///
    /// An address is sent from by its own identity or by its domain's, whichever is verified; the stand-in knows of neither, and takes
    /// the one that the caller may use.
    pub(crate) fn authorise_email(
        &self,
        caller: &Caller,
        sender: &str,
        configuration_set: Option<&str>,
    ) -> Result<(), Denied> {
        let CallerKind::Session(session) = &caller.kind else {
            return Ok(());
        };
        let address = sender.rsplit('<').next().unwrap_or(sender);
        let address = address.trim_end_matches('>').trim();
        let domain = address.rsplit('@').next().unwrap_or(address);
        let by = |identity: &str| {
            let arn = self.arn_in(caller, "ses", &format!("identity/{identity}"));
            let asked = Asked::new("ses:SendEmail".to_owned(), arn);
            (self.decision(caller, session, &asked), asked)
        };
        let own = by(address);
        let (decision, asked) = match own.0 {
            Decision::NotAllowed { .. } => by(domain),
            Decision::Allowed { .. } | Decision::Denied { .. } => own,
        };
        self.recorded(caller, asked, decision)?;
        self.authorise_all(caller, || {
            let sets = configuration_set.iter();
            let arns =
                sets.map(|set| self.arn_in(caller, "ses", &format!("configuration-set/{set}")));
            arns.map(|arn| Asked::new("ses:SendEmail".to_owned(), arn))
                .collect()
        })
    }

    /// Whether a caller may publish to a telephone number, which is what the action is about then (W).
    pub(crate) fn authorise_publish(&self, caller: &Caller, number: &str) -> Result<(), Denied> {
        self.authorise_all(caller, || {
            vec![Asked::new("sns:Publish".to_owned(), number.to_owned())]
        })
    }

    /// Whether a caller may send a text message from this origination identity, or from any.
    pub(crate) fn authorise_text_message(
        &self,
        caller: &Caller,
        operation: &str,
        origin: Option<&str>,
    ) -> Result<(), Denied> {
        self.authorise_all(caller, || {
            let arn =
                |kind: &str, id: &str| self.arn_in(caller, "sms-voice", &format!("{kind}/{id}"));
            let resource = match origin {
                None => "*".to_owned(),
                Some(origin) if origin.starts_with("arn:") => origin.to_owned(),
                Some(pool) if pool.starts_with("pool-") => arn("pool", pool),
                Some(number) if number.starts_with("phone-") => arn("phone-number", number),
                Some(sender) => arn("sender-id", sender),
            };
            vec![Asked::new(format!("sms-voice:{operation}"), resource)]
        })
    }

    /// The ARN of something in the region that the caller has turned to.
    fn arn_in(&self, caller: &Caller, service: &str, resource: &str) -> String {
        let arn = self.stack.arn(service, resource);
        arn.replacen(&self.stack.region, &caller.region, 1)
    }
}
