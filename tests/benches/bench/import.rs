//! The importer's rate and memory.

use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tests::stand_in::{StandIn, binary};

use crate::report::{Bound, Report};
use crate::runtime_api::resident_bytes;

/// Written into the stand-in's table, which shares the processors with the importer.
const WRITTEN: usize = 20_000;

/// Only read and checked.
const CHECKED: usize = 1_000_000;

const MEGABYTE: f64 = 1_048_576.0;

/// bcrypt, as most exports have it.
const HASH: &str = "$2b$04$uUt0ifDom5GT6NSiKBEP0.HsF1SA/Hk4lxD/0U2MDBNIUFK63q5mK";

pub(crate) fn measure(report: &mut Report) {
    let folder =
        std::env::temp_dir().join(format!("lifeguard-import-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    let file = folder.join("users.ndjson");

    let parameter = format!("MigrationSampleHash={HASH}");
    let sources = "MigrationSources=imported-table";
    let stand_in = StandIn::start(&["--parameter", sources, "--parameter", &parameter]);
    write_users(&file, WRITTEN);
    let mut import = Command::new(binary("lifeguard-import"));
    import
        .args(["--table", &stand_in.table("LegacyUsersTable")])
        .arg(&file)
        .env("AWS_ENDPOINT_URL", &stand_in.endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local");
    let (took, most) = run(&mut import);
    let rate = WRITTEN as f64 / took.as_secs_f64();
    report.add(
        "lifeguard-import: into local-cognito",
        rate,
        "users/s",
        Bound::None,
    );
    report.add(
        "lifeguard-import: most resident meanwhile",
        most,
        "MB",
        Bound::AtMost(100.0),
    );

    write_users(&file, CHECKED);
    let mut check = Command::new(binary("lifeguard-import"));
    let (took, most) = run(check.arg("--check").arg(&file));
    let rate = CHECKED as f64 / took.as_secs_f64();
    report.add(
        "lifeguard-import --check: 1,000,000 users",
        rate,
        "users/s",
        Bound::None,
    );
    report.add(
        "lifeguard-import --check: most resident",
        most,
        "MB",
        Bound::AtMost(100.0),
    );
    drop(std::fs::remove_dir_all(folder));
}

fn write_users(file: &Path, users: usize) {
    let mut text = String::new();
    for number in 0..users {
        let attributes =
            format!("\"email\": \"user{number}@example.org\", \"name\": \"User {number}\"");
        writeln!(
            text,
            "{{\"user\": \"user{number}@example.org\", \"hash\": \"{HASH}\", \"attributes\": {{{attributes}}}, \"verified\": [\"email\"]}}"
        )
        .expect("memory takes it");
    }
    std::fs::write(file, text).expect("the temporary folder has room");
}

/// How long the program takes, and the megabytes that it had at most as far as looking now and then tells.
fn run(command: &mut Command) -> (Duration, f64) {
    let started = Instant::now();
    let process = command.stdout(Stdio::null()).spawn();
    let mut process: Child = process.expect("the program starts");
    let mut most = 0.0_f64;
    loop {
        most = most.max(resident_bytes(process.id()) / MEGABYTE);
        if let Some(status) = process.try_wait().expect("the process can be waited for") {
            assert!(status.success(), "everybody is imported");
            return (started.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
