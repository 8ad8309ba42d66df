//! The membership that a migrated user has brought along, carried on at the first sign-in: before that the user has no `sub`.

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
    pub(crate) async fn carry(
        &self,
        event: &Event,
        sub: &str,
        now: OffsetDateTime,
    ) -> Result<(), LegacyUsersError> {
        let table = &self.memberships_table;
        self.legacy_users
            .carry_membership(&names(event), sub, table, now)
            .await?;
        Ok(())
    }
}

/// Under which names the user may have been migrated: the user name, and the addresses that are theirs, since where people sign in by
/// address Cognito makes up the user name.
fn names(event: &Event) -> Vec<LegacyName> {
    let attributes = &event.request.user_attributes;
    let addresses = ["email", "phone_number"].into_iter().filter_map(|address| {
        let verified = attributes.get(&format!("{address}_verified"));
        attributes.get(address).filter(|_| verified == Some("true"))
    });
    let mut names: Vec<_> = [event.user_name.as_str()]
        .into_iter()
        .chain(addresses)
        .filter_map(LegacyName::normalised)
        .collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(user_name: &str, attributes: serde_json::Value, expected: &[&str]) {
        let event = json!({"userName": user_name, "request": {"userAttributes": attributes}});
        let event = serde_json::from_value(event).unwrap();
        let names = names(&event);
        let names: Vec<_> = names.iter().map(LegacyName::as_str).collect();
        assert_eq!(names, expected, "{user_name} {attributes}");
    }

    #[test]
    fn a_user_is_known_by_the_name_and_by_verified_addresses() {
        check("Ines", json!({}), &["ines"]);
        check(
            "u-1",
            json!({"email": "Ines@example.org", "email_verified": "true", "phone_number": "+49301", "phone_number_verified": "true"}),
            &["u-1", "ines@example.org", "+49301"],
        );
        check(
            "u-1",
            json!({"email": "ines@example.org", "email_verified": "false", "phone_number": "+49301"}),
            &["u-1"],
        );
        check(
            "ines@example.org",
            json!({"email": "ines@example.org", "email_verified": "true"}),
            &["ines@example.org"],
        );
        check("", json!({}), &[]);
    }
}
