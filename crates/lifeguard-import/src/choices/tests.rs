use serde_json::json;

use super::*;
use crate::record::{of_format, recognised};

const BCRYPT: &str = "$2a$04$7/roUInxhljePFbmxgQLA.MdtrvM96uiFtIVqdQXnso6pk0yS.L2y";
const MD5: &str = "a950e4ea5fbc7ea41d3f397acabf2d25";

fn usual() -> Choices {
    Choices {
        name_from: NameFrom::Email,
        attributes: None,
        verified: BTreeSet::new(),
        hash_format: None,
        hash_limits: Limits::default(),
        settings: Map::new(),
        project: None,
        on_unsupported: OnUnsupported::Reject,
        cohort: None,
    }
}

fn ines() -> Record {
    Record {
        username: Some("ines".to_owned()),
        ..Record::default()
    }
    .with("email", Some("Ines.Falk@Example.org".to_owned()))
    .with("phone_number", Some("+4930123456".to_owned()))
}

fn with_hash(hash: StoredHash) -> Record {
    Record {
        hash: Some(hash),
        ..ines()
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn the_name_is_what_people_type() {
    let typed = Record {
        user: Some(" Ines ".to_owned()),
        ..ines()
    };
    let nothing = Record::default;
    for (name_from, record, expected) in [
        (NameFrom::Email, ines(), Ok("ines.falk@example.org")),
        (NameFrom::PhoneNumber, ines(), Ok("+4930123456")),
        (NameFrom::Username, ines(), Ok("ines")),
        (NameFrom::Email, typed, Ok("ines")),
        (
            NameFrom::Email,
            nothing(),
            Err(Reject::NoName("e-mail address")),
        ),
        (
            NameFrom::PhoneNumber,
            nothing(),
            Err(Reject::NoName("telephone number")),
        ),
        (
            NameFrom::Username,
            nothing(),
            Err(Reject::NoName("user name of its own")),
        ),
        (
            NameFrom::Username,
            Record {
                username: Some("tombstone#ines".to_owned()),
                ..nothing()
            },
            Err(Reject::BadName),
        ),
    ] {
        let choices = Choices {
            name_from,
            ..usual()
        };
        let name = choices.admit(record).map(|admitted| admitted.user.name);
        assert_eq!(
            name.as_ref()
                .map(LegacyName::as_str)
                .map_err(|reject| *reject),
            expected
        );
    }
}

#[test]
fn attributes_are_the_standard_ones_or_those_that_were_named() {
    let record = || {
        ines()
            .with("custom:tier", Some("gold".to_owned()))
            .with("shoe_size", Some("38".to_owned()))
            .with("updated_at", Some("1700000000".to_owned()))
    };
    let kept = |choices: Choices| {
        let user = choices.admit(record()).unwrap().user;
        user.attributes.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(kept(usual()), ["custom:tier", "email", "phone_number"]);
    let attributes = Some(["shoe_size".to_owned()].into());
    assert_eq!(
        kept(Choices {
            attributes,
            ..usual()
        }),
        ["shoe_size"]
    );
}

#[test]
fn only_what_somebody_said_and_what_is_there_is_verified() {
    use Address::{Email, PhoneNumber};
    let verified = |record, assured: &[Address]| {
        let verified = assured.iter().copied().collect();
        let user = Choices {
            verified,
            ..usual()
        }
        .admit(record)
        .unwrap()
        .user;
        Vec::from_iter(user.verified)
    };
    assert_eq!(verified(ines(), &[]), []);
    assert_eq!(
        verified(
            ines().verified(Email, true).verified(PhoneNumber, false),
            &[]
        ),
        [Email]
    );
    assert_eq!(
        verified(ines().verified(Email, true), &[PhoneNumber]),
        [Email, PhoneNumber]
    );
    let mut without_number = ines();
    without_number.attributes.remove("phone_number");
    assert_eq!(
        verified(without_number.verified(PhoneNumber, true), &[PhoneNumber]),
        []
    );
}

#[test]
fn a_hash_is_read_before_it_is_taken() {
    let md5 = Some("digest".parse().unwrap());
    let settings = object(json!({"algorithm": "md5"}));
    let stored = |choices: &Choices, hash| {
        let admitted = choices.admit(with_hash(hash))?;
        let stored = admitted
            .user
            .hash
            .map(|hash| (hash.format, hash.settings, hash.project));
        Ok::<_, Reject>((stored, admitted.password))
    };
    let bcrypt = "bcrypt".parse().unwrap();
    let recognised_as_it_is = (Some((None, Value::Null, None)), Password::Hashed(bcrypt));
    assert_eq!(
        stored(&usual(), recognised(BCRYPT.into())),
        Ok(recognised_as_it_is)
    );

    let whole = Choices {
        hash_format: md5,
        settings: settings.clone(),
        ..usual()
    };
    let digest = Password::Hashed("digest".parse().unwrap());
    let with_settings = (Some((md5, Value::Object(settings), None)), digest);
    assert_eq!(stored(&whole, recognised(MD5.into())), Ok(with_settings));

    // What the function has by that name is not written with each user; what is the user's own is.
    let project = Some("shop".to_owned());
    let shared = Choices {
        project: project.clone(),
        ..whole
    };
    let own = json!({"salt": "pepper"});
    let hash = of_format("digest", MD5.into(), own.clone()).unwrap();
    assert_eq!(
        stored(&shared, hash),
        Ok((Some((md5, own, project)), digest))
    );

    let strict = Choices {
        hash_limits: "bcrypt-cost=3".parse().unwrap(),
        ..usual()
    };
    let too_costly = HashProblem(Unsupported::TooCostly {
        limit: "bcrypt's cost",
        most: 3,
    });
    assert_eq!(
        stored(&strict, recognised(BCRYPT.into())),
        Err(Reject::Hash(too_costly))
    );

    let ambiguous = HashProblem(Unsupported::Ambiguous);
    assert_eq!(
        stored(&usual(), recognised(MD5.into())),
        Err(Reject::Hash(ambiguous))
    );
    let lenient = Choices {
        on_unsupported: OnUnsupported::DropPassword,
        ..usual()
    };
    let dropped = (None, Password::Dropped(ambiguous));
    assert_eq!(stored(&lenient, recognised(MD5.into())), Ok(dropped));
    assert_eq!(
        usual().admit(ines()).map(|admitted| admitted.password),
        Ok(Password::None)
    );
}

#[test]
fn what_no_item_can_hold_is_refused() {
    let reject = |record| usual().admit(record).err();
    let long = |length| ines().with("name", Some("ü".repeat(length)));
    assert_eq!(reject(long(MAX_ATTRIBUTE)), None);
    assert_eq!(reject(long(MAX_ATTRIBUTE + 1)), Some(Reject::LongAttribute));
    let membership = object(json!({"claims": {"much": "x".repeat(MAX_USER_BYTES)}}));
    assert_eq!(
        reject(Record {
            membership,
            ..ines()
        }),
        Some(Reject::TooLarge)
    );
}

#[test]
fn a_users_own_cohort_comes_before_that_of_the_run() {
    let choices = Choices {
        cohort: Some("all".to_owned()),
        ..usual()
    };
    let cohort = |cohort: Option<&str>| {
        let cohort = cohort.map(str::to_owned);
        let admitted = choices.admit(Record { cohort, ..ines() });
        admitted.unwrap().user.cohort.unwrap()
    };
    assert_eq!(cohort(Some("pilot")), "pilot");
    assert_eq!(cohort(None), "all");
}
