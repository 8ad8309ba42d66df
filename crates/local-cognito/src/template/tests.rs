mod conditions;
mod functions;
mod http_api;
mod identity_pools;
mod own_template;
mod refused;
mod roles;
mod tables_and_keys;
mod user_pools;

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;

fn settings() -> Settings {
    Settings {
        region: "us-east-1".to_owned(),
        account_id: "123456789012".to_owned(),
        stack_name: "stack".to_owned(),
        parameters: BTreeMap::new(),
        ids: BTreeMap::new(),
    }
}

fn loaded_with(text: &str, settings: &Settings) -> Result<Stack, Vec<String>> {
    let problems = Problems::default();
    let stack = stack(text, settings, &Place::root(&problems));
    match problems.take() {
        problems if problems.is_empty() => Ok(stack.unwrap()),
        problems => Err(problems),
    }
}

fn loaded(text: &str) -> Result<Stack, Vec<String>> {
    loaded_with(text, &settings())
}

#[track_caller]
fn check_refused(name: &str, text: &str, problems: &[&str]) {
    assert_eq!(loaded(text).unwrap_err(), problems, "{name}");
}

/// A template with these resources.
fn resources(resources: &str) -> String {
    format!("Resources:\n{resources}")
}

/// A function, a pool that calls it, and these resources.
fn wired(others: &str) -> String {
    resources(&format!(
        "
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{Runtime: provided.al2023}}
  P:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig: {{PreSignUp: !GetAtt F.Arn}}
{others}"
    ))
}

fn flows(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn everything_that_is_not_understood_is_named_at_once() {
    check_refused(
        "all",
        "
Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]
Rules: {R: {}}
Globals: {Api: {}}
Conditions: {C: !Guess x}
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: !ImportValue x}}
  P:
    Type: AWS::Cognito::UserPool
    UpdatePolicy: {}
    Properties:
      MfaConfiguration: SOMETIMES
      DeviceConfiguration: {Always: true}
      LambdaConfig: {KMSGuess: x, PreSignUp: arn}
      Policies: {PasswordPolicy: {MinimumLength: 5, PasswordHistorySize: 3}}
  G: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: elsewhere}}
  Broken: 7
Outputs: {O: {Value: !Ref Nobody}, Q: {}}
",
        &[
            "Transform: not understood by local-cognito, other than AWS::Serverless-2016-10-31",
            "Rules: not understood by local-cognito",
            "Conditions.C.Fn::Guess: not a condition",
            "Globals.Api: not understood by local-cognito",
            "Resources.Broken: expected a mapping",
            "Resources.P.UpdatePolicy: not understood by local-cognito",
            "Resources.Bus.Properties.Name.Fn::ImportValue: not understood by local-cognito",
            "Resources.Bus.Type: AWS::Events::EventBus is not understood by local-cognito",
            "Resources.G.Properties.UserPoolId: no user pool of this template has this id",
            "Resources.G.Properties: expected GroupName",
            "Resources.P.Properties.LambdaConfig.PreSignUp: no function of this template has this ARN",
            "Resources.P.Properties.LambdaConfig.KMSGuess: not understood by local-cognito",
            "Resources.P.Properties.Policies.PasswordPolicy.MinimumLength: expected a whole number from 6 to 99",
            "Resources.P.Properties.Policies.PasswordPolicy.PasswordHistorySize: not understood by local-cognito",
            "Resources.P.Properties.MfaConfiguration: SOMETIMES is not understood by local-cognito; it knows OFF, OPTIONAL, ON",
            "Resources.P.Properties.DeviceConfiguration.Always: not understood by local-cognito",
            "Outputs.O.Value: nothing here has the name Nobody",
            "Outputs.Q: expected a Value",
        ],
    );
}

#[test]
fn circles_are_refused() {
    check_refused(
        "a function that knows its pool",
        "
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: rust-cargolambda, BuildProperties: {Binary: f}}
    Properties: {Runtime: provided.al2023, Environment: {Variables: {POOL: !Ref P}}}
  P:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}
",
        &["Resources: a circle of F, P: none of them can be made first"],
    );
    check_refused(
        "a resource that knows itself",
        &resources("  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref L}}"),
        &["Resources: a circle of L: none of them can be made first"],
    );
    check_refused(
        "by DependsOn",
        &resources(
            "  A: {Type: AWS::Logs::LogGroup, DependsOn: [B]}\n  B: {Type: AWS::Logs::LogGroup, DependsOn: A}",
        ),
        &["Resources: a circle of A, B: none of them can be made first"],
    );
    check_refused(
        "conditions",
        "Conditions: {A: !Not [!Condition B], B: !Condition A}\nResources: {L: {Type: AWS::Logs::LogGroup}}",
        &["Conditions: a circle of A, B"],
    );
}

#[test]
fn settings_are_checked_with_the_template() {
    let wrong = Settings {
        account_id: "1".to_owned(),
        ids: BTreeMap::from([("Q".to_owned(), "x".to_owned())]),
        ..settings()
    };
    assert_eq!(
        loaded_with(&resources("  P: {Type: AWS::Cognito::UserPool}"), &wrong).unwrap_err(),
        [
            "the account id: expected twelve digits",
            "--id Q: the template has no such user pool, app client or identity pool",
        ]
    );
}

#[test]
fn resources_have_a_type_and_a_number() {
    check_refused(
        "none",
        "Description: x",
        &["Resources: expected 1 to 500 resources"],
    );
    check_refused(
        "no type",
        &resources("  A: {}"),
        &["Resources.A: expected a Type"],
    );
    check_refused(
        "no mapping",
        "Resources: []",
        &[
            "Resources: expected a mapping",
            "Resources: expected 1 to 500 resources",
        ],
    );
    let many: String = (0..501)
        .map(|n| format!("  A{n}: {{Type: AWS::Logs::LogGroup}}\n"))
        .collect();
    check_refused(
        "many",
        &resources(&many),
        &["Resources: expected 1 to 500 resources"],
    );
    check_refused(
        "needs nobody",
        &resources("  A: {Type: AWS::Logs::LogGroup, DependsOn: B}"),
        &["Resources.A.DependsOn: nothing here has the name B"],
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing = load(Path::new("no/such/template.yaml"), &settings()).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no/such/template.yaml has 1 problem(s)\n  cannot be read: No such file or directory (os error 2)"
    );
    let directory = load(Path::new(env!("CARGO_MANIFEST_DIR")), &settings()).unwrap_err();
    let error = directory.to_string();
    assert!(
        error.ends_with("cannot be read: Is a directory (os error 21)"),
        "{error}"
    );
}
