//! What guests may do at most in the enhanced flow, whatever their role says: session policies that Cognito adds.
//!
//! Source: Developer Guide, "IAM roles", "Services that unauthenticated identities can access" (2026), and the AWS managed policy
//! `AmazonCognitoUnAuthedIdentitiesSessionPolicy`, version 4.

use iam_policy::{Policy, PolicyKind};
use serde_json::json;

/// Services that are open as a whole.
const SERVICES: [&str; 28] = [
    "appsync",
    "cloudwatch",
    "codewhisperer",
    "cognito-identity",
    "cognito-idp",
    "cognito-sync",
    "comprehend",
    "dynamodb",
    "execute-api",
    "firehose",
    "gamelift",
    "iot",
    "kinesis",
    "lambda",
    "lex",
    "logs",
    "machinelearning",
    "mobileanalytics",
    "mobiletargeting",
    "personalize",
    "polly",
    "rekognition",
    "s3",
    "sdb",
    "ses",
    "sns",
    "sqs",
    "transcribe",
];

/// What is open besides.
const ACTIONS: [&str; 21] = [
    "translate:*",
    "sagemaker:InvokeEndpoint",
    "textract:AnalyzeDocument",
    "textract:DetectDocumentText",
    "rum:PutRumEvents",
    "geo:CalculateRoute*",
    "geo:GetMap*",
    "geo:GetPlace",
    "geo:ListMaps",
    "geo:SearchPlaceIndex*",
    "geo:*DevicePosition*",
    "geo:*Geofence",
    "geo:*Geofences",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

/// AWS's two policies as one, since session policies add up.
pub(super) fn session_policies() -> Vec<Policy> {
    let services = SERVICES.iter().map(|service| format!("{service}:*"));
    let actions: Vec<String> = services.chain(ACTIONS.map(str::to_owned)).collect();
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{"Sid": "WhatGuestsCanReach", "Effect": "Allow", "Action": actions, "Resource": "*"}],
    });
    let policy = Policy::parse(PolicyKind::Session, &document);
    vec![policy.expect("this is a policy document")]
}

#[cfg(test)]
mod tests {
    use iam_policy::{Context, Decision, decide};

    use super::*;

    #[test]
    fn a_guest_reaches_few_services_whatever_the_role_allows() {
        let everything = json!({
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
        });
        let role = [Policy::parse(PolicyKind::IdentityBased, &everything).unwrap()];
        for (action, allowed) in [
            ("dynamodb:GetItem", true),
            ("s3:GetObject", true),
            ("lambda:InvokeFunction", true),
            ("execute-api:Invoke", true),
            ("kms:Decrypt", true),
            ("rum:PutRumEvents", true),
            ("kms:Sign", false),
            ("ssm:GetParameter", false),
            ("secretsmanager:GetSecretValue", false),
            ("sts:AssumeRole", false),
            ("iam:CreateUser", false),
        ] {
            let narrowed = session_policies();
            let decision = decide(&role, Some(&narrowed), action, "*", &Context::default());
            let is_allowed = matches!(decision, Decision::Allowed { .. });
            assert_eq!(is_allowed, allowed, "{action}");
        }
    }
}
