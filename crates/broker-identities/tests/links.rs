//! Which logins are one person's, in a table of this process.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use broker_identities::{Account, Identifier, Identities, Linking, MOST_LOGINS, Record, Unlinking};
use embedded_dynamodb::{Tables, cut_at_every_await};
use function_tests::create;
use time::OffsetDateTime;

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn identities() -> Identities {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "identities", &["identifier"]);
    Identities::new(tables.client(), "identities")
}

fn id(text: &str) -> Identifier {
    text.parse().unwrap()
}

fn account(identifier: &str, identity_id: Option<&str>, is_by_link: bool) -> Account {
    Account {
        identifier: id(identifier),
        identity_id: identity_id.map(str::to_owned),
        is_by_link,
        is_blocked: false,
    }
}

#[tokio::test]
async fn a_login_stands_for_its_own_account_until_it_is_linked() {
    let identities = identities();
    let (ines, app) = (id("acme.p.ines"), id("device.p.1"));
    let own = identities.account(&ines).await.unwrap();
    assert_eq!(own, account("acme.p.ines", None, false));
    assert!(identities.note_identity(&ines, "i-1", NOW).await.unwrap());
    for _ in 0..2 {
        let linked = identities.link(&app, &ines, NOW).await.unwrap();
        assert_eq!(linked, Linking::Linked);
    }
    let by_app = identities.account(&app).await.unwrap();
    assert_eq!(by_app, account("acme.p.ines", Some("i-1"), true));
    let noted = identities.note_identity(&app, "i-2", NOW).await.unwrap();
    assert!(!noted, "a link has no identity of its own");
    for _ in 0..2 {
        let unlinked = identities.unlink(&app, &ines).await.unwrap();
        assert_eq!(unlinked, Unlinking::Unlinked);
    }
    let record = identities.find(&app).await.unwrap().unwrap();
    assert_eq!(record, Record::default());
    let record = identities.find(&ines).await.unwrap().unwrap();
    assert!(record.logins.is_empty());
    assert_eq!(record.identity_id.as_deref(), Some("i-1"));
}

/// Security row 24: no account is taken, and no chain is made.
#[tokio::test]
async fn what_has_an_account_is_linked_to_no_other() {
    let identities = identities();
    let [ines, kim, app] = ["acme.p.ines", "acme.p.kim", "device.p.1"].map(id);
    identities.note_identity(&kim, "i-2", NOW).await.unwrap();
    identities.link(&app, &ines, NOW).await.unwrap();
    for (login, to, expected) in [
        (&kim, &ines, Linking::HasAnAccount),
        (&app, &kim, Linking::HasAnAccount),
        (&ines, &kim, Linking::HasAnAccount),
        (&id("device.p.2"), &app, Linking::NoAccount),
    ] {
        assert_eq!(identities.link(login, to, NOW).await.unwrap(), expected);
    }
    let unlinked = identities.unlink(&app, &kim).await.unwrap();
    assert_eq!(unlinked, Unlinking::HasAnAccount);
    let own = identities.unlink(&kim, &kim).await.unwrap();
    assert_eq!(own, Unlinking::HasAnAccount);
    let by_app = identities.account(&app).await.unwrap();
    assert_eq!(by_app.identifier, ines);
}

#[tokio::test]
async fn an_account_has_twenty_logins_besides() {
    let identities = identities();
    let ines = id("acme.p.ines");
    for number in 0..=MOST_LOGINS {
        let login = id(&format!("device.p.{number}"));
        let expected = match number {
            MOST_LOGINS => Linking::TooManyLogins,
            _ => Linking::Linked,
        };
        let linked = identities.link(&login, &ines, NOW).await.unwrap();
        assert_eq!(linked, expected, "{number}");
    }
    let again = identities.link(&id("device.p.0"), &ines, NOW).await;
    assert_eq!(again.unwrap(), Linking::Linked);
}

#[tokio::test]
async fn a_block_of_login_or_account_holds() {
    let identities = identities();
    let (ines, app) = (id("acme.p.ines"), id("device.p.1"));
    identities.link(&app, &ines, NOW).await.unwrap();
    for (blocked, of_app, of_ines) in [(&app, true, false), (&ines, true, true)] {
        identities.set_blocked(blocked, true).await.unwrap();
        for (login, expected) in [(&app, of_app), (&ines, of_ines)] {
            let account = identities.account(login).await.unwrap();
            assert_eq!(account.is_blocked, expected, "{login} with {blocked}");
        }
        identities.set_blocked(blocked, false).await.unwrap();
        assert!(!identities.account(&app).await.unwrap().is_blocked);
    }
}

#[tokio::test]
async fn what_was_cut_anywhere_leaves_what_one_run_leaves() {
    let identities = identities();
    let (ines, app) = (id("acme.p.ines"), id("device.p.1"));
    let (linked, cuts) = cut_at_every_await(|| identities.link(&app, &ines, NOW)).await;
    assert_eq!(linked.unwrap(), Linking::Linked);
    assert!(cuts >= 2, "only {cuts} cuts");
    let record = identities.find(&ines).await.unwrap().unwrap();
    assert_eq!(record.logins, [app.clone()].into());
    let (unlinked, _) = cut_at_every_await(|| identities.unlink(&app, &ines)).await;
    assert_eq!(unlinked.unwrap(), Unlinking::Unlinked);
    let record = identities.find(&app).await.unwrap().unwrap();
    assert_eq!(record, Record::default());
}
