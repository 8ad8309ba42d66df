//! An authority and the certificate of `localhost` that it has signed, made by OpenSSL.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::server::{Folder, program, run};

/// Writes `ca.pem`, `server.pem` and `server.key`.
pub(crate) fn write(folder: &Folder) {
    let openssl = program(&["/usr/bin/openssl".into()], "openssl");
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1";
    let [ca, ca_key, server, key] =
        ["ca.pem", "ca.key", "server.pem", "server.key"].map(|name| folder.show(name));
    run(folder.command(&openssl).args(new.split(' ')).args([
        "-subj",
        "/CN=Lifeguard tests",
        "-keyout",
        &ca_key,
        "-out",
        &ca,
    ]));
    run(folder.command(&openssl).args(new.split(' ')).args([
        "-subj",
        "/CN=localhost",
        "-CA",
        &ca,
        "-CAkey",
        &ca_key,
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-keyout",
        &key,
        "-out",
        &server,
    ]));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Another authority, as `ca.pem`, and what it has signed.
pub fn strangers() -> Folder {
    let folder = Folder::new();
    write(&folder);
    folder
}
