use serde_json::{Value, json};

use super::{config, oidc};
use crate::rules::{LeftOut, decide};

/// What becomes of the provider's groups: the list, and how many were left out of it.
pub(super) fn groups(groups: &Value) -> (String, usize) {
    let rule = json!({
        "attributes": ["sub", "email"], "domains": ["example.com"], "requireVerifiedEmail": false,
        "groups": {"from": "roles", "to": "custom:groups", "keep": ["app-*", "staff"]},
    });
    let said = json!({"sub": "7", "email": "ines@example.com", "roles": groups});
    let decision = decide(&config(&rule), &oidc(&said, &json!({}))).unwrap();
    let list = decision
        .response
        .user_attributes_to_map
        .get("custom:groups");
    let left_out = decision
        .left_out
        .first()
        .map_or(0, |left_out| match left_out {
            LeftOut::Groups { groups, .. } => *groups,
            LeftOut::TooLong { attribute } => panic!("{attribute}"),
        });
    (list.unwrap().clone(), left_out)
}

#[test]
fn groups_that_no_pattern_names_are_dropped() {
    for (said, expected) in [
        (
            json!(["vpn", "app-b", "staff", "app-a", "app-b"]),
            "app-a,app-b,staff",
        ),
        (json!("vpn, app-b ,staff,app-a,app-b"), "app-a,app-b,staff"),
        (json!("[vpn, app-b, app-a]"), "app-a,app-b"),
        (json!(r#"["app-b", "app-a"]"#), "app-a,app-b"),
        (json!("staff"), "staff"),
        (
            json!(["App-a", "STAFF", "staff-lead", "xapp-a", " app-c "]),
            "app-c",
        ),
        (
            json!(["app-a", 7, null, {"name": "app-b"}, ["app-c"]]),
            "app-a",
        ),
    ] {
        assert_eq!(groups(&said), (expected.to_owned(), 0), "{said}");
    }
}

/// Cognito keeps what it has of an attribute that the answer lacks, so groups that the provider took away would stay.
#[test]
fn who_lost_every_group_is_answered_without_groups() {
    for said in [
        json!([]),
        json!(""),
        json!(null),
        json!(["vpn"]),
        json!(7),
        json!({}),
        json!("[]"),
        json!(true),
    ] {
        assert_eq!(groups(&said), (String::new(), 0), "{said}");
    }
}

#[test]
fn no_group_becomes_two() {
    let said = json!(["app-a,staff", "app-b", "app-c\nstaff"]);
    assert_eq!(groups(&said), ("app-b".to_owned(), 2));
}

#[test]
fn a_list_of_groups_fits_at_whole_groups() {
    // 14 characters and a comma each: 2,048 characters hold 136 of them, and 8 characters are left.
    let group = |number: usize| format!("app-{number:010}");
    let mut many: Vec<_> = (0..200).rev().map(group).collect();
    many.push("staff".to_owned());
    let expected: Vec<_> = (0..136).map(group).collect();
    assert_eq!(groups(&json!(many)), (expected.join(","), 65));

    let fits = format!("app-{}", "ü".repeat(2044));
    assert_eq!(groups(&json!([fits.clone()])), (fits.clone(), 0));
    assert_eq!(groups(&json!([fits + "ü", "staff"])), (String::new(), 2));
}
