//! PostgreSQL, with TLS for whoever wants it: the database `postgres`, whose owner is `reader`.

use std::path::PathBuf;
use std::process::Command;

use crate::certificates;
use crate::server::{Folder, Server, free_port, program, run};

/// One that has run these statements, each of which is a line, with this password of `reader`.
pub fn start(password: &str, statements: &[String]) -> Server {
    let [initdb, postgres] =
        ["initdb", "postgres"].map(|name| program(&places(name), "postgresql"));
    let folder = Folder::new();
    certificates::write(&folder);
    let data = folder.show("data");
    let password = folder.write("password", password);
    let password = format!("--pwfile={password}");
    run(folder.command(initdb).arg(&data).args([
        "--username=reader",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
        &password,
    ]));
    // As the server reads them from a terminal.
    let statements = folder.write("statements.sql", &(statements.join("\n") + "\n"));
    run(folder
        .command("/bin/sh")
        .args(["-c", r#""$1" --single -D "$2" postgres < "$3""#, "sh"])
        .args([&postgres, &data.clone().into(), &statements.into()]));
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
