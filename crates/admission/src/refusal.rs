use crate::subject::Subject;

/// Why somebody may not use the pool. The texts are shown to end users: all that could tell one person's case from another's has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Everybody is blocked: maintenance.
    #[error("Sign-in is closed for maintenance, please try again later")]
    PoolBlocked,
    /// The app client is.
    #[error("You cannot sign in to this app")]
    ClientBlocked,
    /// The domain of an e-mail address is, or one that it stands under.
    #[error("You cannot sign in here, please ask for help")]
    DomainBlocked,
    /// An e-mail address or telephone number is.
    #[error("You cannot sign in here, please ask for help")]
    AddressBlocked,
    /// The user is.
    #[error("You cannot sign in here, please ask for help")]
    UserBlocked,
    /// Only some domains are welcome, and there is no address.
    #[error("You cannot sign in here, please ask for help")]
    EmailMissing,
    /// There is a rule on domains, and the address has none that can be read.
    #[error("You cannot sign in here, please ask for help")]
    EmailUnreadable,
    /// The denied domains cover this one.
    #[error("You cannot sign in here, please ask for help")]
    DomainDenied,
    /// The allowed domains do not cover this one.
    #[error("You cannot sign in here, please ask for help")]
    DomainNotAllowed,
    /// No address is verified that has to be.
    #[error("Please verify your address before you sign in")]
    AddressUnverified,
}

impl From<&Subject> for Refusal {
    fn from(blocked: &Subject) -> Self {
        match blocked {
            Subject::Pool => Self::PoolBlocked,
            Subject::Client(_) => Self::ClientBlocked,
            Subject::Domain(_) => Self::DomainBlocked,
            Subject::Address(_) => Self::AddressBlocked,
            Subject::User(_) => Self::UserBlocked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn what_must_not_be_told_apart_has_one_text() {
        for (refusal, expected) in [
            (
                Refusal::PoolBlocked,
                "Sign-in is closed for maintenance, please try again later",
            ),
            (Refusal::ClientBlocked, "You cannot sign in to this app"),
            (
                Refusal::AddressUnverified,
                "Please verify your address before you sign in",
            ),
        ] {
            assert_eq!(refusal.to_string(), expected);
        }
        for refusal in [
            Refusal::DomainBlocked,
            Refusal::AddressBlocked,
            Refusal::UserBlocked,
            Refusal::EmailMissing,
            Refusal::EmailUnreadable,
            Refusal::DomainDenied,
            Refusal::DomainNotAllowed,
        ] {
            let text = "You cannot sign in here, please ask for help";
            assert_eq!(refusal.to_string(), text, "{refusal:?}");
        }
    }
}
