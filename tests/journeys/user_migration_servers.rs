//! Users of a directory and of databases, which are OpenLDAP, PostgreSQL and MariaDB themselves. The function has to be built with them:
//! `make test-servers`.

use std::sync::OnceLock;

use serde_json::{Value, json};
use test_servers::slapd::{self, BASE_DN, Directory, SAMPLE_DN, SERVICE_DN, SERVICE_PASSWORD};
use test_servers::{Server, free_port, mariadb, postgres};
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{PASSWORD, Refused, admin, refused, sign_in, tokens};
use crate::parameters;
use crate::recovery::{confirm, forgot};
use crate::user_migration_imported::{HASH, OLD_PASSWORD, SAMPLE_HASH, open_client};

const EMAIL: &str = "ines.falk@example.org";

/// Of the user as whom the databases are asked.
const READER_PASSWORD: &str = "of-the-reader";

/// An older system, and how the stack is set up for it.
struct Source {
    name: &'static str,
    parameters: Vec<String>,
    secrets: Value,
}

/// Each of them with Ines in it, or with nobody listening in its place.
fn sources(are_up: bool) -> [Source; 3] {
    let port = |running: u16| if are_up { running } else { free_port() };
    [
        ldap(port(directory().server.port)),
        sql(
            "postgres",
            &format!("reader@127.0.0.1:{}/postgres", port(postgresql().port)),
            "SELECT login AS \"user\", hash, email, verified AS email_verified, name FROM users WHERE lower(login) = $1",
        ),
        sql(
            "mysql",
            &format!("reader@127.0.0.1:{}/app", port(mariadb_server().port)),
            "SELECT login AS `user`, hash, email, verified AS email_verified, name FROM users WHERE lower(login) = ?",
        ),
    ]
}

fn ldap(port: u16) -> Source {
    let roots = directory().server.roots();
    Source {
        name: "ldap",
        parameters: vec![
            "MigrationSources=ldap".to_owned(),
            format!("MigrationLdapUrl=ldaps://localhost:{port}"),
            format!("MigrationLdapBindDn={SERVICE_DN}"),
            format!("MigrationLdapBaseDn={BASE_DN}"),
            "MigrationLdapFilter=(&(objectClass=person)(mail={name}))".to_owned(),
            "MigrationLdapNameAttribute=mail".to_owned(),
            "MigrationLdapVerified=email".to_owned(),
            format!("MigrationLdapSampleDn={SAMPLE_DN}"),
            "MigrationRenames=mail=email,givenName=given_name,sn=family_name,displayName=name"
                .to_owned(),
            format!("MigrationTrustedRoots={roots}"),
        ],
        secrets: json!({ "ldapPassword": SERVICE_PASSWORD }),
    }
}

fn sql(kind: &'static str, database: &str, statement: &str) -> Source {
    Source {
        name: kind,
        parameters: vec![
            "MigrationSources=sql".to_owned(),
            format!("MigrationSqlUrl={kind}://{database}"),
            format!("MigrationSqlStatement={statement}"),
            format!("MigrationSampleHash={SAMPLE_HASH}"),
        ],
        secrets: json!({ "sqlPassword": READER_PASSWORD }),
    }
}

/// The one of this process.
fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        slapd::start(&format!(
            "dn: cn=ines,{BASE_DN}
objectClass: inetOrgPerson
cn: ines
sn: Falk
displayName: Ines Falk
mail: Ines.Falk@example.org
userPassword: {OLD_PASSWORD}
"
        ))
    })
}

/// The one of this process.
fn postgresql() -> &'static Server {
    static POSTGRESQL: OnceLock<Server> = OnceLock::new();
    POSTGRESQL.get_or_init(|| postgres::start(READER_PASSWORD, &users()))
}

/// The one of this process.
fn mariadb_server() -> &'static Server {
    static MARIADB: OnceLock<Server> = OnceLock::new();
    MARIADB.get_or_init(|| mariadb::start(READER_PASSWORD, &users()))
}

/// Statements that both understand.
fn users() -> [String; 2] {
    let table = "CREATE TABLE users (login VARCHAR(80), hash VARCHAR(200), email VARCHAR(80), verified BOOLEAN, name VARCHAR(80));";
    let row = format!(
        "INSERT INTO users VALUES ('Ines.Falk@example.org', '{HASH}', '{EMAIL}', TRUE, 'Ines Falk');"
    );
    [table.to_owned(), row]
}

impl Source {
    /// The repository's own stack, whose users come from here, with these parameters besides.
    fn stand_in(&self, more: &[&str]) -> StandIn {
        let own = self.parameters.iter().map(String::as_str);
        let usual = ["PasswordSignIn=true", "MigrationSecrets=/migration/secrets"];
        let parameters = own.chain(usual).chain(more.iter().copied());
        let options: Vec<_> = parameters
            .flat_map(|parameter| ["--parameter", parameter])
            .collect();
        let stand_in = StandIn::start(&options);
        let secrets = self.secrets.to_string();
        let put = json!({"Name": "/migration/secrets", "Value": secrets, "Type": "SecureString"});
        let (status, _) = parameters::call(&stand_in, "PutParameter", true, &put);
        assert_eq!(status, 200);
        stand_in
    }
}

