//! Names that are syntax somewhere, and must be text everywhere.

use crate::conformance::{PASSWORD, Stage};

/// A user who has such a name, and the usual password.
pub(crate) const SYNTAX: &str = r#"o'hara"*(\x)-- %_"#;

/// What means everybody, somebody else or the end of a statement, if one lets it.
const INJECTIONS: [&str; 18] = [
    "*",
    "ines*",
    "*)(uid=*",
    "ines@example.org)(|(uid=*",
    "ines@example.org)(uid=ines@example.org",
    r"\2a",
    r"ines\40example.org",
    "\0",
    "\0ines@example.org",
    "' OR '1'='1",
    "ines@example.org' -- ",
    "ines@example.org'; DROP TABLE users; -- ",
    r"\' OR 1=1 -- ",
    "\" OR \"\"=\"",
    "%",
    "_nes@example.org",
    "$1",
    "?",
];

/// Nobody comes in by them, neither with the password of everybody nor without.
pub(crate) async fn are_text(stage: &Stage) {
    for typed in INJECTIONS {
        for password in [Some(PASSWORD), None] {
            let found = stage.ask(typed, password).await.unwrap();
            assert_eq!(found, None, "{typed:?} {password:?}");
        }
    }
    let found = stage.ask(SYNTAX, Some(PASSWORD)).await.unwrap();
    assert_eq!(found.unwrap().name, SYNTAX);
    let found = stage.ask(SYNTAX, Some("wrong")).await.unwrap();
    assert_eq!(found, None);
}
