//! Users of an older system, from its export to their first sign-in: the importer's real program, and the function that it works for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tempfile::TempDir;
use tests::stand_in::{StandIn, binary};

use crate::idp::{admin, sign_in};
use crate::tables::{self, Row, text, texts};

const EMAIL: &str = "ines.falk@example.org";

/// The password of the samples' users, and another one's hash, for whoever does not exist.
const PASSWORD: &str = "sesame street 42";
const SAMPLE_HASH: &str =
    "MigrationSampleHash=$2b$04$uUt0ifDom5GT6NSiKBEP0.ZoJtX0L2SfNXtahHfk787prcdA27Ub2";

fn stand_in() -> StandIn {
    StandIn::start(&[
        "--parameter",
        "PasswordSignIn=true",
        "--parameter",
        "MigrationSources=imported-table",
        "--parameter",
        SAMPLE_HASH,
    ])
}

fn sample(name: &str) -> PathBuf {
    let samples = "../crates/lifeguard-import/tests/samples";
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(samples)
        .join(name)
}

/// The importer for the stand-in's table, as an operator would start it.
fn importer(stand_in: &StandIn) -> Command {
    let mut command = Command::new(binary("lifeguard-import"));
    command
        .env_clear()
        .env("AWS_ENDPOINT_URL", &stand_in.endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .args(["--table", &stand_in.table("LegacyUsersTable")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn check(output: &Output, status: i32, line: &str) {
    let text = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{text}{wrong}");
    assert!(
        text.lines().any(|found| found.trim() == line),
        "{line} in {text}"
    );
}

async fn rows(stand_in: &StandIn) -> Vec<Row> {
    tables::rows(stand_in, "LegacyUsersTable", "user").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_imported_and_its_users_sign_in_with_their_old_passwords() {
    let stand_in = stand_in();
    let file = sample("auth0.json");
    let import = || {
        let choices = ["--cohort", "shop", "--verified", "email"];
        let import = importer(&stand_in).args(choices).arg(&file).output();
        import.unwrap()
    };
    check(&import(), 2, "2   40.0 %  written");
    let ines = &rows(&stand_in).await[0];
    assert_eq!(ines["user"], text(EMAIL));
    assert_eq!(ines["verified"], texts(&["email"]));
    assert_eq!(ines["cohort"], text("shop"));

    let web = &stand_in.web_client;
    sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap();
    // A hash that names its own algorithm, as Auth0 has it.
    sign_in(&stand_in, web, "jan.roth@example.com", PASSWORD).unwrap();
    let moved = rows(&stand_in).await;

    // Whoever has moved is let alone, and comes back neither so nor when the row is gone.
    let left = "2   40.0 %  left as they are, since they have moved or must not";
    check(&import(), 2, left);
    assert_eq!(rows(&stand_in).await, moved);
    let delete = stand_in.dynamodb().delete_item();
    let delete = delete.table_name(stand_in.table("LegacyUsersTable"));
    delete.key("user", text(EMAIL)).send().await.unwrap();
    check(&import(), 2, left);
    assert_eq!(rows(&stand_in).await.len(), moved.len() - 1);
    admin(&stand_in, "AdminDeleteUser", EMAIL, json!({})).unwrap();
    sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap_err();

    let report = importer(&stand_in).arg("--report").output().unwrap();
    let shop = "shop                                0            1            0   100 %";
    check(&report, 0, shop);
    check(&report, 0, "and 1 who have moved and whose rows are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_leaves_the_same() {
    let stand_in = stand_in();
    let mut before = Vec::new();
    for _ in 0..2 {
        let import = importer(&stand_in).arg(sample("keycloak.json")).output();
        check(&import.unwrap(), 2, "2   40.0 %  written");
        let mut rows = rows(&stand_in).await;
        rows.iter_mut().for_each(|row| drop(row.remove("import")));
        assert!(before.is_empty() || before == rows);
        before = rows;
    }
    let roles = AttributeValue::L(vec![text("editor")]);
    assert_eq!(before[0]["membership"].as_m().unwrap()["roles"], roles);
}

/// A run with a state, over more users than it writes at once.
struct Resumable {
    folder: TempDir,
    users: usize,
}

impl Resumable {
    fn new(users: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines =
            (0..users).map(|number| format!("{{\"user\": \"user{number}@example.org\"}}\n"));
        fs::write(folder.path().join("users.ndjson"), String::from_iter(lines)).unwrap();
        Self { folder, users }
    }

    fn start(&self, stand_in: &StandIn) -> Child {
        let path = |name| self.folder.path().join(name);
        let mut import = importer(stand_in);
        import.arg("--resume").arg(path("state"));
        import.arg(path("users.ndjson")).spawn().unwrap()
    }

    fn state(&self) -> Option<String> {
        fs::read_to_string(self.folder.path().join("state")).ok()
    }

    /// Waits until more is done than before, and not yet all.
    fn wait_for_more(&self, before: Option<&str>) -> String {
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            assert!(Instant::now() < give_up, "the importer keeps its state");
            std::thread::sleep(Duration::from_millis(5));
            if let Some(state) = self.state()
                && Some(&*state) != before
            {
                return state;
            }
        }
    }

    async fn check_rest(&self, stand_in: &StandIn) {
        let rest = self.start(stand_in).wait_with_output().unwrap();
        check(
            &rest,
            0,
            &format!("{}  100.0 %  written", with_comma(self.users)),
        );
        assert_eq!(self.state(), None, "there is nothing left to go on with");
        let count = stand_in
            .dynamodb()
            .scan()
            .table_name(stand_in.table("LegacyUsersTable"));
        let count = count.select(aws_sdk_dynamodb::types::Select::Count);
        let pages = count.into_paginator().send().try_collect().await.unwrap();
        let counted: i32 = pages.iter().map(|page| page.count).sum();
        assert_eq!(counted, i32::try_from(self.users).unwrap());
    }
}

fn with_comma(number: usize) -> String {
    format!("{},{:03}", number / 1_000, number % 1_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_stopped_or_killed_goes_on_from_where_it_was() {
    let stand_in = stand_in();
    let run = Resumable::new(4_000);
    let mut killed = run.start(&stand_in);
    let first = run.wait_for_more(None);
    killed.kill().unwrap();
    killed.wait().unwrap();

    let stopped = run.start(&stand_in);
    run.wait_for_more(Some(&first));
    // As by Ctrl-C.
    let mut interrupt = Command::new("kill");
    let interrupt = interrupt.args(["-INT", &stopped.id().to_string()]);
    assert!(interrupt.status().unwrap().success());
    let stopped = stopped.wait_with_output().unwrap();
    assert_eq!(stopped.status.code(), Some(1));
    let said = String::from_utf8_lossy(&stopped.stderr);
    assert!(said.starts_with("stopped before the end"), "{said}");
    run.check_rest(&stand_in).await;
}
