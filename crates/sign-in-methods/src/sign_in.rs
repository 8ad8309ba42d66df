use std::fmt;
use std::fmt::Write;

use cognito_events::{Attributes, ClientMetadata, is_id};
use sha2::{Digest, Sha256};

/// One sign-in of a user at an app client: a key of the table.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn(String);

impl SignIn {
    /// The sign-in that an event belongs to; none where the event names no user or app client, or the app no sign-in.
    pub fn of(
        attributes: &Attributes,
        client_id: Option<&str>,
        client_metadata: &ClientMetadata,
    ) -> Option<Self> {
        let sub = attributes.get("sub").filter(|sub| is_id(sub))?;
        let client_id = client_id.filter(|id| is_id(id))?;
        let id = client_metadata.get(SIGN_IN_ID)?;
        if !ID_BYTES.contains(&id.len()) {
            return None;
        }
        let mut key = format!("user#{sub}#client#{client_id}#sign-in#");
        for byte in Sha256::digest(id) {
            write!(key, "{byte:02x}").expect("a text takes everything");
        }
        Some(Self(key))
    }

    pub(crate) fn key(&self) -> &str {
        &self.0
    }
}

/// Where the app puts it.
const SIGN_IN_ID: &str = "signInId";

/// 22 characters of base64 are 128 random bits; less could be met by chance, and more says nothing more.
const ID_BYTES: std::ops::RangeInclusive<usize> = 22..=128;

// It is known who signs in; with the app's id besides, somebody could pass for that sign-in.
impl fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SignIn([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "q83vEjRWeJCrze8SNFZ4kA";

    fn of(sub: &str, client_id: Option<&str>, id: &str) -> Option<SignIn> {
        let metadata = [("signInId", id)].into();
        SignIn::of(&[("sub", sub)].into(), client_id, &metadata)
    }

    #[test]
    fn only_a_whole_sign_in_has_a_key() {
        let longest = "x".repeat(128);
        for (sub, client_id, id, is_one) in [
            ("u-1", Some("web"), ID, true),
            ("u-1", Some("web"), &*longest, true),
            ("u-1", Some("web"), &*format!("{longest}x"), false),
            ("u-1", Some("web"), "short", false),
            ("u-1", Some("web"), "", false),
            ("u-1", None, ID, false),
            ("u-1", Some("we#b"), ID, false),
            ("", Some("web"), ID, false),
            ("u-1#client#web", Some("web"), ID, false),
        ] {
            let sign_in = of(sub, client_id, id);
            assert_eq!(sign_in.is_some(), is_one, "{sub} {client_id:?} {id}");
        }
        let nothing = ClientMetadata::default();
        assert_eq!(
            SignIn::of(&[("sub", "u-1")].into(), Some("web"), &nothing),
            None
        );
    }

    #[test]
    fn another_user_client_or_id_is_another_sign_in() {
        let one = of("u-1", Some("web"), ID);
        assert_eq!(one, of("u-1", Some("web"), ID));
        for other in [
            of("u-2", Some("web"), ID),
            of("u-1", Some("app"), ID),
            of("u-1", Some("web"), &ID.to_lowercase()),
        ] {
            assert!(other.is_some() && one != other);
        }
    }

    #[test]
    fn nobody_is_printed() {
        let shown = format!("{:?}", of("u-1", Some("web"), ID));
        assert_eq!(shown, "Some(SignIn([redacted]))");
    }
}
