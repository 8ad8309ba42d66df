//! PostgreSQL, with TLS for whoever wants it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use super::certificates;
use super::server::{Folder, Server, free_port, program, run};
use crate::sql::{DATABASE_PASSWORD, users};

/// The one of this process.
pub(crate) fn postgres() -> &'static Server {
    static POSTGRES: OnceLock<Server> = OnceLock::new();
    POSTGRES.get_or_init(start)
}

fn start() -> Server {
    let [initdb, postgres] =
        ["initdb", "postgres"].map(|name| program(&places(name), "postgresql"));
    let folder = Folder::new();
    certificates::write(&folder);
    let data = folder.show("data");
    let password = folder.write("password", DATABASE_PASSWORD);
    let password = format!("--pwfile={password}");
    run(folder.command(initdb).arg(&data).args([
        "--username=reader",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
        &password,
    ]));
    let users = folder.write("users.sql", &one_a_line(&users("BOOLEAN")));
    run(folder
        .command("/bin/sh")
        .args(["-c", r#""$1" --single -D "$2" postgres < "$3""#, "sh"])
        .args([&postgres, &data.clone().into(), &users.into()]));
    let port = free_port();
    let mut program = Command::new(postgres);
    program.arg("-D").arg(&data).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "fsync=off",
        "ssl=on",
        &format!("unix_socket_directories={}", folder.show("")),
        &format!("ssl_cert_file={}", folder.show("server.pem")),
        &format!("ssl_key_file={}", folder.show("server.key")),
    ] {
        program.args(["-c", setting]);
    }
    Server::start(folder, port, &mut program, "ready to accept connections")
}

/// Debian has its programs in a folder for each version.
fn places(name: &str) -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let versions = versions.map(|version| version.unwrap().path());
    versions
        .map(|version| version.join("bin").join(name))
        .collect()
}

/// As the server reads them from a terminal.
fn one_a_line(statements: &[String]) -> String {
    statements.join("\n") + "\n"
}
