//! A directory, which is OpenLDAP's slapd.

use embedded_dynamodb::unreachable_client;
use serde_json::{Value, json};
use test_servers::certificates::strangers;
use test_servers::free_port;
use test_servers::slapd::{BASE_DN, SAMPLE_DN, SERVICE_DN, SERVICE_PASSWORD};
use user_migration::Proof;

use crate::conformance::{PASSWORD, Stage, conforms, fails};
use crate::directory::directory;
use crate::impostors::{impostor, silence};
use crate::injections::are_text;
use crate::{no_pool, outside};

/// The directory at that address.
fn at(url: &str, roots: &str, secrets: Value) -> Stage {
    let more = [
        ("SOURCES", "ldap"),
        ("LDAP_URL", url),
        ("LDAP_BIND_DN", SERVICE_DN),
        ("LDAP_BASE_DN", BASE_DN),
        ("LDAP_FILTER", "(uid={name})"),
        ("LDAP_NAME_ATTRIBUTE", "UID"),
        ("LDAP_SAMPLE_DN", SAMPLE_DN),
        ("LDAP_VERIFIED", "email"),
        ("RENAMES", "givenname=given_name,uid=custom:uid"),
        ("TRUSTED_ROOTS", roots),
        ("MIGRATION_SECRETS", "/lifeguard/migration"),
    ];
    Stage {
        outside: outside(unreachable_client(), no_pool(), Some(secrets), more),
        legacy_users: None,
    }
}

fn secrets() -> Value {
    json!({ "ldapPassword": SERVICE_PASSWORD })
}

/// By `ldaps`.
fn url() -> String {
    format!("ldaps://localhost:{}", directory().server.port)
}

fn stage() -> Stage {
    at(&url(), &directory().server.roots(), secrets())
}

/// What a failure says of itself.
async fn failure(stage: &Stage) -> String {
    fails(stage).await;
    let answer = stage.ask("ines@example.org", Some(PASSWORD)).await;
    entrypoint::with_causes(&*answer.unwrap_err()).to_string()
}

#[tokio::test]
async fn it_conforms() {
    conforms(&stage()).await;
}

#[tokio::test]
async fn names_are_text() {
    are_text(&stage()).await;
}

#[tokio::test]
async fn tls_is_started_where_the_address_is_without() {
    let url = format!("ldap://localhost:{}", directory().plain_port);
    conforms(&at(&url, &directory().server.roots(), secrets())).await;
}

#[tokio::test]
async fn only_attributes_that_can_move_are_asked_for_by_any_case_of_their_names() {
    let found = stage().ask("ines@example.org", None).await.unwrap();
    let attributes = found.unwrap().attributes;
    let expected = [
        ("email", "ines@example.org"),
        ("givenname", "Inês"),
        ("name", "Ines"),
    ];
    let seen = attributes.iter().map(|(name, value)| (&**name, &**value));
    assert_eq!(Vec::from_iter(seen), expected);
}

#[tokio::test]
async fn a_name_that_two_have_is_nobodys() {
    for password in [Some(PASSWORD), None] {
        assert_eq!(stage().ask("twin", password).await.unwrap(), None);
    }
}

#[tokio::test]
async fn whoever_must_change_the_password_moves_without_it_and_whoever_is_disabled_stays() {
    let stage = stage();
    let reset = Some(Proof::PasswordRightButReset);
    for (name, expected) in [
        ("expired", reset),
        ("must-change", reset),
        ("disabled", None),
    ] {
        let found = stage.ask(name, Some(PASSWORD)).await.unwrap();
        assert_eq!(found.map(|found| found.proof), expected, "{name}");
        let found = stage.ask(name, Some("wrong")).await.unwrap();
        assert_eq!(found, None, "{name}");
    }
    assert_eq!(stage.ask("disabled", None).await.unwrap(), None);
}

/// All of them bind as the service, search, bind as somebody and leave.
#[tokio::test]
async fn who_is_unknown_costs_what_a_wrong_password_does() {
    let stage = stage();
    let log = &directory().server;
    for name in ["known", "unheard-of", "disabled-too", "twin-too"] {
        let found = stage.ask(name, Some("wrong")).await.unwrap();
        assert_eq!(found, None, "{name}");
        // Others ask meanwhile, on other connections.
        let search = log.log_until(&format!("(uid={name})")).pop().unwrap();
        let (before, _) = search.split_once(" op=").unwrap();
        let connection = &before[before.find("conn=").unwrap()..];
        let lines = log.log_until(&format!("{connection} op=3 UNBIND"));
        let operations = lines.iter().filter_map(|line| {
            let (_, operation) = line.split_once(&format!("{connection} op="))?;
            operation.split(' ').nth(1).map(str::to_owned)
        });
        // Its threads log the results out of turn.
        let asked = operations.filter(|operation| !["SEARCH", "RESULT"].contains(&&**operation));
        // A bind that follows another is logged as the end of the other besides.
        let expected = ["SRCH", "BIND", "BIND", "UNBIND"];
        assert_eq!(Vec::from_iter(asked), expected, "{name}");
    }
}

#[tokio::test]
async fn a_password_goes_to_nobody_but_the_directory() {
    let strangers = strangers();
    let said = failure(&at(&url(), &strangers.show("ca.pem"), secrets())).await;
    assert!(said.contains("invalid peer certificate"), "{said}");

    let roots = directory().server.roots();
    let by_number = url().replace("localhost", "127.0.0.1");
    let said = failure(&at(&by_number, &roots, secrets())).await;
    assert!(said.contains("not valid for name"), "{said}");

    // StartTLS is refused by protocolError.
    let refusal = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00";
    let (port, heard) = impostor(b"", refusal);
    let url = format!("ldap://localhost:{port}");
    let stage = at(&url, &roots, secrets());
    let answer = stage.ask("ines@example.org", Some(PASSWORD)).await;
    let said = entrypoint::with_causes(&*answer.unwrap_err()).to_string();
    assert_eq!(said, "the directory does not start TLS, result 2");
    assert_eq!(heard.join().unwrap(), b"");
}

#[tokio::test]
async fn a_directory_that_is_out_of_order_is_not_a_wrong_password() {
    let roots = directory().server.roots();
    let down = format!("ldap://localhost:{}", free_port());
    let said = failure(&at(&down, &roots, secrets())).await;
    assert!(said.starts_with("failed to reach the directory"), "{said}");

    let wrong = json!({"ldapPassword": "another"});
    let said = failure(&at(&url(), &roots, wrong)).await;
    assert_eq!(said, "the directory takes no bind, result 49");

    // Without a password the service would be nobody, and find nobody.
    for none in [json!({}), json!({"ldapPassword": ""})] {
        let said = failure(&at(&url(), &roots, none)).await;
        assert_eq!(said, "the secrets have no ldapPassword");
    }
    let said = failure(&at(&url(), "/no/such/file", secrets())).await;
    assert!(
        said.starts_with("failed to read the trusted roots"),
        "{said}"
    );
}

#[tokio::test]
async fn a_silent_directory_is_left() {
    let (port, _listener) = silence();
    let url = format!("ldap://localhost:{port}");
    let stage = at(&url, &directory().server.roots(), secrets());
    let answer = stage.ask("ines@example.org", Some(PASSWORD)).await;
    let said = entrypoint::with_causes(&*answer.unwrap_err()).to_string();
    assert_eq!(said, "the directory did not answer within 2 s");
}
