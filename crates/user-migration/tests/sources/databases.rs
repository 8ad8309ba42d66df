//! The databases, and who is in them.

use std::sync::OnceLock;

use test_servers::Server;

use crate::injections::SYNTAX;

pub(crate) const DATABASE_PASSWORD: &str = "of-the-reader";

/// Of the password that all users have.
const HASH: &str = "pbkdf2_sha256$1000$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk=";

/// The one of this process.
pub(crate) fn postgres() -> &'static Server {
    static POSTGRES: OnceLock<Server> = OnceLock::new();
    POSTGRES.get_or_init(|| test_servers::postgres::start(DATABASE_PASSWORD, &users("BOOLEAN")))
}

/// The one of this process.
pub(crate) fn mariadb() -> &'static Server {
    static MARIADB: OnceLock<Server> = OnceLock::new();
    MARIADB.get_or_init(|| test_servers::mariadb::start(DATABASE_PASSWORD, &users("TINYINT(1)")))
}

/// The statements that fill a database, a line each.
fn users(boolean: &str) -> Vec<String> {
    let table = "CREATE TABLE users (login VARCHAR(80), name VARCHAR(80), hash VARCHAR(200), email VARCHAR(80), ";
    let mut statements = vec![format!("{table} verified {boolean}, visits INTEGER);")];
    for (login, hash) in [
        ("Ines@Example.org", HASH),
        (SYNTAX, HASH),
        ("twin", HASH),
        ("Twin", HASH),
        ("spoilt", "no hash at all"),
    ] {
        // Doubled, a quote is one for both; a backslash is so for MariaDB alone.
        let mut login = login.replace('\'', "''");
        if boolean != "BOOLEAN" {
            login = login.replace('\\', r"\\");
        }
        statements.push(format!(
            "INSERT INTO users VALUES ('{login}', 'Ines', '{hash}', 'ines@example.org', TRUE, 7);"
        ));
    }
    statements.push("INSERT INTO users VALUES ('bare', NULL, NULL, NULL, NULL, NULL);".to_owned());
    statements
}
