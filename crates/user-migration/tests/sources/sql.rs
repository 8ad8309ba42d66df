//! Databases, which are PostgreSQL and MariaDB.

use embedded_dynamodb::unreachable_client;
use serde_json::{Value, json};
use test_servers::certificates::strangers;
use test_servers::{Server, free_port};

use crate::conformance::{PASSWORD, Stage, conforms, fails};
use crate::databases::{DATABASE_PASSWORD, mariadb, postgres};
use crate::impostors::{impostor, silence};
use crate::injections::are_text;
use crate::{no_pool, outside};

/// Of a password that nobody has.
const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";

/// A database, and how to ask it.
struct Kind {
    scheme: &'static str,
    database: &'static str,
    server: fn() -> &'static Server,
    /// The two ways to write a parameter and a quoted name.
    parameter: &'static str,
    quote: char,
}

const KINDS: [Kind; 2] = [
    Kind {
        scheme: "postgres",
        database: "postgres",
        server: postgres,
        parameter: "$1",
        quote: '"',
    },
    Kind {
        scheme: "mysql",
        database: "app",
        server: mariadb,
        parameter: "?",
        quote: '`',
    },
];

impl Kind {
    fn url(&self, host: &str, port: u16) -> String {
        let Self {
            scheme, database, ..
        } = self;
        format!("{scheme}://reader@{host}:{port}/{database}")
    }

    /// A statement in this database's own way of writing.
    fn statement(&self, text: &str) -> String {
        let text = text.replace("NAME", self.parameter);
        text.replace('`', self.quote.encode_utf8(&mut [0]))
    }

    fn usual(&self) -> String {
        self.statement(
            "SELECT login AS `user`, name, hash, email, verified AS email_verified, visits AS `custom:visits` \
             FROM users WHERE LOWER(login) = NAME",
        )
    }

    /// The database on the loopback, asked by this statement.
    fn asked_by(&self, statement: &str) -> Stage {
        let url = self.url("127.0.0.1", (self.server)().port);
        at(&url, &self.statement(statement), "", secrets())
    }
}

fn at(url: &str, statement: &str, roots: &str, secrets: Value) -> Stage {
    let more = [
        ("SOURCES", "sql"),
        ("SQL_URL", url),
        ("SQL_STATEMENT", statement),
        ("SAMPLE_HASH", SAMPLE),
        ("TRUSTED_ROOTS", roots),
        ("MIGRATION_SECRETS", "/lifeguard/migration"),
    ];
    Stage {
        outside: outside(unreachable_client(), no_pool(), Some(secrets), more),
        legacy_users: None,
    }
}

fn secrets() -> Value {
    json!({"sqlPassword": DATABASE_PASSWORD})
}

/// What the failure of that question says of itself.
async fn failure(stage: &Stage, name: &str) -> String {
    let answer = stage.ask(name, Some(PASSWORD)).await;
    entrypoint::with_causes(&*answer.unwrap_err()).to_string()
}

#[tokio::test]
async fn it_conforms() {
    for kind in KINDS {
        conforms(&kind.asked_by(&kind.usual())).await;
    }
}

#[tokio::test]
async fn names_are_text() {
    for kind in KINDS {
        are_text(&kind.asked_by(&kind.usual())).await;
    }
}

#[tokio::test]
async fn a_name_that_two_have_is_nobodys() {
    for kind in KINDS {
        let stage = kind.asked_by(&kind.usual());
        for password in [Some(PASSWORD), None] {
            let found = stage.ask("twin", password).await.unwrap();
            assert_eq!(found, None, "{}", kind.scheme);
        }
    }
}

#[tokio::test]
async fn tls_is_used_where_the_database_is_elsewhere() {
    for kind in KINDS {
        let server = (kind.server)();
        let url = kind.url("localhost", server.port);
        let stage = at(&url, &kind.usual(), &server.roots(), secrets());
        conforms(&stage).await;

        let strangers = strangers();
        let stage = at(&url, &kind.usual(), &strangers.show("ca.pem"), secrets());
        let said = failure(&stage, "ines").await;
        assert!(
            said.contains("invalid peer certificate"),
            "{}: {said}",
            kind.scheme
        );
    }
}

/// PostgreSQL's word for a server without TLS, and the greeting of a MySQL server that has none.
#[tokio::test]
async fn a_password_goes_to_no_database_without_tls() {
    const GREETING: &[u8] = b"\x49\0\0\0\x0a8.0.0\0\x01\0\0\0abcdefgh\0\x00\xa2\x2d\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0abcdefghijkl\0mysql_native_password\0";
    for (kind, greeting, answer) in [
        (&KINDS[0], &b""[..], &b"N"[..]),
        (&KINDS[1], GREETING, &b""[..]),
    ] {
        let (port, heard) = impostor(greeting, answer);
        let url = kind.url("localhost", port);
        let stage = at(&url, &kind.usual(), "", secrets());
        let said = failure(&stage, "ines").await;
        assert!(said.contains("TLS"), "{}: {said}", kind.scheme);
        assert_eq!(heard.join().unwrap(), b"", "{}", kind.scheme);
    }
}

