//! What becomes of identities when logins come together, by the table of the guide and what was observed besides.

use super::links::MOST_LOGINS;
use super::*;

const DEVELOPER: &str = "login.example.org";
const POOL: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E";
const OTHER: &str = "accounts.example.com";

fn login(text: &str) -> Login {
    let (provider, subject) = text.split_once(' ').unwrap();
    let provider = match provider {
        "developer" => DEVELOPER,
        "pool" => POOL,
        _ => OTHER,
    };
    Login::new(provider, subject)
}

/// Identities that time passes over.
#[derive(Default)]
struct Known {
    identities: Identities,
    now: i64,
}

impl Known {
    fn resolve(&mut self, asked: Option<&str>, logins: &[&str]) -> Result<String, NotLinked> {
        self.now += 1;
        let logins: Vec<Login> = logins.iter().map(|text| login(text)).collect();
        let shown = Shown {
            logins: &logins,
            identity_id: asked,
            developer_provider: Some(DEVELOPER),
        };
        let before = self.identities.clone();
        let resolved = self.identities.resolve(&shown, "us-east-1", self.now);
        if resolved.is_err() {
            assert_eq!(self.identities, before, "a refusal changes nothing");
        }
        let mut indexed = self.identities.clone();
        indexed.index();
        assert_eq!(self.identities, indexed, "each login is found where it is");
        resolved
    }

    fn guest(&mut self) -> String {
        self.now += 1;
        self.identities.add_guest("us-east-1", self.now)
    }

    fn merge(&mut self, source: &str, destination: &str) -> Result<(), NotLinked> {
        self.now += 1;
        let before = self.identities.clone();
        let merged = self
            .identities
            .merge(source, destination, Some(DEVELOPER), self.now);
        if merged.is_err() {
            assert_eq!(self.identities, before, "a refusal changes nothing");
        }
        merged
    }
}

#[test]
fn a_login_makes_an_identity_once() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["developer ines"]).unwrap();
    let odo = known.resolve(None, &["developer odo"]).unwrap();
    assert_ne!(ines, odo);
    let form = ines.strip_prefix("us-east-1:").unwrap();
    assert_eq!(form.len(), 36);
    assert_eq!(known.resolve(None, &["developer ines"]), Ok(ines.clone()));
    assert_eq!(
        known.resolve(Some(&ines), &["developer ines"]),
        Ok(ines.clone())
    );
    let identity = known.identities.get(&ines).unwrap();
    assert_eq!((identity.created, identity.modified), (1, 1));
    assert!(identity.authenticated);
}

#[test]
fn a_guest_becomes_whose_login_nobody_has() {
    let mut known = Known::default();
    let guest = known.guest();
    assert_eq!(
        known.resolve(Some(&guest), &["developer ines"]),
        Ok(guest.clone())
    );
    assert!(known.identities.get(&guest).unwrap().authenticated);
    assert_eq!(known.resolve(None, &["developer ines"]), Ok(guest));
}

#[test]
fn a_guest_is_retired_when_a_public_login_has_an_identity() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["pool ines"]).unwrap();
    let guest = known.guest();
    assert_eq!(
        known.resolve(Some(&guest), &["pool ines"]),
        Ok(ines.clone())
    );
    let retired = known.identities.get(&guest).unwrap();
    assert_eq!(retired.merged_into, Some(ines.clone()));
    assert_eq!(known.resolve(Some(&guest), &["pool ines"]), Ok(ines));
}

#[test]
fn another_identity_is_nobody_s_who_has_no_login_of_it() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["pool ines"]).unwrap();
    for logins in [&["developer odo"][..], &["pool odo"], &["other odo"]] {
        assert_eq!(
            known.resolve(Some(&ines), logins),
            Err(NotLinked::NoLoginOfIt),
            "{logins:?}"
        );
    }
    known.resolve(None, &["pool odo"]).unwrap();
    assert_eq!(
        known.resolve(Some(&ines), &["pool odo"]),
        Err(NotLinked::NoLoginOfIt)
    );
    // Nor is it again a guest's that anybody can have, when its last login is gone.
    known
        .identities
        .unlink(&ines, &login("pool ines"), 9)
        .unwrap();
    assert_eq!(
        known.resolve(Some(&ines), &["pool odo"]),
        Err(NotLinked::NoLoginOfIt)
    );
}

