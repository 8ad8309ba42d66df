use cognito_events::pre_token_generation::Event;

use crate::config::Config;
use crate::membership::Membership;

/// The scopes of the membership that may be granted and that the token does not have yet.
///
/// In the order of the configuration, so that the same membership gives the same answer. Blanks cannot be in them: the configuration
/// is checked for that at start.
pub(super) fn to_add(event: &Event, membership: &Membership, config: &Config) -> Vec<String> {
    let wanted = membership.scopes.as_deref().unwrap_or_default();
    config
        .grantable_scopes
        .iter()
        .filter(|scope| wanted.contains(scope) && !event.request.scopes.contains(scope))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{config, texts, user_event};

    /// Scopes that may be granted, of the membership, and of the token before; then those in the answer.
    #[track_caller]
    fn check(
        case: &str,
        (grantable, wanted, present): (&str, Option<&[&str]>, &[&str]),
        expected: &[&str],
    ) {
        let mut event = user_event("2");
        event.request.scopes = texts(present);
        let membership = Membership {
            scopes: wanted.map(texts),
            ..Membership::default()
        };
        let config = config([("GRANTABLE_SCOPES", grantable)]);
        let added = to_add(&event, &membership, &config);
        assert_eq!(added, texts(expected), "{case}");
    }

    #[test]
    fn only_grantable_scopes_that_are_missing() {
        let both: Option<&[&str]> = Some(&["a/read", "a/write"]);
        check("granted", ("a/read", Some(&["a/read"]), &[]), &["a/read"]);
        check("not grantable", ("a/read", both, &[]), &["a/read"]);
        check(
            "there already",
            ("a/read,a/write", both, &["a/read"]),
            &["a/write"],
        );
        check(
            "twice in the table",
            ("a/read", Some(&["a/read", "a/read"]), &[]),
            &["a/read"],
        );
        check("nothing grantable", ("", both, &[]), &[]);
        check("nothing in the table", ("a/read", None, &[]), &[]);
        check(
            "another case",
            ("a/read", Some(&["A/Read", "a/read "]), &[]),
            &[],
        );
    }
}
