/// What a message is sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Somebody signed up.
    SignUp,
    /// An administrator created a user.
    AdminCreateUser,
    /// Somebody wants the code of a sign-up once more.
    ResendCode,
    /// Somebody forgot the password.
    ForgotPassword,
    /// A user has changed an address or number.
    UpdateUserAttribute,
    /// A user wants to verify an address or number.
    VerifyUserAttribute,
    /// A second factor, or a one-time password of Cognito's.
    Authentication,
    /// Cognito takes a sign-in for somebody else's. By e-mail alone.
    AccountTakeOverNotification,
    /// The code of a custom challenge.
    SignInCode,
    /// The link of a custom challenge.
    SignInLink,
}

impl Message {
    /// The name of its templates; of Cognito's messages, that of their trigger source, in kebab case.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::AdminCreateUser => "admin-create-user",
            Self::ResendCode => "resend-code",
            Self::ForgotPassword => "forgot-password",
            Self::UpdateUserAttribute => "update-user-attribute",
            Self::VerifyUserAttribute => "verify-user-attribute",
            Self::Authentication => "authentication",
            Self::AccountTakeOverNotification => "account-take-over-notification",
            Self::SignInCode => "sign-in-code",
            Self::SignInLink => "sign-in-link",
        }
    }

    /// Whether a pool that verifies by link sends one in this message's e-mail.
    ///
    /// Observed: changed addresses get a code in such pools too (amplify-android issue 1105, amplify-js issue 2777).
    pub fn can_bear_cognitos_link(self) -> bool {
        matches!(self, Self::SignUp | Self::ResendCode)
    }
}

/// The texts of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Subject,
    Email,
    Sms,
}

impl Channel {
    /// How the names of its templates end, which also decides how values are escaped in them.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Subject => "subject.txt",
            Self::Email => "email.html",
            Self::Sms => "sms.txt",
        }
    }
}
