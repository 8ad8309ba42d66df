use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::template::Settings;
use crate::template::place::Problems;
use crate::template::scope::{Outcome, References};

fn scope() -> Scope {
    let settings = Settings {
        region: "eu-central-1".to_owned(),
        account_id: "123456789012".to_owned(),
        stack_name: "stack".to_owned(),
        parameters: BTreeMap::new(),
        ids: BTreeMap::new(),
    };
    let parameters = BTreeMap::from([
        ("Text".to_owned(), json!("text")),
        ("List".to_owned(), json!(["a", "b"])),
        ("Wrong".to_owned(), Value::Null),
    ]);
    let mappings = json!({"M": {"top": {"second": "found", "list": [1, 2]}}});
    let Value::Object(mappings) = mappings else {
        unreachable!("it is written as an object")
    };
    let mut scope = Scope::new(&settings, parameters, mappings);
    scope.conditions = BTreeMap::from([("Yes".to_owned(), true), ("No".to_owned(), false)]);
    let table = References {
        reference: Some("table".to_owned()),
        attributes: BTreeMap::from([("Arn", "arn:table".to_owned())]),
    };
    scope.resources = BTreeMap::from([
        ("Table".to_owned(), Outcome::Made(table)),
        ("Group".to_owned(), Outcome::Made(References::default())),
        ("LeftOut".to_owned(), Outcome::LeftOut),
        ("Failed".to_owned(), Outcome::Failed),
    ]);
    scope
}

fn resolved(value: &Value) -> (Option<Value>, Vec<String>) {
    let problems = Problems::default();
    let value = scope().resolve(value, &Place::root(&problems).member("X"));
    (value, problems.take())
}

#[track_caller]
fn check(value: Value, expected: Value) {
    assert_eq!(resolved(&value), (Some(expected), vec![]), "{value}");
}

#[track_caller]
fn check_refused(value: Value, problem: &str) {
    assert_eq!(resolved(&value).1, [problem], "{value}");
}

#[test]
fn references() {
    check(json!({"Ref": "Text"}), json!("text"));
    check(json!({"Ref": "List"}), json!(["a", "b"]));
    check(json!({"Ref": "Table"}), json!("table"));
    check(json!({"Ref": "AWS::Region"}), json!("eu-central-1"));
    check(json!({"Ref": "AWS::AccountId"}), json!("123456789012"));
    check(json!({"Ref": "AWS::Partition"}), json!("aws"));
    check(json!({"Ref": "AWS::StackName"}), json!("stack"));
    check(json!({"Ref": "AWS::URLSuffix"}), json!("amazonaws.com"));
    check_refused(
        json!({"Ref": "Nobody"}),
        "X: nothing here has the name Nobody",
    );
    check_refused(
        json!({"Ref": "LeftOut"}),
        "X: the condition of LeftOut is false",
    );
    check_refused(
        json!({"Ref": "Group"}),
        "X: Ref of Group is not understood by local-cognito",
    );
    check_refused(json!({"Ref": []}), "X: Ref takes a name");
    check_refused(
        json!({"Ref": "AWS::StackId"}),
        "X: nothing here has the name AWS::StackId",
    );
}

#[test]
fn attributes() {
    check(json!({"Fn::GetAtt": "Table.Arn"}), json!("arn:table"));
    check(json!({"Fn::GetAtt": ["Table", "Arn"]}), json!("arn:table"));
    check_refused(
        json!({"Fn::GetAtt": "Table.StreamArn"}),
        "X.Fn::GetAtt: Table.StreamArn is not understood by local-cognito",
    );
    check_refused(
        json!({"Fn::GetAtt": "Nobody.Arn"}),
        "X.Fn::GetAtt: nothing here has the name Nobody",
    );
    check_refused(
        json!({"Fn::GetAtt": "Table"}),
        "X.Fn::GetAtt: expected a resource and an attribute",
    );
    check_refused(
        json!({"Fn::GetAtt": ["Table"]}),
        "X.Fn::GetAtt: expected a resource and an attribute",
    );
}

#[test]
fn substitutions() {
    check(
        json!({"Fn::Sub": "${Text}/${Table.Arn}/${AWS::Region}/${!Text}"}),
        json!("text/arn:table/eu-central-1/${Text}"),
    );
    check(
        json!({"Fn::Sub": ["${Text}-${Own}", {"Own": {"Ref": "Table"}, "Text": "mine"}]}),
        json!("mine-table"),
    );
    check_refused(
        json!({"Fn::Sub": "${List}"}),
        "X.Fn::Sub: List is not a text",
    );
    check_refused(
        json!({"Fn::Sub": "${Nobody}"}),
        "X.Fn::Sub: nothing here has the name Nobody",
    );
    check_refused(
        json!({"Fn::Sub": "${Text"}),
        "X.Fn::Sub: expected a text in which every ${ is closed",
    );
    check_refused(
        json!({"Fn::Sub": ["${Text}"]}),
        "X.Fn::Sub: expected a text, or a list of a text and variables",
    );
    check_refused(
        json!({"Fn::Sub": ["${Own}", {"Own": []}]}),
        "X.Fn::Sub[1].Own: expected a text",
    );
}

