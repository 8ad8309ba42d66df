//! `docs/TRIGGERS.md`: every trigger source, and the flow that fires it. `UPDATE_DOCS=1` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::flows::{ALL, Flow};

/// The triggers by their key in `LambdaConfig`, with the beginning of their sources, and the sources.
/// Source: Developer Guide, "Customizing user pool workflows with Lambda triggers".
const TRIGGERS: [(&str, &str, &[&str]); 13] = [
    (
        "PreSignUp",
        "PreSignUp_",
        &["SignUp", "AdminCreateUser", "ExternalProvider"],
    ),
    (
        "PostConfirmation",
        "PostConfirmation_",
        &["ConfirmSignUp", "ConfirmForgotPassword"],
    ),
    (
        "PreAuthentication",
        "PreAuthentication_",
        &["Authentication"],
    ),
    (
        "PostAuthentication",
        "PostAuthentication_",
        &["Authentication"],
    ),
    (
        "PreTokenGenerationConfig",
        "TokenGeneration_",
        &[
            "HostedAuth",
            "Authentication",
            "NewPasswordChallenge",
            "AuthenticateDevice",
            "RefreshTokens",
            "ClientCredentials",
        ],
    ),
    (
        "CustomMessage",
        "CustomMessage_",
        &[
            "SignUp",
            "AdminCreateUser",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
            "Authentication",
        ],
    ),
    (
        "UserMigration",
        "UserMigration_",
        &["Authentication", "ForgotPassword"],
    ),
    (
        "DefineAuthChallenge",
        "DefineAuthChallenge_",
        &["Authentication"],
    ),
    (
        "CreateAuthChallenge",
        "CreateAuthChallenge_",
        &["Authentication"],
    ),
    (
        "VerifyAuthChallengeResponse",
        "VerifyAuthChallengeResponse_",
        &["Authentication"],
    ),
    (
        "CustomEmailSender",
        "CustomEmailSender_",
        &[
            "SignUp",
            "AdminCreateUser",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
            "Authentication",
            "AccountTakeOverNotification",
        ],
    ),
    (
        "CustomSMSSender",
        "CustomSMSSender_",
        &[
            "SignUp",
            "AdminCreateUser",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
            "Authentication",
        ],
    ),
    (
        "InboundFederation",
        "InboundFederation_",
        &["ExternalProvider"],
    ),
];

/// Sources, by their beginning, that the stand-in does not fire yet, with what will.
const TO_COME: [(&str, &str); 4] = [
    (
        "PreSignUp_ExternalProvider",
        "first sign-in through an identity provider",
    ),
    (
        "TokenGeneration_HostedAuth",
        "managed login, and sign-in through an identity provider",
    ),
    (
        "CustomEmailSender_AccountTakeOverNotification",
        "threat protection",
    ),
    (
        "InboundFederation_",
        "every sign-in through an identity provider",
    ),
];

/// Sources, by their beginning, that stand for what the flows of a custom message send; the journeys of `custom_senders` play them.
const SENDERS: [(&str, &str); 2] = [
    ("CustomEmailSender_", "e-mail"),
    ("CustomSMSSender_", "SMS"),
];

const HEAD: &str = "# Triggers

Every trigger of a user pool, every source that it is fired with, and the flows that fire it. Made from the journeys, which check the exact order and the shape of
each event against its file in [`events`](../events): `UPDATE_DOCS=1 cargo test --test journeys triggers_document` writes this page anew.

\"To come\" marks what `local-cognito` does not play yet; until then the function is tested with the event files of that source.
";

#[test]
fn the_document_says_which_flow_fires_each_trigger_source() {
    let path = root().join("docs/TRIGGERS.md");
    let made = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == made,
        "docs/TRIGGERS.md is not what the journeys make it; UPDATE_DOCS=1 writes it anew"
    );
}