#[test]
fn a_login_is_linked_by_another_of_the_identity() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["pool ines"]).unwrap();
    let linked = known.resolve(Some(&ines), &["developer ines", "pool ines"]);
    assert_eq!(linked, Ok(ines.clone()));
    assert_eq!(known.resolve(None, &["developer ines"]), Ok(ines.clone()));
    assert_eq!(
        known.resolve(None, &["pool ines", "other ines"]),
        Ok(ines.clone())
    );
    assert_eq!(
        known.identities.get(&ines).unwrap().providers(),
        [POOL, DEVELOPER, OTHER]
    );
}

#[test]
fn a_developer_s_user_keeps_the_identity() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["developer ines"]).unwrap();
    let odo = known.resolve(None, &["pool odo"]).unwrap();
    let guest = known.guest();
    for (asked, logins) in [
        (&guest, &["developer ines"][..]),
        (&odo, &["developer ines"]),
        (&odo, &["developer ines", "pool odo"]),
    ] {
        assert_eq!(
            known.resolve(Some(asked), logins),
            Err(NotLinked::DeveloperUserOfAnother)
        );
    }
    assert_eq!(known.resolve(None, &["developer ines"]), Ok(ines));
}

#[test]
fn two_identities_become_one_unless_both_have_a_user_of_one_public_provider() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["pool ines"]).unwrap();
    let other = known.resolve(None, &["other ines"]).unwrap();
    let merged = known.resolve(Some(&ines), &["pool ines", "other ines"]);
    assert_eq!(merged, Ok(ines.clone()));
    let disabled = known.identities.get(&other).unwrap();
    assert_eq!(disabled.merged_into, Some(ines.clone()));
    assert_eq!(known.resolve(Some(&other), &["other ines"]), Ok(ines));

    known.resolve(None, &["developer odo"]).unwrap();
    let odo = known.resolve(None, &["developer odo", "pool odo"]).unwrap();
    assert_eq!(
        known.resolve(Some(&odo), &["pool odo", "other ines"]),
        Err(NotLinked::SecondUserOfProvider)
    );
}

#[test]
fn a_merge_moves_users_and_is_refused_whole() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["developer ines"]).unwrap();
    let old = known.resolve(None, &["developer old"]).unwrap();
    known.merge(&old, &ines).unwrap();
    assert_eq!(known.resolve(None, &["developer old"]), Ok(ines.clone()));
    let identity = known.identities.get(&ines).unwrap();
    assert_eq!(
        identity.subjects_of(DEVELOPER).collect::<Vec<_>>(),
        ["ines", "old"]
    );

    known
        .resolve(None, &["developer ines", "pool ines"])
        .unwrap();
    let odo = known.resolve(None, &["developer odo", "pool odo"]).unwrap();
    assert_eq!(
        known.merge(&odo, &ines),
        Err(NotLinked::SecondUserOfProvider)
    );
    assert_eq!(known.resolve(None, &["pool odo"]), Ok(odo));
}

#[test]
fn an_identity_has_twenty_logins_at_most() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["developer 0"]).unwrap();
    for number in 1..MOST_LOGINS {
        let user = format!("developer {number}");
        let other = known.resolve(None, &[&user]).unwrap();
        known.merge(&other, &ines).unwrap();
    }
    let one_more = known.resolve(None, &["developer more"]).unwrap();
    assert_eq!(known.merge(&one_more, &ines), Err(NotLinked::TooManyLogins));
    let linked = known.resolve(None, &["developer 0", "pool ines"]);
    assert_eq!(linked, Err(NotLinked::TooManyLogins));
}

#[test]
fn an_unlinked_login_is_somebody_new() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["developer ines"]).unwrap();
    let ines_login = login("developer ines");
    known.identities.unlink(&ines, &ines_login, 7).unwrap();
    let again = known.identities.unlink(&ines, &ines_login, 7);
    assert_eq!(again, Err(NotLinked::NoSuchLogin));
    assert_ne!(known.resolve(None, &["developer ines"]).unwrap(), ines);
}

#[test]
fn identities_survive_a_restart() {
    let mut known = Known::default();
    let ines = known.resolve(None, &["developer ines"]).unwrap();
    let text = serde_json::to_string(&known.identities).unwrap();
    let mut read: Identities = serde_json::from_str(&text).unwrap();
    read.index();
    assert_eq!(read.owner(&login("developer ines")), Some(&ines));
}
