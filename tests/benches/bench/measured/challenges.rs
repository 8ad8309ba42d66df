//! Challenges, and what sends codes.

use tests::stand_in::StandIn;

use super::{KEY, Measured, event, of_unknown_source};
use crate::runtime_api::NO_EVENT;

pub(super) fn functions(stand_in: &StandIn) -> Vec<Measured> {
    let set = |variable, value: &str| (variable, value.to_owned());
    let aws = set("AWS_ENDPOINT_URL", &stand_in.endpoint);
    let policy = set("POLICY", "password,email-code|totp");
    let policies = set("CHALLENGE_POLICIES_TABLE", "policies");
    let challenges = set("CHALLENGES_TABLE", "challenges");
    let key = set("CHALLENGE_KEY", KEY);
    let define = [
        aws.clone(),
        policy.clone(),
        policies.clone(),
        set("SIGN_IN_METHODS_TABLE", "methods"),
    ];
    let create = [
        aws.clone(),
        policy,
        policies,
        challenges.clone(),
        key.clone(),
        set("CHALLENGE_SENDER", "challenge-sender"),
    ];
    let verify = [
        aws.clone(),
        challenges,
        key,
        set("AUTHENTICATORS_TABLE", "authenticators"),
    ];
    let delivery = [
        aws,
        set("DELIVERIES_TABLE", "deliveries"),
        set("EMAIL_FROM", "no-reply@example.com"),
        set("SMS_PROVIDERS", "sns"),
        set("APP_NAME", "Nordwind"),
        set("CODE_KEY_ARN", KEY),
    ];
    // None of ours set this challenge, so nothing is looked up.
    let foreign =
        event("verify-auth-challenge-response/VerifyAuthChallengeResponse_Authentication.json");
    let nobody = event("challenge-sender/email-code.nobody.json");
    let code = event("custom-email-sender/CustomEmailSender_SignUp.json");
    let text = event("custom-sms-sender/CustomSMSSender_Authentication.json");
    vec![
        Measured::of("define-auth-challenge", define, NO_EVENT).starts_within(1.35),
        Measured::of("create-auth-challenge", create, NO_EVENT).starts_within(1.35),
        Measured::of("verify-auth-challenge-response", verify, &foreign)
            .starts_within(1.35)
            .answers_within(1.5),
        Measured::of("challenge-sender", delivery.clone(), &nobody)
            .starts_within(1.35)
            .answers_within(1.5),
        Measured::of(
            "custom-email-sender",
            delivery.clone(),
            &of_unknown_source(&code),
        )
        .starts_within(1.35)
        .answers_within(1.5),
        Measured::of("custom-sms-sender", delivery, &of_unknown_source(&text))
            .starts_within(1.35)
            .answers_within(1.5),
    ]
}
