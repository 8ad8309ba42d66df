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
    /// A refusal: its `Display` is shown to the end user, its `Debug` is logged.
    pub fn refused(refusal: impl fmt::Display + fmt::Debug) -> Self {
        Self::Refused {
            reason: format!("{refusal:?}"),
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

/// An error with its causes, outermost first.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
