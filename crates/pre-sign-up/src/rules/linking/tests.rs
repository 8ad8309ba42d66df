use cognito_events::UserName;
use cognito_events::pre_sign_up::Event;
use email_address::EmailAddress;
use entrypoint::Env;
use serde_json::json;
use time::OffsetDateTime;

use super::{Link, Refusal, claim, link};
use crate::config::{Config, LinkRules};
use crate::user_pool::{FederatedIdentity, Status, User};

const NOW: i64 = 1_800_000_000;

fn rules(create_native_first: bool) -> LinkRules {
    let config = Config::from_env(Env::of_pairs([
        ("LINK_PROVIDERS", "Google, Okta=example.com, O_kta"),
        ("CREATE_NATIVE_FIRST", &create_native_first.to_string()),
    ]));
    config.unwrap().linking.unwrap()
}

fn event(user_name: &str, email: &str, verified: &str) -> Event {
    serde_json::from_value(json!({
        "userName": user_name,
        "request": {"userAttributes": {"email": email, "email_verified": verified}},
    }))
    .unwrap()
}

fn identity(provider: &str, user_id: &str) -> FederatedIdentity {
    FederatedIdentity {
        provider: provider.to_owned(),
        user_id: user_id.to_owned(),
    }
}

/// The only kind of user that an identity is linked to.
fn owner() -> User {
    User {
        name: UserName::from("owner"),
        email: EmailAddress::parse("ines@example.org"),
        email_verified: true,
        enabled: true,
        status: Status::Confirmed,
        created_at: 0,
        identities: Some(vec![]),
    }
}

#[track_caller]
fn check(case: &str, create: bool, users: &[User], expected: Result<Option<Link>, Refusal>) {
    let rules = rules(create);
    let claim = claim(&rules, &event("Google_1084", "Ines@Example.org", "true")).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    assert_eq!(link(&rules, &claim, users, now), expected, "{case}");
}

#[test]
fn only_a_trusted_provider_has_a_claim_and_only_to_what_it_vouches_for() {
    for (user_name, email, verified, expected) in [
        (
            "Google_1084",
            "ines@example.org",
            "true",
            Some(("Google", "1084")),
        ),
        (
            "google_1084",
            "ines@example.org",
            "true",
            Some(("Google", "1084")),
        ),
        (
            "Google_a_b",
            "ines@example.org",
            "true",
            Some(("Google", "a_b")),
        ),
        ("O_kta_7", "ines@example.org", "true", Some(("O_kta", "7"))),
        ("Okta_7", "ines@example.com", "false", Some(("Okta", "7"))),
        ("Google_1084", "ines@example.org", "false", None),
        ("Google_1084", "ines@example.org", "TRUE", None),
        ("Google_1084", "ines@example.org", "", None),
        ("Google_1084", "not an address", "true", None),
        ("Okta_7", "ines@example.org", "true", None),
        ("Facebook_1084", "ines@example.org", "true", None),
        ("GoogleX_1084", "ines@example.org", "true", None),
        ("Goo_gle_1084", "ines@example.org", "true", None),
        ("Google_", "ines@example.org", "true", None),
        ("Google", "ines@example.org", "true", None),
        ("", "ines@example.org", "true", None),
    ] {
        let found = claim(&rules(false), &event(user_name, email, verified));
        let expected = expected.map(|(provider, user_id)| identity(provider, user_id));
        let case = format!("{user_name}, {email}, {verified}");
        assert_eq!(found.map(|claim| claim.identity), expected, "{case}");
    }
}

#[test]
fn the_pool_is_asked_for_both_spellings_of_an_address() {
    for (email, expected) in [
        ("ines@example.org", &["ines@example.org"][..]),
        (
            "Ines@Example.org",
            &["ines@example.org", "Ines@Example.org"],
        ),
    ] {
        let claim = claim(&rules(false), &event("Google_1084", email, "true")).unwrap();
        assert_eq!(claim.spellings(), expected);
    }
}

