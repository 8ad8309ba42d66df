/// Why a sign-up is refused. The texts are for the person who signs up; all that an invitation can lack has one, so that nobody learns
/// about invitations by trying codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Only some domains may sign up, and there is no address.
    #[error("An e-mail address is needed to sign up")]
    EmailMissing,
    /// There is a rule on domains, and the address has none that can be read.
    #[error("This e-mail address is not valid")]
    EmailUnreadable,
    /// `DENIED_DOMAINS` covers the domain.
    #[error("This e-mail address cannot be used to sign up, please use another one")]
    DomainDenied,
    /// `ALLOWED_DOMAINS` does not cover the domain.
    #[error("This e-mail address cannot be used to sign up, please use another one")]
    DomainNotAllowed,
    /// The domain gives out addresses to be thrown away.
    #[error("Disposable e-mail addresses cannot be used to sign up, please use another one")]
    DomainDisposable,
    /// `FEDERATED_SIGN_UP` is `refuse`.
    #[error("Signing up through another provider is not possible here")]
    FederationClosed,
    /// Nobody signs up without an invitation.
    #[error("An invitation is needed to sign up")]
    InvitationMissing,
    /// The table does not have it.
    #[error("This invitation cannot be used")]
    InvitationUnknown,
    /// Its time is over.
    #[error("This invitation cannot be used")]
    InvitationExpired,
    /// It is bound to another address or domain.
    #[error("This invitation cannot be used")]
    InvitationForSomeoneElse,
    /// Others have used it as often as it may be.
    #[error("This invitation cannot be used")]
    InvitationUsedUp,
    /// No proof came with the sign-up.
    #[error("Please solve the CAPTCHA to sign up")]
    CaptchaMissing,
    /// No provider could have made what came as a proof.
    #[error("Please solve the CAPTCHA again")]
    CaptchaImplausible,
    /// The provider does not know the proof, or knows it no more.
    #[error("Please solve the CAPTCHA again")]
    CaptchaWrong,
    /// `CAPTCHA_HOSTS` does not have the host whose page showed the puzzle.
    #[error("Please solve the CAPTCHA again")]
    CaptchaFromAnotherHost,
    /// The action is not `CAPTCHA_ACTION`.
    #[error("Please solve the CAPTCHA again")]
    CaptchaForAnotherAction,
    /// The score is below `CAPTCHA_MIN_SCORE`, or there is none.
    #[error("Please solve the CAPTCHA again")]
    CaptchaScoreTooLow,
    /// Done: the identity is a native user's now, and the next sign-in finds it. Cognito would create a user next, which has to fail.
    #[error("ACCOUNT_LINKED please sign in again")]
    AccountLinked,
    /// The same, with a native user who was made for it.
    #[error("ACCOUNT_LINKED please sign in again")]
    AccountCreatedAndLinked,
    /// Several native users have the address.
    #[error("{TAKEN}")]
    LinkAmbiguous,
    /// The native user was disabled.
    #[error("{TAKEN}")]
    LinkUserDisabled,
    /// Anyone could have signed up with the address.
    #[error("{TAKEN}")]
    LinkUserUnconfirmed,
    /// The user is confirmed, and nobody proved that the address is theirs.
    #[error("{TAKEN}")]
    LinkAddressUnverified,
    /// An administrator made the user, whose temporary password others may know.
    #[error("{TAKEN}")]
    LinkUserNeverSignedIn,
    /// The user has to get a new password first, or has a status or identities that this version does not know.
    #[error("{TAKEN}")]
    LinkUserUnusable,
    /// Another identity of the same provider is the user's: the address has a new owner.
    #[error("{TAKEN}")]
    LinkOtherIdentity,
}

/// Only who owns the address, by the word of a trusted provider, comes to see this; still it does not tell what is wrong with the account.
const TAKEN: &str = "An account with this e-mail address exists already, please sign in to that account or ask for help";
