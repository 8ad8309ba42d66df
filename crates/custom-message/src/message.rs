/// What Cognito sends a message for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    SignUp,
    AdminCreateUser,
    ResendCode,
    ForgotPassword,
    UpdateUserAttribute,
    VerifyUserAttribute,
    Authentication,
}

impl Message {
    /// The name of its templates: that of its trigger source, in kebab case.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::AdminCreateUser => "admin-create-user",
            Self::ResendCode => "resend-code",
            Self::ForgotPassword => "forgot-password",
            Self::UpdateUserAttribute => "update-user-attribute",
            Self::VerifyUserAttribute => "verify-user-attribute",
            Self::Authentication => "authentication",
        }
    }

    /// Whether a pool that verifies by link sends one in this message's e-mail.
    ///
    /// Observed: changed addresses get a code in such pools too (amplify-android issue 1105, amplify-js issue 2777).
    pub(crate) fn can_bear_cognitos_link(self) -> bool {
        matches!(self, Self::SignUp | Self::ResendCode)
    }
}

/// The texts of one message. An event does not say which will be sent.
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
