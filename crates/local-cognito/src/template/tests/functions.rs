//! What AWS makes beside a function, who may call it, and what becomes of a call that fails.

use super::{check_refused, loaded, resources, wired};
use crate::template::Asynchronous;

#[test]
fn sam_makes_a_role_for_a_function_that_names_none() {
    let text = |role: &str| {
        format!(
            "
Resources:
  A: {{Type: AWS::IAM::RolePolicy, Properties: {{RoleName: !Ref FRole, PolicyDocument: {{Version: 2012-10-17, Statement: {{Effect: Allow, Action: 's3:*', Resource: '*'}}}}}}}}
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{{role}}}
Outputs: {{O: {{Value: !GetAtt FRole.Arn}}}}"
        )
    };
    let arn = &loaded(&text("")).unwrap().outputs["O"];
    assert!(
        arn.starts_with("arn:aws:iam::123456789012:role/stack-FRole-"),
        "{arn}"
    );
    check_refused(
        "a role of its own",
        &text("Role: arn:aws:iam::123456789012:role/another"),
        &[
            "Resources.A.Properties.RoleName: nothing here has the name FRole",
            "Resources.F.Properties.Role: no role of this template has this ARN",
            "Outputs.O.Value.Fn::GetAtt: nothing here has the name FRole",
        ],
    );
}

#[test]
fn a_trigger_needs_a_permission() {
    let permission = |function: &str, arn: &str| {
        format!(
            "
  X:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: {function}, Action: lambda:InvokeFunction, Principal: cognito-idp.amazonaws.com, SourceArn: {arn}}}"
        )
    };
    let cases = [
        (
            "its own",
            permission("!GetAtt F.Arn", "!GetAtt P.Arn"),
            true,
        ),
        ("by name", permission("!Ref F", "!GetAtt P.Arn"), true),
        (
            "every pool",
            permission(
                "!Ref F",
                "!Sub 'arn:aws:cognito-idp:*:${AWS::AccountId}:userpool/*'",
            ),
            true,
        ),
        (
            "another pool",
            permission("!Ref F", "!Sub '${P.Arn}x'"),
            false,
        ),
        (
            "another function",
            permission("other", "!GetAtt P.Arn"),
            false,
        ),
        (
            "another caller",
            permission("!Ref F", "!GetAtt P.Arn").replace("cognito-idp.amazonaws", "sns.amazonaws"),
            false,
        ),
        (
            "another action",
            permission("!Ref F", "!GetAtt P.Arn")
                .replace("lambda:InvokeFunction", "lambda:GetFunction"),
            false,
        ),
        (
            "another account",
            permission("!Ref F", "!GetAtt P.Arn, SourceAccount: '210987654321'"),
            false,
        ),
        ("none", String::new(), false),
    ];
    for (name, permission, expected) in cases {
        let stack = loaded(&wired(&permission)).unwrap();
        let mut permissions = stack.functions[0].permissions.iter();
        let permitted = permissions
            .any(|permission| permission.lets_call(&stack.user_pools[0].arn, &stack.account_id));
        assert_eq!(permitted, expected, "{name}");
    }
}

#[test]
fn a_function_says_what_becomes_of_events_that_nobody_waits_for() {
    let text = |properties: &str| {
        resources(&format!(
            "
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{Runtime: provided.al2023, {properties}}}
  Q: {{Type: AWS::SQS::Queue}}
  T: {{Type: AWS::SNS::Topic}}
  A: {{Type: AWS::CloudWatch::Alarm, Properties: {{AlarmActions: [!Ref T], Dimensions: [{{Value: !GetAtt Q.QueueName}}]}}}}
  M: {{Type: AWS::Logs::MetricFilter, Properties: {{FilterPattern: x}}}}"
        ))
    };
    let asynchronous = |properties: &str| {
        let stack = loaded(&text(properties)).unwrap();
        stack.functions[0].asynchronous.clone()
    };
    assert_eq!(asynchronous("Timeout: 3"), Asynchronous::default());
    let queue = asynchronous("DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Q.Arn}");
    let arn = queue.dead_letter_queue.as_deref().unwrap_or_default();
    assert!(
        arn.starts_with("arn:aws:sqs:us-east-1:123456789012:stack-Q-"),
        "{arn}"
    );
    assert_eq!((queue.retries, queue.longest_age.as_secs()), (2, 21_600));
    let topic = "EventInvokeConfig: {MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, \
                 DestinationConfig: {OnFailure: {Type: SNS, Destination: !Ref T}}}";
    let topic = asynchronous(topic);
    let arn = topic.on_failure.as_deref().unwrap_or_default();
    assert!(
        arn.starts_with("arn:aws:sns:us-east-1:123456789012:stack-T-"),
        "{arn}"
    );
    assert_eq!((topic.retries, topic.longest_age.as_secs()), (0, 60));
    let place = "Resources.F.Properties";
    for (properties, problem) in [
        (
            "DeadLetterQueue: {Type: SQS}",
            format!("{place}.DeadLetterQueue: expected TargetArn"),
        ),
        (
            "EventInvokeConfig: {MaximumRetryAttempts: 3}",
            format!(
                "{place}.EventInvokeConfig.MaximumRetryAttempts: expected a whole number from 0 to 2"
            ),
        ),
        (
            "EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SQS}}}",
            format!(
                "{place}.EventInvokeConfig.DestinationConfig.OnSuccess: not understood by local-cognito"
            ),
        ),
    ] {
        check_refused(properties, &text(properties), &[&problem]);
    }
}
