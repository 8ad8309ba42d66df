//! What is refused here although AWS is not known to refuse it.
//!
//! Each is more likely a defect than meant, so by default a test finds it. With `--strict=false` the stand-in goes on as reports have AWS
//! go on. Either way a line in the log says so.

use std::fmt;

use crate::error::Error;
use crate::functions::LogSink;

/// Something in a function's answer that AWS is not known to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// AWS asks that a member of the event be there; whether it looks at what is in it is unknown.
    ChangedEvent,
    /// One report has Cognito refuse a null that it did not send itself; others have seen such nulls pass.
    AddedNull,
    /// AWS says of some triggers that nothing is read of their response, so whoever fills it in waits in vain.
    UnreadMember,
    /// AWS names claims, groups and scopes that a trigger cannot change, but not what becomes of the wish; it was seen to be ignored.
    ForbiddenClaim,
    /// AWS asks for the placeholders and lengths of a message, but not whether it refuses one without, or sends the pool's own.
    UnusableMessage,
    /// AWS's examples of define and verify auth challenge decide everything that they are asked; what becomes of a null is unknown.
    Undecided,
    /// AWS's examples name no challenge where they issue tokens; which of the two would win is unknown.
    TwoDecisions,
    /// AWS documents that whoever begins with a proof of the password is asked for that first, and nobody else is.
    UnusualChallenge,
    /// AWS documents `CONFIRMED` as the one status that user migration may name; its knowledge center has the other refused.
    NamedReset,
    /// AWS documents that user migration never confirms a user whose password was forgotten; what becomes of one is unknown.
    ConfirmedWithoutPassword,
    /// AWS documents that what a pool requires of a user from elsewhere and does not get has a default value, but not which.
    MissingAttribute,
    /// AWS documents that e-mail in one's own words needs an SES identity of one's own; reports have it sent without.
    EmailWithoutSender,
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ChangedEvent => "the function changed a member of the event",
            Self::AddedNull => "the function added a null",
            Self::UnreadMember => "the function filled in a response that Cognito does not read",
            Self::ForbiddenClaim => {
                "the function asked for a change of the tokens that Cognito does not make"
            }
            Self::UnusableMessage => "the message is too long, or lacks a placeholder",
            Self::Undecided => "the function did not decide what it was asked",
            Self::TwoDecisions => "the function issued tokens and asked for a challenge",
            Self::UnusualChallenge => {
                "the function asked for a challenge where AWS documents another"
            }
            Self::NamedReset => "the function named another status than CONFIRMED",
            Self::ConfirmedWithoutPassword => {
                "the function confirmed a user whose password was forgotten"
            }
            Self::MissingAttribute => "the function left out what the pool requires",
            Self::EmailWithoutSender => {
                "the function worded an e-mail, which needs EmailSendingAccount: DEVELOPER"
            }
        })
    }
}

/// Whether doubts are refused.
pub(crate) struct Strictness {
    strict: bool,
    log: LogSink,
}

impl Strictness {
    pub(crate) fn new(strict: bool, log: LogSink) -> Self {
        Self { strict, log }
    }

    /// Refuses the answer, or lets it pass. `what` names the member at fault and never holds its value.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidLambdaResponse`] where doubts are refused.
    pub(crate) fn judge(&self, trigger: &str, doubt: Doubt, what: &str) -> Result<(), Error> {
        let verdict = if self.strict {
            "refused, which --strict=false would not"
        } else {
            "let pass, as --strict=false says"
        };
        (self.log)(&format!("{trigger}: {doubt} ({what}): {verdict}"));
        if self.strict {
            Err(Error::unrecognizable())
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_doubt_is_refused_or_passes_and_is_told_either_way() {
        for strict in [true, false] {
            let lines = Arc::new(Mutex::new(Vec::new()));
            let sink = Arc::clone(&lines);
            let log = Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned()));
            let strictness = Strictness::new(strict, log);
            let judged = strictness.judge("PreSignUp", Doubt::AddedNull, "clientMetadata");
            assert_eq!(judged.is_err(), strict);
            let told = "PreSignUp: the function added a null (clientMetadata)";
            assert!(lines.lock().unwrap()[0].starts_with(told));
        }
    }
}