#[tokio::test]
async fn a_statement_cannot_write() {
    for kind in KINDS {
        let writing = match kind.scheme {
            "postgres" => {
                "WITH gone AS (DELETE FROM users WHERE login = NAME RETURNING login) SELECT login AS `user` FROM gone"
            }
            _ => "DELETE FROM users WHERE login = NAME RETURNING login AS `user`",
        };
        let said = failure(&kind.asked_by(writing), "bare").await;
        // read_only_sql_transaction, to both.
        let expected = "the database answers with error 25006";
        assert_eq!(said, expected, "{}", kind.scheme);
        let stage = kind.asked_by(&kind.usual());
        let found = stage.ask("bare", None).await.unwrap();
        assert!(found.is_some(), "{}: still there", kind.scheme);
    }
}

#[tokio::test]
async fn who_has_no_hash_or_a_spoilt_one_has_no_password() {
    for kind in KINDS {
        let stage = kind.asked_by(&kind.usual());
        for name in ["bare", "spoilt"] {
            for password in [PASSWORD, "no hash at all", ""] {
                let found = stage.ask(name, Some(password)).await.unwrap();
                assert_eq!(found, None, "{} {name} {password:?}", kind.scheme);
            }
            let found = stage.ask(name, None).await.unwrap();
            assert!(found.is_some(), "{} {name}", kind.scheme);
        }
    }
}

/// What else a column can hold is text, bytes or a number.
#[tokio::test]
async fn columns_are_text() {
    for kind in KINDS {
        let (bytes, yes) = match kind.scheme {
            "postgres" => ("'gold'::varchar", "true"),
            _ => ("CAST('gold' AS BINARY)", "1"),
        };
        let statement = format!(
            "SELECT login AS `user`, {bytes} AS plan, 12 AS number, NULL AS nothing, login = 'Ines@Example.org' AS yes \
             FROM users WHERE LOWER(login) = NAME"
        );
        let stage = kind.asked_by(&statement);
        let found = stage.ask("ines@example.org", None).await.unwrap();
        let attributes = found.unwrap().attributes;
        let expected = [("number", "12"), ("plan", "gold"), ("yes", yes)];
        let seen: Vec<_> = attributes
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        assert_eq!(seen, expected, "{}", kind.scheme);

        let statement =
            "SELECT login AS `user`, CURRENT_TIMESTAMP AS since FROM users WHERE login = NAME";
        let said = failure(&kind.asked_by(statement), "bare").await;
        assert!(
            said.contains("which is no text; cast it"),
            "{}: {said}",
            kind.scheme
        );
    }
}

#[tokio::test]
async fn a_database_that_is_out_of_order_is_not_a_wrong_password() {
    for kind in KINDS {
        let here = kind.url("127.0.0.1", (kind.server)().port);
        let down = kind.url("127.0.0.1", free_port());
        let another = json!({"sqlPassword": "another"});
        for (url, secrets, expected) in [
            (&down, secrets(), "failed to reach the database: "),
            (&here, another, "the database answers with error 28"),
            (&here, json!({}), "the secrets have no sqlPassword"),
        ] {
            let stage = at(url, &kind.usual(), "", secrets);
            fails(&stage).await;
            let said = failure(&stage, "ines@example.org").await;
            assert!(said.starts_with(expected), "{}: {said}", kind.scheme);
        }
        let stage = kind.asked_by("SELECT login FROM users WHERE login = NAME");
        let said = failure(&stage, "bare").await;
        assert_eq!(said, "the statement returns no column `user`");
    }
}

#[tokio::test]
async fn a_silent_database_is_left() {
    for kind in KINDS {
        let (port, _listener) = silence();
        let url = kind.url("127.0.0.1", port);
        let stage = at(&url, &kind.usual(), "", secrets());
        let said = failure(&stage, "ines").await;
        assert_eq!(said, "the database did not answer within 2 s");
    }
}

/// The error of a database can quote what it was asked.
#[tokio::test]
async fn no_failure_quotes_a_name() {
    let statement = "SELECT login AS `user` FROM users WHERE visits = CAST(NAME AS INTEGER)";
    let said = failure(&KINDS[0].asked_by(statement), "ines").await;
    assert_eq!(said, "the database answers with error 22P02");
}

#[tokio::test]
async fn a_slow_statement_is_left() {
    for (kind, sleep) in KINDS.into_iter().zip(["PG_SLEEP(5)::TEXT", "SLEEP(5)"]) {
        let statement =
            format!("SELECT {sleep} AS slept, login AS `user` FROM users WHERE login = NAME");
        let said = failure(&kind.asked_by(&statement), "bare").await;
        let is_left = [
            "the database did not answer within 2 s",
            "the database answers with error 57014",
        ];
        assert!(is_left.contains(&&*said), "{}: {said}", kind.scheme);
    }
}