#[test]
fn every_trigger_source_of_the_event_files_is_in_the_document() {
    let sources: BTreeSet<String> = sources().collect();
    assert_eq!(sources.len(), 41);
    let mut recorded = BTreeSet::new();
    for folder in fs::read_dir(root().join("events")).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() {
            for file in fs::read_dir(folder).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                recorded.insert(name.split('.').next().unwrap().to_owned());
            }
        }
    }
    // Functions that are no triggers have events of another kind, named by what they ask.
    recorded.retain(|source| source.contains('_'));
    assert_eq!(sources, recorded);
}

#[test]
fn every_flow_is_played_by_a_journey() {
    let own: [&str; 2] = ["flows.rs", "triggers_document.rs"];
    let mut journeys = String::new();
    for file in fs::read_dir(root().join("tests/journeys")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".rs") && !own.contains(&name.as_str()) {
            journeys.push_str(&fs::read_to_string(file).unwrap());
        }
    }
    let mut constants = Vec::new();
    for (module, file) in [
        ("flows", "flows.rs"),
        ("flows::custom_auth", "flows/custom_auth.rs"),
        ("flows::user_migration", "flows/user_migration.rs"),
    ] {
        let flows = fs::read_to_string(root().join("tests/journeys").join(file)).unwrap();
        let names = flows
            .lines()
            .filter_map(|line| line.strip_prefix("pub(crate) const ")?.split_once(": Flow"));
        constants.extend(names.map(|(name, _)| format!("{module}::{name}")));
    }
    assert_eq!(constants.len(), ALL.len());
    for constant in constants {
        let played = journeys.contains(&format!("{constant}.was_fired("))
            || journeys.contains(&format!("{constant}\n            .was_fired("));
        assert!(played, "no journey checks {constant}");
    }
    let known: BTreeSet<String> = sources().collect();
    for flow in ALL {
        for source in flow.fires {
            assert!(known.contains(*source), "{}: {source}", flow.name);
        }
    }
}

fn document() -> String {
    let mut page = HEAD.to_owned();
    page.push_str(
        "\n## By trigger\n\n| Trigger | Trigger source | Fired by |\n| --- | --- | --- |\n",
    );
    for (trigger, prefix, sources) in TRIGGERS {
        for source in sources {
            let source = format!("{prefix}{source}");
            let by = fired_by(&source);
            let _ = writeln!(page, "| `{trigger}` | `{source}` | {by} |");
        }
    }
    page.push_str("\n## By flow\n\n| Flow | Fires, in this order |\n| --- | --- |\n");
    for flow in ALL {
        let fires: Vec<String> = flow
            .fires
            .iter()
            .map(|source| format!("`{source}`"))
            .collect();
        let fires = if fires.is_empty() {
            "nothing".to_owned()
        } else {
            fires.join(", ")
        };
        let _ = writeln!(page, "| {} | {fires} |", flow.name);
    }
    page
}

/// The flows that fire the source, or that are to.
#[track_caller]
fn fired_by(source: &str) -> String {
    let fires = |flow: &&&Flow| flow.fires.contains(&source);
    let flows: Vec<&str> = ALL.iter().filter(fires).map(|flow| flow.name).collect();
    let to_come = TO_COME.iter().find(|(start, _)| source.starts_with(start));
    let sends = SENDERS
        .iter()
        .find_map(|(start, what)| Some((source.strip_prefix(start)?, what)));
    match (flows.as_slice(), to_come) {
        ([], Some((_, what))) => format!("to come: {what}"),
        ([], None) if let Some((of, what)) = sends => {
            format!("the {what} of each flow with `CustomMessage_{of}`, in a pool with a sender")
        }
        ([_, ..], None) => flows.join("; "),
        ([], None) => panic!("no journey fires {source}"),
        (_, Some(_)) => panic!("a journey fires {source}, which is said to come"),
    }
}

fn sources() -> impl Iterator<Item = String> {
    TRIGGERS
        .into_iter()
        .flat_map(|(_, prefix, sources)| sources.iter().map(move |s| format!("{prefix}{s}")))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
