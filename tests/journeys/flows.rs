//! Every flow that a journey plays, with the trigger sources that it fires, in their order; `docs/TRIGGERS.md` is made from them.
//!
//! Source of the orders: Developer Guide, "Customizing user pool workflows with Lambda triggers"; reports where the guide is silent.

pub(crate) mod custom_auth;
pub(crate) mod user_migration;

use tests::stand_in::StandIn;

use crate::recorded::trigger_sources;

/// A flow and the trigger sources that it fires, in their order.
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    pub(crate) fires: &'static [&'static str],
}

impl Flow {
    /// Checks that exactly this was fired since the first `before` calls, each event shaped like its file in `events/`; returns how
    /// many calls there are now.
    #[track_caller]
    pub(crate) fn was_fired(&self, stand_in: &StandIn, before: usize) -> usize {
        let fired = trigger_sources(stand_in);
        assert_eq!(fired[before..], *self.fires, "{}", self.name);
        fired.len()
    }
}

pub(crate) const SIGN_UP: Flow = Flow {
    name: "`SignUp`",
    fires: &["PreSignUp_SignUp", "CustomMessage_SignUp"],
};
pub(crate) const SIGN_UP_CONFIRMED: Flow = Flow {
    name: "`SignUp` of a user whom pre sign-up confirms",
    fires: &["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"],
};
pub(crate) const CONFIRM_SIGN_UP: Flow = Flow {
    name: "`ConfirmSignUp`",
    fires: &["PostConfirmation_ConfirmSignUp"],
};
pub(crate) const CONFIRMATION_LINK: Flow = Flow {
    name: "the link in a message, which confirms a new user",
    fires: &["PostConfirmation_ConfirmSignUp"],
};
pub(crate) const ADMIN_CONFIRM_SIGN_UP: Flow = Flow {
    name: "`AdminConfirmSignUp`",
    fires: &["PostConfirmation_ConfirmSignUp"],
};
pub(crate) const RESEND_CONFIRMATION_CODE: Flow = Flow {
    name: "`ResendConfirmationCode`",
    fires: &["CustomMessage_ResendCode"],
};
pub(crate) const ADMIN_CREATE_USER: Flow = Flow {
    name: "`AdminCreateUser`",
    fires: &["PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser"],
};
pub(crate) const ADMIN_CREATE_USER_SUPPRESSED: Flow = Flow {
    name: "`AdminCreateUser` without a message",
    fires: &["PreSignUp_AdminCreateUser"],
};
pub(crate) const NEW_PASSWORD: Flow = Flow {
    name: "first sign-in of a user whom an administrator created",
    fires: &[
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_NewPasswordChallenge",
    ],
};
/// What every other sign-in fires.
const SIGN_IN: &[&str] = &[
    "PreAuthentication_Authentication",
    "PostAuthentication_Authentication",
    "TokenGeneration_Authentication",
];
pub(crate) const USER_PASSWORD_AUTH: Flow = Flow {
    name: "`USER_PASSWORD_AUTH`",
    fires: SIGN_IN,
};
pub(crate) const ADMIN_USER_PASSWORD_AUTH: Flow = Flow {
    name: "`ADMIN_USER_PASSWORD_AUTH`",
    fires: SIGN_IN,
};
pub(crate) const USER_SRP_AUTH: Flow = Flow {
    name: "`USER_SRP_AUTH`",
    fires: SIGN_IN,
};
/// What a sign-in fires that sends a code.
const SIGN_IN_WITH_CODE: &[&str] = &[
    "PreAuthentication_Authentication",
    "CustomMessage_Authentication",
    "PostAuthentication_Authentication",
    "TokenGeneration_Authentication",
];
/// What a sign-in fires on a device that proves itself.
const SIGN_IN_ON_DEVICE: &[&str] = &[
    "PreAuthentication_Authentication",
    "PostAuthentication_Authentication",
    "TokenGeneration_AuthenticateDevice",
];
pub(crate) const SMS_MFA: Flow = Flow {
    name: "sign-in with `SMS_MFA`",
    fires: SIGN_IN_WITH_CODE,
};
pub(crate) const EMAIL_MFA: Flow = Flow {
    name: "sign-in with `EMAIL_OTP` as second factor",
    fires: SIGN_IN_WITH_CODE,
};
pub(crate) const NEW_PASSWORD_AND_MFA: Flow = Flow {
    name: "first sign-in of a user whom an administrator created, with `SMS_MFA`",
    fires: &[
        "PreAuthentication_Authentication",
        "CustomMessage_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_NewPasswordChallenge",
    ],
};
pub(crate) const SELECT_MFA_TYPE: Flow = Flow {
    name: "sign-in with `SELECT_MFA_TYPE`, then `EMAIL_OTP`",
    fires: SIGN_IN_WITH_CODE,
};
pub(crate) const SOFTWARE_TOKEN_MFA: Flow = Flow {
    name: "sign-in with `SOFTWARE_TOKEN_MFA`",
    fires: SIGN_IN,
};
pub(crate) const MFA_SETUP: Flow = Flow {
    name: "sign-in with `MFA_SETUP`",
    fires: SIGN_IN,
};
pub(crate) const ASSOCIATE_SOFTWARE_TOKEN: Flow = Flow {
    name: "`AssociateSoftwareToken`, `VerifySoftwareToken` and `SetUserMFAPreference`",
    fires: &[],
};
pub(crate) const CONFIRM_DEVICE: Flow = Flow {
    name: "`ConfirmDevice` and whatever else concerns devices",
    fires: &[],
};
pub(crate) const DEVICE_SRP_AUTH: Flow = Flow {
    name: "sign-in on a remembered device (`DEVICE_SRP_AUTH`), in place of a second factor too",
    fires: SIGN_IN_ON_DEVICE,
};
pub(crate) const MFA_AND_DEVICE_SRP_AUTH: Flow = Flow {
    name: "sign-in with `SMS_MFA`, then on a remembered device",
    fires: &[
        "PreAuthentication_Authentication",
        "CustomMessage_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_AuthenticateDevice",
    ],
};
pub(crate) const USER_AUTH_PASSWORD: Flow = Flow {
    name: "`USER_AUTH` with `PASSWORD`",
    fires: SIGN_IN,
};
pub(crate) const USER_AUTH_PASSWORD_SRP: Flow = Flow {
    name: "`USER_AUTH` with `PASSWORD_SRP`",
    fires: SIGN_IN,
};
pub(crate) const USER_AUTH_EMAIL_OTP: Flow = Flow {
    name: "`USER_AUTH` with `EMAIL_OTP`",
    fires: SIGN_IN_WITH_CODE,
};
pub(crate) const USER_AUTH_SMS_OTP: Flow = Flow {
    name: "`USER_AUTH` with `SMS_OTP`",
    fires: SIGN_IN_WITH_CODE,
};
pub(crate) const UNKNOWN_USER: Flow = Flow {
    name: "sign-in under a name that nobody has, where the app client hides that",
    fires: &["PreAuthentication_Authentication"],
};
pub(crate) const REFRESH_TOKEN_AUTH: Flow = Flow {
    name: "`REFRESH_TOKEN_AUTH`",
    fires: &["TokenGeneration_RefreshTokens"],
};
pub(crate) const GET_TOKENS_FROM_REFRESH_TOKEN: Flow = Flow {
    name: "`GetTokensFromRefreshToken`",
    fires: &["TokenGeneration_Authentication"],
};
pub(crate) const FORGOT_PASSWORD: Flow = Flow {
    name: "`ForgotPassword`",
    fires: &["CustomMessage_ForgotPassword"],
};
pub(crate) const CONFIRM_FORGOT_PASSWORD: Flow = Flow {
    name: "`ConfirmForgotPassword`",
    fires: &["PostConfirmation_ConfirmForgotPassword"],
};
pub(crate) const ADMIN_RESET_USER_PASSWORD: Flow = Flow {
    name: "`AdminResetUserPassword`",
    fires: &["CustomMessage_ForgotPassword"],
};
pub(crate) const CHANGE_PASSWORD: Flow = Flow {
    name: "`ChangePassword`",
    fires: &[],
};
pub(crate) const UPDATE_USER_ATTRIBUTES: Flow = Flow {
    name: "`UpdateUserAttributes` with a new address or number that the pool verifies",
    fires: &["CustomMessage_UpdateUserAttribute"],
};
pub(crate) const ADMIN_UPDATE_USER_ATTRIBUTES: Flow = Flow {
    name: "`AdminUpdateUserAttributes` with a new address or number that the pool verifies",
    fires: &["CustomMessage_UpdateUserAttribute"],
};
pub(crate) const UPDATE_USER_ATTRIBUTES_UNSENT: Flow = Flow {
    name: "either with anything else, or vouched for by an administrator",
    fires: &[],
};
pub(crate) const GET_USER_ATTRIBUTE_VERIFICATION_CODE: Flow = Flow {
    name: "`GetUserAttributeVerificationCode`",
    fires: &["CustomMessage_VerifyUserAttribute"],
};
pub(crate) const VERIFY_USER_ATTRIBUTE: Flow = Flow {
    name: "`VerifyUserAttribute`",
    fires: &[],
};
pub(crate) const DELETE_USER_ATTRIBUTES: Flow = Flow {
    name: "`DeleteUserAttributes`",
    fires: &[],
};
pub(crate) const DELETE_USER: Flow = Flow {
    name: "`DeleteUser`",
    fires: &[],
};
pub(crate) const ADMINISTRATION: Flow = Flow {
    name: "`AdminSetUserPassword`, signing out, disabling, enabling, groups and `AdminDeleteUser`",
    fires: &[],
};

