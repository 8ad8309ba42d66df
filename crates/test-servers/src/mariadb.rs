//! MariaDB, with TLS for whoever wants it: the database `app`, in which `reader` may do everything.

use std::process::Command;

use crate::certificates;
use crate::server::{Folder, Server, free_port, program, run};

/// One that has run these statements, with this password of `reader`.
pub fn start(password: &str, statements: &[String]) -> Server {
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
    let mut all = vec![
        "CREATE DATABASE app;".to_owned(),
        "USE app;".to_owned(),
        format!("CREATE USER reader IDENTIFIED BY '{password}';"),
        "GRANT ALL ON app.* TO reader;".to_owned(),
    ];
    all.extend_from_slice(statements);
    let statements = folder.write("statements.sql", &all.join("\n"));
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
