//! Sign-ins by challenges of our own.

use super::Flow;

pub(crate) const RIGHT_ANSWER: Flow = Flow {
    name: "`CUSTOM_AUTH`, with a challenge that is answered rightly",
    fires: &[
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "DefineAuthChallenge_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ],
};

pub(crate) const UNKNOWN_USER: Flow = Flow {
    name: "`CUSTOM_AUTH` under a name that nobody has, where the app client hides that",
    fires: &[
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "DefineAuthChallenge_Authentication",
    ],
};

pub(crate) const AFTER_PASSWORD: Flow = Flow {
    name: "`CUSTOM_AUTH` that begins with `SRP_A`",
    fires: &[
        "PreAuthentication_Authentication",
        "DefineAuthChallenge_Authentication",
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "DefineAuthChallenge_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ],
};

pub(crate) const AFTER_PASSWORD_AND_MFA: Flow = Flow {
    name: "`CUSTOM_AUTH` that begins with `SRP_A`, with `SMS_MFA` after the password",
    fires: &[
        "PreAuthentication_Authentication",
        "DefineAuthChallenge_Authentication",
        "CustomMessage_Authentication",
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "DefineAuthChallenge_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ],
};

pub(crate) const ON_DEVICE: Flow = Flow {
    name: "`CUSTOM_AUTH` on a remembered device",
    fires: &[
        "DefineAuthChallenge_Authentication",
        "CreateAuthChallenge_Authentication",
        "VerifyAuthChallengeResponse_Authentication",
        "DefineAuthChallenge_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_AuthenticateDevice",
    ],
};
