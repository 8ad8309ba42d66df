//! Conditions, and what they leave out.

use super::{check_refused, loaded};

#[test]
fn conditions_are_evaluated() {
    let holds = |condition: &str| {
        let text = format!(
            "
Parameters: {{P: {{Type: String, Default: a}}}}
Conditions: {{Yes: !Equals [1, '1'], C: {condition}}}
Resources: {{L: {{Type: AWS::Logs::LogGroup}}}}
Outputs: {{O: {{Value: !If [C, 'yes', 'no']}}}}"
        );
        loaded(&text).map(|stack| stack.outputs["O"].clone())
    };
    let cases = [
        ("!Equals [!Ref P, a]", Ok("yes")),
        ("!Equals [!Ref P, b]", Ok("no")),
        ("!Not [!Equals [!Ref P, b]]", Ok("yes")),
        ("!And [!Condition Yes, !Equals [!Ref P, b]]", Ok("no")),
        ("!Or [!Condition Yes, !Equals [!Ref P, b]]", Ok("yes")),
        ("{Fn::Or: [{Condition: Yes}, {Condition: Yes}]}", Ok("yes")),
        (
            "!And [!Condition Yes]",
            Err("Conditions.C.Fn::And: expected a list of 2 to 10 conditions"),
        ),
        (
            "!Equals [1]",
            Err("Conditions.C.Fn::Equals: expected a list of 2"),
        ),
        (
            "!Not [!Condition No]",
            Err("Conditions.C.Fn::Not[0].Condition: no such condition"),
        ),
        ("true", Err("Conditions.C: expected a condition")),
        (
            "!Equals [!Ref L, a]",
            Err("Conditions.C.Fn::Equals[0]: nothing here has the name L"),
        ),
    ];
    for (condition, expected) in cases {
        let expected = expected.map(str::to_owned);
        assert_eq!(
            holds(condition),
            expected.map_err(|problem| vec![problem.to_owned()]),
            "{condition}"
        );
    }
}

#[test]
fn what_a_condition_leaves_out_is_not_made() {
    let text = |reference: &str| {
        format!(
            "
Conditions: {{No: !Equals [a, b]}}
Resources:
  L: {{Type: AWS::Logs::LogGroup, Properties: {{Tag: {reference}}}}}
  T: {{Type: AWS::DynamoDB::Table, Condition: No}}"
        )
    };
    assert_eq!(loaded(&text("x")).unwrap().tables, []);
    check_refused(
        "reference",
        &text("!Ref T"),
        &["Resources.L.Properties.Tag: the condition of T is false"],
    );
}
