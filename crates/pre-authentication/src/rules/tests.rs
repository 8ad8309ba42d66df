use admission::Refusal;
use entrypoint::Env;
use serde_json::{Value, json};

use super::*;

const AFTER: &str = "after-password";
const BEFORE: &str = "before-password";

fn config(account_refusals: &str, sign_in_with: &str, require_verified: &str) -> Config {
    Config::from_env(Env::of_pairs([
        ("BLOCKS_TABLE", "blocks"),
        ("ACCOUNT_REFUSALS", account_refusals),
        ("SIGN_IN_WITH", sign_in_with),
        ("REQUIRE_VERIFIED", require_verified),
        ("DENIED_DOMAINS", "denied.example"),
    ]))
    .unwrap()
}

fn event(user_name: &str, request: Value) -> Event {
    serde_json::from_value(json!({
        "triggerSource": "PreAuthentication_Authentication",
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": user_name,
        "callerContext": {"clientId": "c-1"},
        "request": request,
    }))
    .unwrap()
}

/// A user of this address, whose name is the `sub`, with a telephone number besides.
fn known(email: &str) -> Event {
    let attributes = json!({"sub": "u-1", "email": email, "phone_number": "+491701234567"});
    event("u-1", json!({"userAttributes": attributes}))
}

/// Somebody without an account who types this.
fn unknown(typed: &str) -> Event {
    event(typed, json!({"userAttributes": {}, "userNotFound": true}))
}

fn blocks(subjects: BTreeSet<Subject>, blocked: &[(Subject, &[&str])]) -> Vec<Block> {
    let block = |(subject, groups): &(Subject, &[&str])| Block {
        subject: subject.clone(),
        except_groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    };
    let of_these = |(subject, _): &&(Subject, &[&str])| subjects.contains(subject);
    blocked.iter().filter(of_these).map(block).collect()
}

/// What is decided about the event while these are blocked.
fn answer(
    config: &Config,
    event: &Event,
    blocked: &[(Subject, &[&str])],
    groups: &[&str],
) -> Result<(), Refusal> {
    let blocks = blocks(subjects(config, event), blocked);
    let groups = if groups_matter(config, event, &blocks) {
        groups.iter().map(|group| (*group).to_owned()).collect()
    } else {
        Vec::new()
    };
    decide(config, event, &Found { blocks, groups })
}

fn domain(name: &str) -> Subject {
    Subject::Domain(name.to_owned())
}

fn address(text: &str) -> Subject {
    Subject::of_address(text).pop().unwrap()
}

