/// A way to prove who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The password, by Cognito.
    Password,
    /// A code that came by e-mail.
    EmailCode,
    /// A code that came as a text message.
    SmsCode,
    /// A link that came by e-mail.
    MagicLink,
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
}

impl Method {
    /// Its name in the claim. `pwd` is that of RFC 8176; the others say more than its `otp` and `sms`, since an e-mail proves less than an
    /// authenticator app.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::EmailCode => "otp-email",
            Self::SmsCode => "otp-sms",
            Self::MagicLink => "link-email",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery-code",
        }
    }
}
