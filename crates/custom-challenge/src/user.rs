use cognito_events::{Attributes, Event};

/// Whom an event is about.
pub(crate) struct User<'a> {
    pub(crate) pool_id: &'a str,
    /// What was typed, where nobody has it; else the user's immutable name.
    pub(crate) name: &'a str,
    attributes: &'a Attributes,
    not_found: bool,
}

impl<'a> User<'a> {
    pub(crate) fn of<Source, Request>(
        event: &'a Event<Source, Request>,
        attributes: &'a Attributes,
        not_found: bool,
    ) -> Self {
        Self {
            pool_id: &event.user_pool_id,
            name: event.user_name.as_str(),
            attributes,
            not_found,
        }
    }

    /// Whether tokens may be issued to this user. Cognito runs the challenges also for users who do not exist, and it is not documented
    /// that it does not for those who are not confirmed, so that they are treated alike.
    pub(crate) fn may_sign_in(&self) -> bool {
        !self.not_found && self.attributes.get("cognito:user_status") == Some("CONFIRMED")
    }

    /// What makes the user's secret: the `sub`, since names that differ by case alone can be two users; or what was typed, in any case,
    /// so that a name that nobody has is one however it is typed.
    pub(crate) fn identity(&self) -> (&'static str, String) {
        match self.attributes.get("sub").filter(|_| !self.not_found) {
            Some(sub) => ("sub", sub.to_owned()),
            None => ("name", self.name.trim().to_lowercase()),
        }
    }

    pub(crate) fn sub(&self) -> Option<&'a str> {
        self.attributes.get("sub")
    }

    pub(crate) fn locale(&self) -> Option<&'a str> {
        self.attributes.get("locale")
    }

    /// The address, verified or not.
    pub(crate) fn address(&self, attribute: &str) -> Option<&'a str> {
        self.attributes
            .get(attribute)
            .filter(|text| !text.is_empty())
    }

    /// The address of a user who may sign in, if the pool calls it verified.
    pub(crate) fn verified_address(&self, attribute: &str) -> Option<&'a str> {
        let verified = self.attributes.get(&format!("{attribute}_verified"));
        self.address(attribute)
            .filter(|_| self.may_sign_in() && verified == Some("true"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(attributes: &Attributes, not_found: bool) -> User<'_> {
        User {
            pool_id: "pool",
            name: " Ines@Example.org",
            attributes,
            not_found,
        }
    }

    #[test]
    fn only_confirmed_users_who_exist_may_sign_in_and_get_messages() {
        for (status, not_found, expected) in [
            (Some("CONFIRMED"), false, true),
            (Some("CONFIRMED"), true, false),
            (Some("UNCONFIRMED"), false, false),
            (Some("FORCE_CHANGE_PASSWORD"), false, false),
            (Some("RESET_REQUIRED"), false, false),
            (Some("EXTERNAL_PROVIDER"), false, false),
            (Some("confirmed"), false, false),
            (None, false, false),
        ] {
            let attributes = Attributes::from([
                ("cognito:user_status", status.unwrap_or_default()),
                ("email", "ines@example.org"),
                ("email_verified", "true"),
            ]);
            let user = user(&attributes, not_found);
            assert_eq!(user.may_sign_in(), expected, "{status:?} {not_found}");
            let address = user.verified_address("email");
            assert_eq!(address.is_some(), expected, "{status:?} {not_found}");
        }
    }

    #[test]
    fn only_a_verified_address_gets_a_message() {
        for (verified, expected) in [("true", true), ("false", false), ("", false)] {
            let attributes = Attributes::from([
                ("cognito:user_status", "CONFIRMED"),
                ("phone_number", "+491701234567"),
                ("phone_number_verified", verified),
            ]);
            let address = user(&attributes, false).verified_address("phone_number");
            assert_eq!(address.is_some(), expected, "{verified}");
        }
    }

    #[test]
    fn a_user_is_the_sub_and_a_name_that_nobody_has_is_one_in_any_case() {
        let attributes = Attributes::from([("sub", "u-1")]);
        let nothing = Attributes::default();
        for (attributes, not_found, expected) in [
            (&attributes, false, ("sub", "u-1")),
            (&attributes, true, ("name", "ines@example.org")),
            (&nothing, true, ("name", "ines@example.org")),
        ] {
            let (kind, name) = user(attributes, not_found).identity();
            assert_eq!((kind, &*name), expected);
        }
    }
}