#[test]
fn before_the_password_everybody_who_types_the_same_gets_the_same() {
    let client = Subject::client("c-1").unwrap();
    let user = Subject::user("u-1").unwrap();
    let admins: &[&str] = &["admins"];
    let everything: [(Subject, &[&str]); 9] = [
        (Subject::Pool, &[]),
        (Subject::Pool, admins),
        (client.clone(), &[]),
        (client, admins),
        (domain("example.org"), &[]),
        (domain("example.org"), admins),
        (address("ines@example.org"), &[]),
        (address("+491701234567"), &[]),
        (user, &[]),
    ];
    for verified in ["off", "email", "phone_number", "either"] {
        for sign_in_with in ["email", "several"] {
            let config = config(AFTER, sign_in_with, verified);
            for typed in [
                "ines@example.org",
                "Ines@Mail.Example.org",
                "ines@denied.example",
                "ines",
            ] {
                let (known, unknown) = (known(typed), unknown(typed));
                assert_eq!(
                    subjects(&config, &known),
                    subjects(&config, &unknown),
                    "{typed}"
                );
                for blocked in &everything {
                    let blocked = std::slice::from_ref(blocked);
                    assert_eq!(
                        answer(&config, &known, blocked, &["admins"]),
                        answer(&config, &unknown, blocked, &[]),
                        "{typed} {blocked:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_was_typed_is_refused_before_the_password() {
    let client = Subject::client("c-1").unwrap();
    let user = Subject::user("u-1").unwrap();
    let config = config(AFTER, "email", "email");
    let admins: &[&str] = &["admins"];
    for (case, blocked, expected) in [
        ("pool", (Subject::Pool, &[][..]), Err(Refusal::PoolBlocked)),
        ("pool with an exception", (Subject::Pool, admins), Ok(())),
        ("client", (client.clone(), &[]), Err(Refusal::ClientBlocked)),
        ("client with an exception", (client, admins), Ok(())),
        (
            "domain",
            (domain("example.org"), &[]),
            Err(Refusal::DomainBlocked),
        ),
        (
            "address",
            (address("ines@example.org"), &[]),
            Err(Refusal::AddressBlocked),
        ),
        ("another address", (address("kim@example.org"), &[]), Ok(())),
        (
            "an address of the account",
            (address("+491701234567"), &[]),
            Ok(()),
        ),
        ("the account", (user, &[]), Ok(())),
    ] {
        for event in [known("ines@example.org"), unknown("Ines@example.org")] {
            let answer = answer(&config, &event, std::slice::from_ref(&blocked), &[]);
            assert_eq!(answer, expected, "{case} {event:?}");
        }
    }
    for event in [
        known("ines@sub.denied.example"),
        unknown("ines@sub.denied.example"),
    ] {
        let answer = answer(&config, &event, &[], &[]);
        assert_eq!(answer, Err(Refusal::DomainDenied), "{event:?}");
    }
}

#[test]
fn where_accounts_are_no_secret_everything_is_refused_before_the_password() {
    let user = Subject::user("u-1").unwrap();
    let config = config(BEFORE, "several", "off");
    let admins: &[&str] = &["admins"];
    for (case, blocked, groups, expected) in [
        ("user", (user, &[][..]), &[][..], Err(Refusal::UserBlocked)),
        (
            "telephone number",
            (address("+491701234567"), &[]),
            &[],
            Err(Refusal::AddressBlocked),
        ),
        (
            "e-mail address",
            (address("ines@example.org"), &[]),
            &[],
            Err(Refusal::AddressBlocked),
        ),
        (
            "maintenance",
            (Subject::Pool, admins),
            &[],
            Err(Refusal::PoolBlocked),
        ),
        (
            "maintenance, another group",
            (Subject::Pool, admins),
            &["staff"],
            Err(Refusal::PoolBlocked),
        ),
        (
            "maintenance, an administrator",
            (Subject::Pool, admins),
            &["staff", "admins"],
            Ok(()),
        ),
    ] {
        let answer = answer(&config, &known("ines@example.org"), &[blocked], groups);
        assert_eq!(answer, expected, "{case}");
    }
    let maintenance: [(Subject, &[&str]); 1] = [(Subject::Pool, admins)];
    let stranger = answer(
        &config,
        &unknown("kim@example.org"),
        &maintenance,
        &["admins"],
    );
    assert_eq!(
        stranger,
        Err(Refusal::PoolBlocked),
        "an unknown user is in no group"
    );
    let denied = answer(&config, &known("ines@denied.example"), &[], &[]);
    assert_eq!(denied, Err(Refusal::DomainDenied));
}

#[test]
fn an_unverified_address_is_refused_before_the_password_only_where_accounts_are_no_secret() {
    for (account_refusals, expected) in [(BEFORE, Err(Refusal::AddressUnverified)), (AFTER, Ok(()))]
    {
        let config = config(account_refusals, "email", "email");
        let answer_to = |event| answer(&config, &event, &[], &[]);
        assert_eq!(
            answer_to(known("ines@example.org")),
            expected,
            "{account_refusals}"
        );
        assert_eq!(
            answer_to(unknown("ines@example.org")),
            Ok(()),
            "{account_refusals}"
        );
        let attributes = json!({"email": "ines@example.org", "email_verified": "true"});
        let verified = event("u-1", json!({"userAttributes": attributes}));
        assert_eq!(answer_to(verified), Ok(()), "{account_refusals}");
    }
}

#[test]
fn groups_are_asked_for_only_where_they_decide() {
    let block = |groups: &[&str]| Block {
        subject: Subject::Pool,
        except_groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    };
    let (plain, excepting) = (block(&[]), block(&["admins"]));
    let (known, unknown) = (known("ines@example.org"), unknown("ines@example.org"));
    for (case, account_refusals, event, blocks, expected) in [
        (
            "a known user",
            BEFORE,
            &known,
            vec![plain.clone(), excepting.clone()],
            true,
        ),
        (
            "an unknown user",
            BEFORE,
            &unknown,
            vec![excepting.clone()],
            false,
        ),
        ("no exception", BEFORE, &known, vec![plain], false),
        ("no block", BEFORE, &known, vec![], false),
        ("accounts are secret", AFTER, &known, vec![excepting], false),
    ] {
        let config = config(account_refusals, "email", "off");
        assert_eq!(groups_matter(&config, event, &blocks), expected, "{case}");
    }
}

#[test]
fn a_trigger_source_of_tomorrow_is_a_sign_in() {
    let config = config(AFTER, "email", "off");
    for source in ["PreAuthentication_Somehow", ""] {
        let mut event = known("ines@denied.example");
        event.trigger_source =
            cognito_events::pre_authentication::TriggerSource::Unknown(source.to_owned());
        assert_eq!(
            answer(&config, &event, &[], &[]),
            Err(Refusal::DomainDenied)
        );
    }
}

#[test]
fn what_the_app_passes_along_decides_nothing() {
    let config = config(BEFORE, "email", "email");
    let mut event = known("ines@example.org");
    event.request.validation_data = [("email_verified", "true"), ("groups", "admins")].into();
    event.request.client_metadata = [("email_verified", "true")].into();
    assert_eq!(
        answer(&config, &event, &[], &[]),
        Err(Refusal::AddressUnverified)
    );
}
