use std::error::Error;
use std::fmt;

/// The public text of everything that is not a refusal. Cognito appends a period.
pub const UNAVAILABLE: &str = "This service is not available right now, please try again later";

/// Why an event has no response.
///
/// Everything that arrives through `?` is internal: forgetting a conversion hides a text, it never leaks one. A refusal is made on
/// purpose, with [`Failure::refused`].
#[derive(Debug)]
pub enum Failure {
    /// A decision against the user; the text is shown to the end user.
    Refused {
        /// The name of the refusal, for the log.
        reason: String,
        /// A plain sentence without a final period, since Cognito appends one.
        text: String,
    },
    /// Anything else; the cause is logged and [`UNAVAILABLE`] is shown.
    Internal(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// A refusal: its `Display` is shown to the end user, and the name of its variant is logged, without the data in it.
    pub fn refused(refusal: impl fmt::Display + fmt::Debug) -> Self {
        let mut reason = format!("{refusal:?}");
        let name = reason
            .find(|letter: char| !letter.is_alphanumeric())
            .unwrap_or(reason.len());
        reason.truncate(name);
        Self::Refused {
            reason,
            text: refusal.to_string(),
        }
    }

    /// What the end user sees.
    pub fn public_text(&self) -> &str {
        match self {
            Self::Refused { text, .. } => text,
            Self::Internal(_) => UNAVAILABLE,
        }
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Internal(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::with_causes;

    #[derive(Debug, thiserror::Error)]
    enum Refusal {
        #[error("Please use your work address")]
        DomainDenied,
        #[error("This invitation is for {domain} only")]
        OtherDomain { domain: String },
    }

    #[derive(Debug, thiserror::Error)]
    #[error("failed to read the invitation")]
    struct InvitationUnread(#[from] serde_json::Error);

    #[track_caller]
    fn check_refused(refusal: Refusal, name: &str, public: &str) {
        let failure = Failure::refused(refusal);
        assert_eq!(failure.public_text(), public);
        let Failure::Refused { reason, .. } = failure else {
            panic!("refused is not internal")
        };
        assert_eq!(reason, name);
    }

    #[test]
    fn a_refusal_shows_its_text_and_logs_its_name() {
        check_refused(
            Refusal::DomainDenied,
            "DomainDenied",
            "Please use your work address",
        );
        check_refused(
            Refusal::OtherDomain {
                domain: "example.org".to_owned(),
            },
            "OtherDomain",
            "This invitation is for example.org only",
        );
    }

    #[test]
    fn what_arrives_by_question_mark_shows_nothing_and_logs_its_causes_without_quoting_json() {
        fn read() -> Result<u8, Failure> {
            Ok(serde_json::from_str(r#""secret""#).map_err(InvitationUnread)?)
        }

        let failure = read().unwrap_err();

        assert_eq!(failure.public_text(), UNAVAILABLE);
        let Failure::Internal(cause) = failure else {
            panic!("an error is not a refusal")
        };
        assert_eq!(
            with_causes(&*cause),
            "failed to read the invitation: Data error in JSON"
        );
    }
}
