//! The importer's rate and memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tests::stand_in::{StandIn, binary};

use crate::report::{Bound, Report};
use crate::runtime_api::resident_bytes;

/// Written into the stand-in's table, which shares the processors with the importer, unless [`USERS`] says how many.
const WRITTEN: usize = 1_000_000;

/// The variable that says how many are written.
const USERS: &str = "BENCH_IMPORTED_USERS";

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
    let written = written();
    write_users(&file, written);
    let mut import = Command::new(binary("lifeguard-import"));
    import
        .args(["--table", &stand_in.table("LegacyUsersTable")])
        .arg(&file)
        .env("AWS_ENDPOINT_URL", &stand_in.endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local");
    let (took, most) = run(&mut import);
    let rate = written as f64 / took.as_secs_f64();
    report.add(
        &format!("lifeguard-import: {written} users into local-cognito"),
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

fn written() -> usize {
    let users = std::env::var(USERS);
    users.map_or(WRITTEN, |users| users.parse().expect("a number of users"))
}

fn write_users(file: &Path, users: usize) {
    let file = File::create(file).expect("the temporary folder can be written to");
    let mut file = BufWriter::new(file);
    for number in 0..users {
        let attributes =
            format!("\"email\": \"user{number}@example.org\", \"name\": \"User {number}\"");
        writeln!(
            file,
            "{{\"user\": \"user{number}@example.org\", \"hash\": \"{HASH}\", \"attributes\": {{{attributes}}}, \"verified\": [\"email\"]}}"
        )
        .expect("the temporary folder has room");
    }
    file.flush().expect("the temporary folder has room");
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
