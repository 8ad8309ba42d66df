//! What every source has to do, whatever is behind it.

use legacy_users::{Address, LegacyName, LegacyUsers};
use secrecy::SecretString;
use time::OffsetDateTime;
use user_migration::{Found, Outside, Proof, Question, SourceError};

pub(crate) const PASSWORD: &str = "Correct-Horse-19";

/// A source with Ines in it, whose name is her verified address, and who has that password.
pub(crate) struct Stage {
    /// The source is the only one.
    pub(crate) outside: Outside,
    /// Where an imported table's row comes from.
    pub(crate) legacy_users: Option<LegacyUsers>,
}

impl Stage {
    /// What the source says.
    pub(crate) async fn ask(
        &self,
        typed: &str,
        password: Option<&str>,
    ) -> Result<Option<Found>, SourceError> {
        let [source] = self.outside.sources() else {
            panic!("one source");
        };
        let name = LegacyName::normalised(typed).unwrap();
        let row = match &self.legacy_users {
            Some(legacy_users) => legacy_users.find(&name).await.unwrap().row,
            None => None,
        };
        let password = password.map(SecretString::from);
        let question = Question {
            name: &name,
            typed,
            password: password.as_ref(),
            row: row.as_ref(),
            client_id: Some("web"),
            now: OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap(),
        };
        source.ask(&question).await
    }
}

/// Holds a source to what [`user_migration::Source`] says.
pub(crate) async fn conforms(stage: &Stage) {
    for typed in ["ines@example.org", "Ines@Example.org"] {
        let found = stage.ask(typed, Some(PASSWORD)).await.unwrap();
        check(
            &found.expect("a right password is right"),
            Proof::PasswordRight,
        );

        let known = stage.ask(typed, None).await.unwrap();
        check(&known.expect("a known user is known"), Proof::Known);
    }
    for (case, typed, password) in [
        ("wrong", "ines@example.org", Some("Correct-Horse-18")),
        ("empty", "ines@example.org", Some("")),
        (
            "in another case",
            "ines@example.org",
            Some("correct-horse-19"),
        ),
        ("begun", "ines@example.org", Some("Correct-Horse")),
        ("unknown", "unknown@example.org", Some(PASSWORD)),
        ("unknown and forgotten", "unknown@example.org", None),
        ("an injection", "ines@example.org' OR ''='", Some(PASSWORD)),
        ("a filter", "*", Some(PASSWORD)),
        ("a filter of attributes", "*)(mail=*", None),
        ("nul", "ines@example.org\0", Some(PASSWORD)),
    ] {
        assert_eq!(stage.ask(typed, password).await.unwrap(), None, "{case}");
    }
}

fn check(found: &Found, proof: Proof) {
    let name = LegacyName::normalised(&found.name);
    assert_eq!(name, LegacyName::normalised("ines@example.org"));
    assert_eq!(found.attributes["email"], "ines@example.org");
    assert_eq!(found.attributes["name"], "Ines");
    assert_eq!(Vec::from_iter(&found.verified), [&Address::Email]);
    assert_eq!(found.proof, proof);
    let shown = format!("{found:?}");
    assert!(
        !shown.contains("ines") && !shown.contains("Ines"),
        "{shown}"
    );
}

/// Holds a source that is out of order to saying so, of nobody.
pub(crate) async fn fails(stage: &Stage) {
    for (typed, password) in [
        ("ines@example.org", Some(PASSWORD)),
        ("ines@example.org", Some("wrong-Horse")),
        ("unknown@example.org", Some(PASSWORD)),
    ] {
        let error = stage.ask(typed, password).await.unwrap_err();
        let text = format!("{} {error:?}", entrypoint::with_causes(&*error));
        for private in ["ines", "unknown@", "Horse"] {
            assert!(!text.contains(private), "{text}");
        }
    }
}