/// The policy on accounts that could have been planted, row by row: what the one native user of the address is like, and what happens.
#[test]
fn only_one_confirmed_enabled_and_verified_native_user_is_linked_to() {
    let to_owner = || Ok(Some(Link::To(UserName::from("owner"))));
    for (case, user, expected) in [
        ("the owner", owner(), to_owner()),
        (
            "another spelling",
            User {
                email: EmailAddress::parse("INES@example.ORG."),
                ..owner()
            },
            to_owner(),
        ),
        (
            "disabled",
            User {
                enabled: false,
                ..owner()
            },
            Err(Refusal::LinkUserDisabled),
        ),
        (
            "signed up by anyone, and not confirmed",
            User {
                email_verified: false,
                status: Status::Unconfirmed,
                ..owner()
            },
            Err(Refusal::LinkUserUnconfirmed),
        ),
        (
            "confirmed by an administrator or a trigger, the address never verified",
            User {
                email_verified: false,
                ..owner()
            },
            Err(Refusal::LinkAddressUnverified),
        ),
        (
            "not confirmed, the address verified by a trigger",
            User {
                status: Status::Unconfirmed,
                ..owner()
            },
            Err(Refusal::LinkUserUnconfirmed),
        ),
        (
            "made by an administrator, with a temporary password",
            User {
                status: Status::ForceChangePassword,
                created_at: NOW,
                ..owner()
            },
            Err(Refusal::LinkUserNeverSignedIn),
        ),
        (
            "must get a new password",
            User {
                status: Status::ResetRequired,
                ..owner()
            },
            Err(Refusal::LinkUserUnusable),
        ),
        (
            "of a status that is new",
            User {
                status: Status::Unknown,
                ..owner()
            },
            Err(Refusal::LinkUserUnusable),
        ),
        (
            "linked already",
            User {
                identities: Some(vec![identity("Google", "1084")]),
                ..owner()
            },
            Ok(Some(Link::Linked)),
        ),
        (
            "linked already, and disabled since",
            User {
                identities: Some(vec![identity("Google", "1084")]),
                enabled: false,
                ..owner()
            },
            Err(Refusal::LinkUserDisabled),
        ),
        (
            "linked to another provider",
            User {
                identities: Some(vec![identity("Okta", "1084")]),
                ..owner()
            },
            to_owner(),
        ),
        (
            "linked to it under another spelling of the provider",
            User {
                identities: Some(vec![identity("google", "1084")]),
                ..owner()
            },
            Ok(Some(Link::Linked)),
        ),
        (
            "linked to who knows whom",
            User {
                identities: None,
                ..owner()
            },
            Err(Refusal::LinkUserUnusable),
        ),
        (
            "linked to the former owner, under another spelling of the provider",
            User {
                identities: Some(vec![identity("google", "7")]),
                ..owner()
            },
            Err(Refusal::LinkOtherIdentity),
        ),
        (
            "linked to the former owner of the address",
            User {
                identities: Some(vec![identity("Google", "7")]),
                ..owner()
            },
            Err(Refusal::LinkOtherIdentity),
        ),
        (
            "of another address",
            User {
                email: EmailAddress::parse("kim@example.org"),
                ..owner()
            },
            Ok(None),
        ),
        (
            "without an address",
            User {
                email: None,
                ..owner()
            },
            Ok(None),
        ),
        (
            "federated, a user of its own",
            User {
                status: Status::ExternalProvider,
                ..owner()
            },
            Ok(None),
        ),
    ] {
        check(case, false, &[user], expected);
    }
}

#[test]
fn among_several_native_users_none_is_chosen() {
    let federated = User {
        status: Status::ExternalProvider,
        ..owner()
    };
    let planted = User {
        name: UserName::from("planted"),
        email_verified: false,
        status: Status::Unconfirmed,
        ..owner()
    };
    let to_owner = Ok(Some(Link::To(UserName::from("owner"))));
    check("nobody", false, &[], Ok(None));
    check("one is federated", false, &[federated, owner()], to_owner);
    check(
        "one is planted",
        false,
        &[planted, owner()],
        Err(Refusal::LinkAmbiguous),
    );
}

#[test]
fn a_user_that_was_begun_is_finished_within_the_hour() {
    let begun = |age| User {
        status: Status::ForceChangePassword,
        created_at: NOW - age,
        ..owner()
    };
    let finished = || Ok(Some(Link::ToUnfinished(UserName::from("owner"))));
    let never = || Err(Refusal::LinkUserNeverSignedIn);
    for (case, create, user, expected) in [
        ("just now", true, begun(0), finished()),
        ("by a clock ahead of ours", true, begun(-5), finished()),
        ("within the hour", true, begun(3_599), finished()),
        ("an hour ago", true, begun(3_600), never()),
        ("never begun by us", false, begun(0), never()),
        (
            "begun by an administrator, who linked it",
            true,
            User {
                identities: Some(vec![identity("Okta", "7")]),
                ..begun(0)
            },
            never(),
        ),
        (
            "begun, and not verified",
            true,
            User {
                email_verified: false,
                ..begun(0)
            },
            Err(Refusal::LinkAddressUnverified),
        ),
        (
            "begun, and disabled",
            true,
            User {
                enabled: false,
                ..begun(0)
            },
            Err(Refusal::LinkUserDisabled),
        ),
    ] {
        check(case, create, &[user], expected);
    }
}
