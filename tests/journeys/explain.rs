//! `local-cognito explain`: what it says of an event, by the real binaries.

use std::path::Path;
use std::process::Command;

use tests::stand_in::binary;

/// What is printed for an event, without the row of times.
#[track_caller]
fn explained(function: &str, event: &str, options: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(binary("local-cognito"))
        .args(["explain", function, &format!("events/{event}.json")])
        .args(options)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    let (time, rows) = rows.split_last().unwrap();
    assert!(time.starts_with("time      "), "{text}");
    // How long a request took differs from run to run.
    let untimed = |row: &&str| match row.rsplit_once(", ") {
        Some((row, took)) if took.ends_with(" ms") => row.to_owned(),
        _ => (*row).to_owned(),
    };
    rows.iter().map(untimed).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_refusal_is_told_with_its_rule_its_text_and_what_was_asked() {
    let required = ["--parameter", "Invitations=required"];
    assert_eq!(
        explained("pre-sign-up", "pre-sign-up/PreSignUp_SignUp", &required),
        "function  pre-sign-up, for PreSignUp_SignUp
decision  refused
rule      InvitationUnknown
shown     This invitation cannot be used
lookups   dynamodb GetItem InvitationsTable   status 200"
    );
}

#[test]
fn an_answer_is_told_by_what_it_changes() {
    let event = "inbound-federation/InboundFederation_ExternalProvider";
    let providers = r#"Providers={"Google":{"attributes":["sub","email"]}}"#;
    let text = explained("inbound-federation", event, &["--parameter", providers]);
    assert!(text.contains("decision  answered"), "{text}");
    assert!(
        text.contains("userAttributesToMap.email: null -> \"ines.falk@example.org\""),
        "{text}"
    );
    assert!(text.ends_with("lookups   none"), "{text}");
}