#[test]
fn choices() {
    check(json!({"Fn::If": ["Yes", 1, 2]}), json!(1));
    check(
        json!({"Fn::If": ["No", {"Ref": "Nobody"}, {"Ref": "Text"}]}),
        json!("text"),
    );
    check(
        json!([1, {"Fn::If": ["No", 2, {"Ref": "AWS::NoValue"}]}]),
        json!([1]),
    );
    check(
        json!({"a": 1, "b": {"Ref": "AWS::NoValue"}}),
        json!({"a": 1}),
    );
    check_refused(
        json!({"Fn::If": ["Perhaps", 1, 2]}),
        "X.Fn::If[0]: no such condition",
    );
    check_refused(
        json!({"Fn::If": [{"Fn::Not": []}, 1, 2]}),
        "X.Fn::If[0]: no such condition",
    );
    check_refused(
        json!({"Fn::If": ["Yes", 1]}),
        "X.Fn::If: expected a list of 3",
    );
}

#[test]
fn texts_and_lists() {
    check(
        json!({"Fn::Join": ["-", ["a", 1, {"Ref": "Text"}]]}),
        json!("a-1-text"),
    );
    check(json!({"Fn::Join": ["", {"Ref": "List"}]}), json!("ab"));
    check(json!({"Fn::Split": [",", "a,b"]}), json!(["a", "b"]));
    check(json!({"Fn::Select": [1, {"Ref": "List"}]}), json!("b"));
    check(
        json!({"Fn::Select": ["0", {"Fn::Split": [":", {"Fn::GetAtt": "Table.Arn"}]}]}),
        json!("arn"),
    );
    check(
        json!({"Fn::FindInMap": ["M", "top", {"Fn::Join": ["", ["sec", "ond"]]}]}),
        json!("found"),
    );
    check(
        json!({"Fn::FindInMap": ["M", "top", "list"]}),
        json!([1, 2]),
    );
    check_refused(
        json!({"Fn::Join": ["-", "a"]}),
        "X.Fn::Join[1]: expected a list",
    );
    check_refused(
        json!({"Fn::Join": ["-", [[]]]}),
        "X.Fn::Join[1][0]: expected a text",
    );
    check_refused(
        json!({"Fn::Split": ["", "a"]}),
        "X.Fn::Split[0]: expected a text that is not empty",
    );
    check_refused(
        json!({"Fn::Select": [2, ["a", "b"]]}),
        "X.Fn::Select[0]: no index of a list of 2",
    );
    check_refused(
        json!({"Fn::Select": [-1, ["a"]]}),
        "X.Fn::Select[0]: no index of a list of 1",
    );
    check_refused(
        json!({"Fn::FindInMap": ["M", "top", "third"]}),
        "X.Fn::FindInMap: no such entry in Mappings",
    );
}

#[test]
fn what_is_not_understood_is_named_all_of_it() {
    let value = json!({
        "a": {"Fn::ImportValue": "v"},
        "b": [{"Fn::Base64": "v"}, {"Fn::Equals": [1, 1]}],
        "c": {"Fn::Sub": "x", "other": 1},
        "d": {"Fn::Sub": "${One}${Two}"},
    });
    assert_eq!(
        resolved(&value).1,
        [
            "X.a.Fn::ImportValue: not understood by local-cognito",
            "X.b[0].Fn::Base64: not understood by local-cognito",
            "X.b[1].Fn::Equals: only allowed in Conditions",
            "X.c.Fn::Sub: a function stands alone in its mapping",
            "X.d.Fn::Sub: nothing here has the name One",
            "X.d.Fn::Sub: nothing here has the name Two",
        ]
    );
}

#[test]
fn what_was_noted_before_is_not_noted_again() {
    for value in [
        json!({"Ref": "Wrong"}),
        json!({"Ref": "Failed"}),
        json!({"Fn::GetAtt": "Failed.Arn"}),
        json!({"Fn::Sub": "${Wrong}"}),
        json!({"Fn::Join": ["", [{"Ref": "Failed"}]]}),
        json!({"Fn::Select": [0, {"Ref": "Wrong"}]}),
    ] {
        assert_eq!(resolved(&value), (Some(Value::Null), vec![]), "{value}");
    }
}
