//! What brings users over from another system, or does not.

use super::Flow;

pub(crate) const SIGN_IN: Flow = Flow {
    name: "sign-in of a user whom user migration brings over",
    fires: &[
        "UserMigration_Authentication",
        "PreSignUp_AdminCreateUser",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ],
};

pub(crate) const RESET: Flow = Flow {
    name: "sign-in of a user whom user migration brings over without confirming them",
    fires: &[
        "UserMigration_Authentication",
        "PreSignUp_AdminCreateUser",
        "PreAuthentication_Authentication",
    ],
};

pub(crate) const UNKNOWN_USER: Flow = Flow {
    name: "sign-in under a name that user migration does not know either, where the app client hides that",
    fires: &[
        "UserMigration_Authentication",
        "PreAuthentication_Authentication",
    ],
};

pub(crate) const FORGOT_PASSWORD: Flow = Flow {
    name: "`ForgotPassword` of a user whom user migration brings over",
    fires: &[
        "UserMigration_ForgotPassword",
        "PreSignUp_AdminCreateUser",
        "CustomMessage_ForgotPassword",
    ],
};