pub(crate) const CLIENT_CREDENTIALS: Flow = Flow {
    name: "`client_credentials` at the token endpoint",
    fires: &["TokenGeneration_ClientCredentials"],
};
pub(crate) const GET_CLIENT_TOKEN: Flow = Flow {
    name: "`GetClientToken`",
    fires: &["TokenGeneration_ClientCredentials"],
};

/// All of them, in the order of the document.
pub(crate) const ALL: &[&Flow] = &[
    &SIGN_UP,
    &SIGN_UP_CONFIRMED,
    &CONFIRM_SIGN_UP,
    &CONFIRMATION_LINK,
    &ADMIN_CONFIRM_SIGN_UP,
    &RESEND_CONFIRMATION_CODE,
    &ADMIN_CREATE_USER,
    &ADMIN_CREATE_USER_SUPPRESSED,
    &NEW_PASSWORD,
    &USER_PASSWORD_AUTH,
    &ADMIN_USER_PASSWORD_AUTH,
    &USER_SRP_AUTH,
    &SMS_MFA,
    &EMAIL_MFA,
    &NEW_PASSWORD_AND_MFA,
    &SELECT_MFA_TYPE,
    &SOFTWARE_TOKEN_MFA,
    &MFA_SETUP,
    &ASSOCIATE_SOFTWARE_TOKEN,
    &CONFIRM_DEVICE,
    &DEVICE_SRP_AUTH,
    &MFA_AND_DEVICE_SRP_AUTH,
    &USER_AUTH_PASSWORD,
    &USER_AUTH_PASSWORD_SRP,
    &USER_AUTH_EMAIL_OTP,
    &USER_AUTH_SMS_OTP,
    &custom_auth::RIGHT_ANSWER,
    &custom_auth::AFTER_PASSWORD,
    &custom_auth::AFTER_PASSWORD_AND_MFA,
    &custom_auth::ON_DEVICE,
    &custom_auth::UNKNOWN_USER,
    &UNKNOWN_USER,
    &REFRESH_TOKEN_AUTH,
    &GET_TOKENS_FROM_REFRESH_TOKEN,
    &FORGOT_PASSWORD,
    &CONFIRM_FORGOT_PASSWORD,
    &ADMIN_RESET_USER_PASSWORD,
    &CHANGE_PASSWORD,
    &UPDATE_USER_ATTRIBUTES,
    &ADMIN_UPDATE_USER_ATTRIBUTES,
    &UPDATE_USER_ATTRIBUTES_UNSENT,
    &GET_USER_ATTRIBUTE_VERIFICATION_CODE,
    &VERIFY_USER_ATTRIBUTE,
    &DELETE_USER_ATTRIBUTES,
    &DELETE_USER,
    &ADMINISTRATION,
    &CLIENT_CREDENTIALS,
    &GET_CLIENT_TOKEN,
    &user_migration::SIGN_IN,
    &user_migration::RESET,
    &user_migration::UNKNOWN_USER,
    &user_migration::FORGOT_PASSWORD,
];
