use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use entrypoint::Env;

use super::sources::parsed;

/// A database, and the statement that finds a user in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Database {
    pub(crate) server: Server,
    /// With one parameter, the name.
    pub(crate) statement: String,
    pub(crate) roots: Option<PathBuf>,
}

/// Where the database is, and as whom to ask it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) user: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
}

/// What the function is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    #[cfg(feature = "postgres")]
    Postgres,
    #[cfg(feature = "mysql")]
    MySql,
}

impl Database {
    pub(super) fn from_env(env: &mut Env) -> Option<Self> {
        let expected = "<kind>://<user>@<host>/<database>";
        let server: Option<Server> = parsed(env, "SQL_URL", expected);
        let statement = env.required("SQL_STATEMENT", "a statement that finds a user");
        let server = server?;
        let parameter = server.kind.parameter();
        if !statement.is_empty() && !statement.contains(parameter) {
            env.problem(
                "SQL_STATEMENT",
                format_args!("expected the parameter {parameter} in it"),
            );
        }
        Some(Self {
            server,
            statement,
            roots: env.optional("TRUSTED_ROOTS"),
        })
    }
}

impl Server {
    /// Whether nobody else can listen on the way.
    pub(crate) fn is_on_loopback(&self) -> bool {
        let address: Option<IpAddr> = self.host.parse().ok();
        address.is_some_and(|address| address.is_loopback())
    }
}

impl Kind {
    fn named(scheme: &str) -> Option<Self> {
        match scheme {
            #[cfg(feature = "postgres")]
            "postgres" => Some(Self::Postgres),
            #[cfg(feature = "mysql")]
            "mysql" => Some(Self::MySql),
            _ => None,
        }
    }

    fn usual_port(self) -> u16 {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => 5432,
            #[cfg(feature = "mysql")]
            Self::MySql => 3306,
        }
    }

    /// How a statement names its parameter.
    fn parameter(self) -> &'static str {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => "$1",
            #[cfg(feature = "mysql")]
            Self::MySql => "?",
        }
    }
}

impl FromStr for Server {
    type Err = NotAServer;

    /// Nothing is taken but scheme, user, host, port and database.
    fn from_str(url: &str) -> Result<Self, NotAServer> {
        let (scheme, rest) = url.split_once("://").ok_or(NotAServer::Malformed)?;
        let kind = Kind::named(scheme).ok_or(NotAServer::Unknown)?;
        let (user, rest) = rest.rsplit_once('@').ok_or(NotAServer::Malformed)?;
        if user.contains(':') {
            return Err(NotAServer::WithPassword);
        }
        let (authority, database) = rest.split_once('/').ok_or(NotAServer::Malformed)?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| NotAServer::Malformed)?),
            None => (authority, kind.usual_port()),
        };
        let is_plain = |text: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            !text.is_empty() && text.bytes().all(is_plain)
        };
        if ![user, host, database].into_iter().all(is_plain) {
            return Err(NotAServer::Malformed);
        }
        Ok(Self {
            kind,
            user: user.to_owned(),
            host: host.to_owned(),
            port,
            database: database.to_owned(),
        })
    }
}

/// Why a text is no database's address. It may hold a password, so nothing of it is said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotAServer {
    Malformed,
    Unknown,
    WithPassword,
}

impl fmt::Display for NotAServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "expected <kind>://<user>@<host>/<database>",
            Self::Unknown => "the function is not built with that kind of database",
            Self::WithPassword => "the password belongs to the secrets, as sqlPassword",
        })
    }
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Result<(Kind, &str, u16), NotAServer>) {
        let server: Result<Server, _> = url.parse();
        let seen = server
            .as_ref()
            .map(|server| (server.kind, &*server.host, server.port));
        assert_eq!(seen, expected.as_ref().copied(), "{url}");
    }

    #[test]
    fn a_server_has_a_user_and_a_database_and_no_password() {
        let url = "postgres://reader@db.example.org/users";
        check(url, Ok((Kind::Postgres, "db.example.org", 5432)));
        let url = "mysql://read_er@127.0.0.1:3307/users";
        check(url, Ok((Kind::MySql, "127.0.0.1", 3307)));
        let url = "mysql://reader:secret@db.example.org/users";
        check(url, Err(NotAServer::WithPassword));
        check("oracle://a@b/c", Err(NotAServer::Unknown));
        for url in [
            "postgres://db.example.org/users",
            "postgres://@db.example.org/users",
            "postgres://reader@/users",
            "postgres://reader@db.example.org",
            "postgres://reader@db.example.org/",
            "postgres://reader@db.example.org:x/users",
            "postgres://reader@db.example.org/users?sslmode=disable",
            "postgres://reader@db.example.org/users/more",
            "db.example.org",
            "",
        ] {
            check(url, Err(NotAServer::Malformed));
        }
    }

    #[test]
    fn only_an_address_is_on_the_loopback() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("127.1.2.3", true),
            ("localhost", false),
            ("127.0.0.1.example.org", false),
            ("10.0.0.1", false),
        ] {
            let server: Server = format!("mysql://a@{host}/c").parse().unwrap();
            assert_eq!(server.is_on_loopback(), expected, "{host}");
        }
    }

    #[test]
    fn a_statement_has_the_parameter_of_its_kind() {
        for (url, statement, expected) in [
            ("postgres://a@b/c", "SELECT 1 WHERE a = $1", true),
            ("postgres://a@b/c", "SELECT 1 WHERE a = ?", false),
            ("mysql://a@b/c", "SELECT 1 WHERE a = ?", true),
            ("mysql://a@b/c", "SELECT 1 WHERE a = $1", false),
            ("mysql://a@b/c", "SELECT 1", false),
        ] {
            let pairs = [("SQL_URL", url), ("SQL_STATEMENT", statement)];
            let mut env = Env::of_pairs(pairs);
            let database = Database::from_env(&mut env);
            assert_eq!(env.check(database).is_ok(), expected, "{url} {statement}");
        }
    }
}