fn come_over(stand_in: &StandIn, password: &str) -> Result<Value, Refused> {
    sign_in(stand_in, &stand_in.web_client, EMAIL, password)
}

fn wrong() -> Refused {
    refused("NotAuthorized", "Incorrect username or password.")
}

/// The user's attributes in the pool, if there is such a user.
fn moved(stand_in: &StandIn) -> Option<Value> {
    let user = admin(stand_in, "AdminGetUser", EMAIL, json!({})).ok()?;
    let attributes = user["UserAttributes"].as_array().unwrap().iter();
    let pairs = attributes.map(|attribute| {
        let name = attribute["Name"].as_str().unwrap().to_owned();
        (name, attribute["Value"].clone())
    });
    Some(Value::Object(pairs.collect()))
}

/// Nothing of it is for a log.
fn tells_nobody(stand_in: &StandIn) {
    let log = stand_in.log().to_lowercase();
    for secret in ["ines.falk", OLD_PASSWORD, READER_PASSWORD, SERVICE_PASSWORD] {
        assert!(
            !log.contains(&secret.to_lowercase()),
            "{secret} is in the log"
        );
    }
}

#[test]
fn the_old_password_opens_the_new_pool() {
    for source in sources(true) {
        let stand_in = source.stand_in(&[]);
        let signed_in = sign_in(
            &stand_in,
            &stand_in.web_client,
            "Ines.Falk@Example.org",
            OLD_PASSWORD,
        );
        let signed_in = signed_in.unwrap_or_else(|refused| panic!("{}: {refused:?}", source.name));
        assert!(tokens(&signed_in)["AccessToken"].is_string());
        let fired = flows::user_migration::SIGN_IN.was_fired(&stand_in, 0);
        let user = moved(&stand_in).unwrap();
        assert_eq!(
            user["email"].as_str().unwrap().to_lowercase(),
            EMAIL,
            "{}",
            source.name
        );
        assert_eq!(user["email_verified"], "true", "{}", source.name);
        assert_eq!(user["name"], "Ines Falk", "{}", source.name);
        come_over(&stand_in, OLD_PASSWORD).unwrap();
        flows::USER_PASSWORD_AUTH.was_fired(&stand_in, fired);
        tells_nobody(&stand_in);
    }
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_one_answer() {
    for source in sources(true) {
        let stand_in = source.stand_in(&[]);
        let open = open_client(&stand_in);
        let text = format!("Exception migrating user in app client {open}");
        let nobody_came = refused("UserNotFound", &text);
        let web = stand_in.web_client.clone();
        for (client, expected) in [(&web, wrong()), (&open, nobody_came)] {
            for name in [EMAIL, "nobody@example.org"] {
                let seen = sign_in(&stand_in, client, name, "sesame street 43").unwrap_err();
                assert_eq!(seen, expected, "{} {name}", source.name);
            }
        }
        assert!(stand_in.logs("\"reason\":\"NotThere\""));
        assert_eq!(moved(&stand_in), None);
        tells_nobody(&stand_in);
    }
}

#[test]
fn a_forgotten_password_brings_over_whom_a_code_reaches() {
    for source in sources(true) {
        let stand_in = source.stand_in(&[]);
        let web = &stand_in.web_client;
        let sent = forgot(&stand_in, web, EMAIL).unwrap();
        assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "i***@e***");
        let unknown = forgot(&stand_in, web, "ines.roth@example.org").unwrap();
        assert_eq!(unknown, sent, "{}", source.name);
        assert_eq!(stand_in.get("outbox").as_array().unwrap().len(), 1);
        assert_eq!(come_over(&stand_in, OLD_PASSWORD).unwrap_err(), wrong());
        let code = stand_in.code_for(EMAIL);
        confirm(&stand_in, web, EMAIL, &code, PASSWORD).unwrap();
        come_over(&stand_in, PASSWORD).unwrap();
    }
}

#[test]
fn while_the_source_is_down_nobody_is_told_of_a_wrong_password() {
    let text = "UserMigration failed with error This service is not available right now, please try again later.";
    let out_of_order = refused("UserLambdaValidation", text);
    for source in sources(false) {
        let stand_in = source.stand_in(&[]);
        for password in [OLD_PASSWORD, "sesame street 43"] {
            let seen = come_over(&stand_in, password).unwrap_err();
            assert_eq!(seen, out_of_order, "{}", source.name);
        }
        let seen = forgot(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
        assert_eq!(seen, out_of_order, "{}", source.name);
        assert_eq!(moved(&stand_in), None);
        tells_nobody(&stand_in);
    }
}

#[test]
fn whoever_tries_too_often_is_told_of_a_wrong_password_even_with_the_right_one() {
    for source in sources(true) {
        let stand_in = source.stand_in(&["MigrationTriesPerUser=3"]);
        let guesses = ["sesame street 43", "sesame street 44", "sesame street 45"];
        for password in guesses.into_iter().chain([OLD_PASSWORD]) {
            let seen = come_over(&stand_in, password).unwrap_err();
            assert_eq!(seen, wrong(), "{}", source.name);
        }
        assert!(stand_in.logs("\"reason\":\"Throttled\""));
        assert_eq!(moved(&stand_in), None);
    }
}
