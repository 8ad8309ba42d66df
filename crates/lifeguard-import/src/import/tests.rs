use std::fs;
use std::path::Path;

use clap::Parser;
use embedded_dynamodb::Tables;
use function_tests::{create, items};
use tempfile::TempDir;
use tokio::task::yield_now;

use super::*;
use crate::Arguments;

/// Enough for several chunks, and not for a whole last one.
const USERS: u64 = 14 * CHUNK as u64 + 13;

/// A folder with users, one of them twice and one without a name, and a table for them.
struct Stage {
    folder: TempDir,
    tables: Tables,
}

impl Stage {
    fn new() -> Self {
        let mut lines: Vec<_> = (1..=USERS)
            .map(|number| format!("{{\"user\": \"user{number}\"}}"))
            .collect();
        lines.insert(250, "{\"user\": \"USER9\"}".to_owned());
        lines.push("{\"user\": \"\"}".to_owned());
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("users.ndjson"), lines.join("\n")).unwrap();
        let tables = Tables::in_memory().unwrap();
        create(&tables, "legacy", &["user"]);
        Self { folder, tables }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A run as the command line would begin it or go on with it.
    fn import(&self, run: &str) -> Import {
        let users = self.path("users.ndjson");
        let line = [
            "lifeguard-import",
            "--table",
            "legacy",
            users.to_str().unwrap(),
        ];
        let sources = Arguments::parse_from(line).sources().unwrap();
        let state = self.path("state");
        let checkpoint = Checkpoint::new(run.to_owned(), "legacy", &sources.files).unwrap();
        let checkpoint = checkpoint.or_as_in(&state).unwrap();
        Import {
            sources,
            destination: Destination::new(self.tables.client(), "legacy", &checkpoint.run),
            rejects: Rejects::to(Some(&self.path("rejects")), checkpoint.rejects_bytes).unwrap(),
            checkpoint,
            state: Some(state),
        }
    }

    /// What the whole of it leaves, however often it was interrupted.
    #[track_caller]
    fn check_whole(&self, import: &Import) {
        assert_eq!(items(&self.tables, "legacy").len() as u64, USERS);
        let expected = "          715  users\n          713   99.7 %  written\n            2  rejected\n            \
             1    0.1 %  another user before it has the same name\n            1    0.1 %  it has no e-mail address, which is to be the user name";
        assert_eq!(import.checkpoint.tally.to_string(), expected);
        let users = self.path("users.ndjson");
        let rejects = format!(
            "{0}:251: record 251: another user before it has the same name\n{0}:715: record 715: it has no e-mail address, which is to be the user name\n",
            users.display()
        );
        assert_eq!(fs::read_to_string(self.path("rejects")).unwrap(), rejects);
        assert!(
            !self.path("state").exists(),
            "nothing is left to go on with"
        );
    }
}

#[tokio::test]
async fn everybody_is_written_and_the_others_are_listed() {
    let stage = Stage::new();
    let mut import = stage.import("run-1");
    let ended = import.run(std::future::pending()).await.unwrap();
    assert_eq!(ended, Ended::All);
    stage.check_whole(&import);

    let mut again = stage.import("run-2");
    again.run(std::future::pending()).await.unwrap();
    stage.check_whole(&again);
}

#[tokio::test]
async fn a_run_that_was_stopped_anywhere_goes_on_from_there() {
    let stage = Stage::new();
    let mut runs = 0;
    let import = loop {
        runs += 1;
        let mut import = stage.import(&format!("run-{runs}"));
        let before = import.checkpoint.done;
        let stop = async {
            for _ in 0..40 {
                yield_now().await;
            }
        };
        match import.run(stop).await.unwrap() {
            Ended::All => break import,
            Ended::Stopped => assert!(stage.path("state").exists()),
        }
        assert!(import.checkpoint.done >= before);
        assert!(runs < 1_000, "each run gets a little further");
    };
    assert_eq!(import.checkpoint.run, "run-1");
    stage.check_whole(&import);
}

#[tokio::test]
async fn a_file_that_breaks_off_is_said_after_what_could_be_read() {
    let stage = Stage::new();
    let users = "[".to_owned() + &"{\"email\": \"ines@example.org\"},".repeat(3) + "{\"email\": ";
    fs::write(stage.path("users.ndjson"), users).unwrap();
    let mut import = stage.import("run-1");
    let error = import.run(std::future::pending()).await.unwrap_err();
    assert!(matches!(error, ImportError::File(_)), "{error}");
    assert_eq!(items(&stage.tables, "legacy").len(), 1);
    assert_eq!(import.checkpoint.done, 3);
    assert!(stage.path("state").exists());
}

#[tokio::test]
async fn what_was_not_written_is_not_done() {
    let stage = Stage::new();
    let mut import = stage.import("run-1");
    import.destination = Destination::new(Tables::in_memory().unwrap().client(), "legacy", "run-1");
    let error = import.run(std::future::pending()).await.unwrap_err();
    assert!(matches!(error, ImportError::Write(_)), "{error}");
    assert_eq!(import.checkpoint.done, 0);

    let mut import = stage.import("run-2");
    import.run(std::future::pending()).await.unwrap();
    stage.check_whole(&import);
}

#[test]
fn nothing_is_read_twice_but_what_is_not_done() {
    let stage = Stage::new();
    let users = stage.path("users.ndjson");
    let sources = stage.import("run-1").sources;
    let mut candidates = sources.candidates(714);
    let last = candidates.next().unwrap().unwrap();
    assert_eq!(
        (last.place.number, &*last.place.file),
        (715, Path::new(&users))
    );
    assert!(candidates.next().is_none());
}
