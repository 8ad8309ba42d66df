use super::*;
use crate::input::input;

/// The documents with their lines, and in the end what is wrong.
fn all(documents: Documents) -> (Vec<(u64, String)>, Option<String>) {
    let mut found = Vec::new();
    for document in documents {
        match document {
            Ok(Document { line, text }) => found.push((line, shown(text))),
            Err(error) => return (found, Some(error.to_string())),
        }
    }
    (found, None)
}

fn shown(text: Result<Vec<u8>, Reject>) -> String {
    match text {
        Ok(text) => String::from_utf8(text).unwrap(),
        Err(reject) => reject.to_string(),
    }
}

#[track_caller]
fn check(documents: Documents, expected: &[(u64, &str)], problem: Option<&str>) {
    let (found, error) = all(documents);
    let found: Vec<_> = found.iter().map(|(line, text)| (*line, &**text)).collect();
    assert_eq!((found, error.as_deref()), (expected.to_vec(), problem));
}

#[track_caller]
fn check_array(text: &str, expected: &[(u64, &str)], problem: Option<&str>) {
    let documents = Documents::list_or_lines(input(text)).unwrap();
    check(documents, expected, problem);
}

#[test]
fn the_elements_of_an_array_are_cut_out() {
    check_array("[]", &[], None);
    check_array(
        "\n[ {\"a\": [1, \"]}\\\"\"]},\n 7 ,\"x\\\\\",null]",
        &[
            (2, r#"{"a": [1, "]}\""]}"#),
            (3, "7"),
            (3, r#""x\\""#),
            (3, "null"),
        ],
        None,
    );
}

#[test]
fn without_an_array_each_line_is_a_document() {
    check_array(
        "{\"a\": 1}\n\n{broken\n{}",
        &[(1, "{\"a\": 1}"), (3, "{broken"), (4, "{}")],
        None,
    );
}

#[test]
fn an_array_that_breaks_off_says_where() {
    check_array(
        "[{}, {\"a\":",
        &[(1, "{}")],
        Some("line 1: the file breaks off"),
    );
    check_array(
        "[{}\n{}]",
        &[(1, "{}")],
        Some("line 2: a comma or the end of the list is missing"),
    );
    check_array("[{},,]", &[(1, "{}")], Some("line 1: a value is missing"));
    check_array(
        "[{}",
        &[(1, "{}")],
        Some("line 1: a comma or the end of the list is missing"),
    );
    check_array(
        "[{}, }",
        &[(1, "{}")],
        Some("line 1: a bracket is closed that nobody opened"),
    );
}

#[test]
fn files_that_were_put_together_are_read_to_the_end() {
    check_array("[1]\n[]\n[2]", &[(1, "1"), (3, "2")], None);
    let objects = "{\"users\": [1], \"a\": {}}\n{\"users\": [2]}";
    check_member(objects, &[(1, "1"), (2, "2")], None);
}

#[track_caller]
fn check_member(text: &str, expected: &[(u64, &str)], problem: Option<&str>) {
    check(
        Documents::of_member(input(text), "users"),
        expected,
        problem,
    );
}

#[test]
fn a_member_is_found_wherever_it_stands() {
    let elements = [(1, "{\"n\": 1}"), (1, "2")];
    check_member(r#"{"users": [{"n": 1}, 2]}"#, &elements, None);
    check_member(
        r#"{"a": {"users": [9]}, "users" : [{"n": 1}, 2], "z": 0}"#,
        &elements,
        None,
    );
    check_member(
        r#"{"users": "none", "b": [1], "us\u0065rs": [{"n": 1}, 2]}"#,
        &elements,
        None,
    );
    check_member(r#"{"a": 1}"#, &[], Some("there is no list `users` in it"));
    check_member(
        r#"{"users": [1], "a": "#,
        &[(1, "1")],
        Some("line 1: the file breaks off"),
    );
    check_member("[]", &[], Some("line 1: there is no object"));
    check_member(r#"{"a" 1}"#, &[], Some("line 1: a colon is missing"));
}

#[test]
fn what_is_too_long_is_skipped() {
    let long = "x".repeat(MAX_RECORD_BYTES);
    check_array(
        &format!("[\"{long}\", 1]"),
        &[(1, "it is longer than 1 MiB"), (1, "1")],
        None,
    );
    check_member(
        &format!("{{\"a\": \"{long}\", \"users\": [1]}}"),
        &[(1, "1")],
        None,
    );
}

#[test]
fn what_is_wrong_is_said_without_a_quotation() {
    let number = |text: &[u8]| parse::<u8>(text, "a number").map_err(|reject| reject.to_string());
    assert_eq!(number(b"7"), Ok(7));
    assert_eq!(number(b"\"hunter2\""), Err("it is not a number".to_owned()));
    assert_eq!(number(b"7,"), Err("it is not JSON".to_owned()));
    let text = parse::<String>(b"\"\xff\"", "a text");
    assert_eq!(text, Err(Reject::NotJson));
}
