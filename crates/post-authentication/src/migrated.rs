//! What the first sign-in of a migrated user ends: the user is not awaited any more, and the membership that came along is carried on. Before
//! that the user has no `sub`.

use cognito_events::Attributes;
use cognito_events::post_authentication::Event;
use legacy_users::{LegacyName, LegacyUsers, LegacyUsersError};
use time::OffsetDateTime;

/// The table of legacy users, and where memberships go.
pub(crate) struct Migrated {
    legacy_users: LegacyUsers,
    memberships_table: String,
}

impl Migrated {
    pub(crate) fn new(legacy_users: LegacyUsers, memberships_table: &str) -> Self {
        Self {
            legacy_users,
            memberships_table: memberships_table.to_owned(),
        }
    }

    /// Pre token generation reads the membership after this trigger, so that the tokens of this very sign-in bear it.
    pub(crate) async fn arrive(
        &self,
        event: &Event,
        sub: &str,
        now: OffsetDateTime,
    ) -> Result<(), LegacyUsersError> {
        let (possible, proven) = (names(event, |_, _| true), names(event, is_verified));
        let table = &self.memberships_table;
        let (noted, carried) = tokio::join!(
            self.legacy_users.note_arrival(&possible),
            self.legacy_users.carry_membership(&proven, sub, table, now),
        );
        noted.and(carried.map(drop))
    }
}

/// Under which names the user may have been migrated: the user name, and the addresses that count, since where people sign in by address
/// Cognito makes up the user name.
///
/// To get a membership takes an address that is theirs. That somebody has come is noted by any: users can move with an address that nobody
/// has verified, and where it is a stranger's, one whom the pool has refused can at worst not try again.
fn names(event: &Event, counts: impl Fn(&Attributes, &str) -> bool) -> Vec<LegacyName> {
    let attributes = &event.request.user_attributes;
    let addresses = ["email", "phone_number"].into_iter();
    let addresses = addresses.filter(|address| counts(attributes, address));
    let mut names: Vec<_> = [event.user_name.as_str()]
        .into_iter()
        .chain(addresses.filter_map(|address| attributes.get(address)))
        .filter_map(LegacyName::normalised)
        .collect();
    names.dedup();
    names
}

fn is_verified(attributes: &Attributes, address: &str) -> bool {
    attributes.get(&format!("{address}_verified")) == Some("true")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(user_name: &str, attributes: serde_json::Value, proven: &[&str], more: &[&str]) {
        let event = json!({"userName": user_name, "request": {"userAttributes": attributes}});
        let event = serde_json::from_value(event).unwrap();
        let texts = |names: Vec<LegacyName>| -> Vec<String> {
            let texts = names.iter().map(|name| name.as_str().to_owned());
            texts.collect()
        };
        let names_proven = texts(names(&event, is_verified));
        assert_eq!(names_proven, proven, "{user_name} {attributes}");
        let names_possible = texts(names(&event, |_, _| true));
        let possible = [proven, more].concat();
        assert_eq!(names_possible, possible, "{user_name} {attributes}");
    }

    #[test]
    fn a_user_is_known_by_the_name_and_by_verified_addresses() {
        check("Ines", json!({}), &["ines"], &[]);
        check(
            "u-1",
            json!({"email": "Ines@example.org", "email_verified": "true", "phone_number": "+49301", "phone_number_verified": "true"}),
            &["u-1", "ines@example.org", "+49301"],
            &[],
        );
        check(
            "u-1",
            json!({"email": "ines@example.org", "email_verified": "false", "phone_number": "+49301"}),
            &["u-1"],
            &["ines@example.org", "+49301"],
        );
        check(
            "ines@example.org",
            json!({"email": "ines@example.org", "email_verified": "true"}),
            &["ines@example.org"],
            &[],
        );
        check("", json!({}), &[], &[]);
    }
}
