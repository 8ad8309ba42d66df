//! MariaDB, with TLS for whoever wants it.

use std::process::Command;
use std::sync::OnceLock;

use super::certificates;
use super::server::{Folder, Server, free_port, program, run};
use crate::sql::{DATABASE_PASSWORD, users};

/// The one of this process.
pub(crate) fn mariadb() -> &'static Server {
    static MARIADB: OnceLock<Server> = OnceLock::new();
    MARIADB.get_or_init(start)
}

fn start() -> Server {
    let package = "mariadb-server-core";
    let install = program(&["/usr/bin/mariadb-install-db".into()], package);
    let mariadbd = program(&["/usr/sbin/mariadbd".into()], package);
    let folder = Folder::new();
    certificates::write(&folder);
    let data = format!("--datadir={}", folder.show("data"));
    run(folder.command(install).args([
        "--no-defaults",
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
        &data,
    ]));
    let mut statements = vec![
        "CREATE DATABASE app;".to_owned(),
        "USE app;".to_owned(),
        format!("CREATE USER reader IDENTIFIED BY '{DATABASE_PASSWORD}';"),
        "GRANT ALL ON app.* TO reader;".to_owned(),
    ];
    statements.extend(users("TINYINT(1)"));
    let statements = folder.write("users.sql", &statements.join("\n"));
    let port = free_port();
    let mut program = Command::new(mariadbd);
    program.args(["--no-defaults", "--bind-address=127.0.0.1", &data]);
    program.args([
        format!("--port={port}"),
        format!("--socket={}", folder.show("socket")),
        format!("--init-file={statements}"),
        format!("--ssl-ca={}", folder.show("ca.pem")),
        format!("--ssl-cert={}", folder.show("server.pem")),
        format!("--ssl-key={}", folder.show("server.key")),
    ]);
    Server::start(folder, port, &mut program, "ready for connections")
}
