//! Roles and their policies, read strictly.

use super::{check_refused, loaded};

/// A function with these policies, and other resources.
fn text(policies: &str, more: &str) -> String {
    format!(
        "
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{Policies: {policies}}}
{more}"
    )
}

const READ: &str =
    "{Version: 2012-10-17, Statement: {Effect: Allow, Action: 's3:Get*', Resource: '*'}}";

#[test]
fn a_role_has_every_policy_that_is_attached_to_it() {
    let more = format!(
        "
  A: {{Type: AWS::IAM::RolePolicy, Properties: {{RoleName: !Ref FRole, PolicyName: a, PolicyDocument: {READ}}}}}
  B: {{Type: AWS::IAM::Policy, Properties: {{Roles: [!Ref FRole, !Ref R], PolicyName: b, PolicyDocument: {READ}}}}}
  C: {{Type: AWS::IAM::ManagedPolicy, Properties: {{Roles: [!Ref R], PolicyDocument: {READ}}}}}
  R:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: 7200
      Policies: [{{PolicyName: own, PolicyDocument: {READ}}}]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}
  G:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: g}}}}
    Properties: {{Role: !GetAtt R.Arn}}"
    );
    let stack = loaded(&text(
        &format!("[{READ}, AWSLambdaBasicExecutionRole]"),
        &more,
    ))
    .unwrap();
    let role = |function: &str| {
        let mut functions = stack.functions.iter();
        let function = functions.find(|known| known.binary == function).unwrap();
        let mut roles = stack.roles.iter();
        roles.find(|role| role.arn == function.role).unwrap()
    };
    let count = |function| {
        (
            role(function).policies.len(),
            role(function).max_session_seconds,
        )
    };
    assert_eq!(count("f"), (3, 3_600));
    assert_eq!(count("g"), (3, 7_200));
    assert!(
        role("f")
            .arn
            .starts_with("arn:aws:iam::123456789012:role/stack-FRole-")
    );
    assert!(role("f").id.starts_with("AROA"));
}

#[test]
fn what_is_not_known_of_a_policy_is_named() {
    let place = "Resources.F.Properties.Policies[0]";
    let statement = |rest: &str| {
        format!(
            "[{{Version: 2012-10-17, Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'{rest}}}]}}]"
        )
    };
    let unknown = "is not understood by local-cognito";
    for (policies, problem) in [
        (
            statement(", Condition: {StringEqual: {'aws:userid': x}}"),
            "Statement[0].Condition.StringEqual: the operator is not known".to_owned(),
        ),
        (
            statement(", Condition: {StringEquals: {'dynamodb:LeadingKey': x}}"),
            format!("the condition key dynamodb:leadingkey {unknown}"),
        ),
        (
            "[AdministratorAccess]".to_owned(),
            format!("the policy AdministratorAccess {unknown}"),
        ),
        (
            "[{DynamoDBReadPolicy: {TableName: t}}]".to_owned(),
            "not understood by local-cognito".to_owned(),
        ),
    ] {
        check_refused(
            &policies,
            &text(&policies, ""),
            &[&format!("{place}: {problem}")],
        );
    }
}

#[test]
fn a_role_has_to_be_there_and_to_be_for_lambda() {
    let trust = "{Version: 2012-10-17, Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}}";
    let more = format!(
        "
  R: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {trust}}}}}
  A: {{Type: AWS::IAM::RolePolicy, Properties: {{RoleName: another, PolicyName: a, PolicyDocument: {READ}}}}}
  G:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: g}}}}
    Properties: {{Role: !GetAtt R.Arn}}"
    );
    check_refused(
        "roles",
        &text("[]", &more),
        &[
            "Resources.A.Properties.RoleName: no role of this template has the name another",
            "Resources.G.Properties.Role: its trust policy does not let Lambda assume it",
        ],
    );
}
