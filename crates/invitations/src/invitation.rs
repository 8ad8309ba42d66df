use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use email_address::{Domain, EmailAddress};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::table::InvitationsError;

/// No code is longer, in bytes; a key of DynamoDB could have 2,048.
const MAX_CODE_BYTES: usize = 256;

/// What the key of a redemption begins with. Whoever knows a user's name can work out the rest, so no code may begin so.
const REDEMPTION: &str = "redeemer#";

/// No invitation may be used more often: each use takes 64 bytes of the item, and an item holds 400 KB.
const MAX_USES: usize = 5_000;

/// The code of an invitation, which is as good as a password.
#[derive(Debug, Clone)]
pub struct InvitationCode(SecretString);

impl InvitationCode {
    /// The code, or `None` for a text that no code can be.
    pub fn new(code: &str) -> Option<Self> {
        let is_code = (1..=MAX_CODE_BYTES).contains(&code.len()) && !code.starts_with(REDEMPTION);
        is_code.then(|| Self(code.into()))
    }

    pub(crate) fn value(&self) -> AttributeValue {
        AttributeValue::S(self.0.expose_secret().to_owned())
    }
}

impl PartialEq for InvitationCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for InvitationCode {}

/// Who has used an invitation: a digest, so that the table holds no addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemer(String);

impl Redeemer {
    /// The user of that pool who has that address, or else that name, since where the address is the user name Cognito makes a new name for
    /// each attempt. So in a pool where users may share an address, they share a use. `None` for a user without either, who could not be
    /// told from the next one.
    pub fn of(user_pool_id: &str, email: Option<&EmailAddress>, user_name: &str) -> Option<Self> {
        let name = email.map_or_else(|| user_name.to_lowercase(), EmailAddress::normalised);
        (!name.is_empty()).then(|| Self::new(user_pool_id, &name))
    }

    /// The account of that pool that has that user name, exactly as every event of it names it; `None` where the event names none.
    ///
    /// The address would not do: at sign-up nobody has shown that it is theirs, so an invitation's groups could come to an account that
    /// somebody else made for the address before.
    pub fn account(user_pool_id: &str, user_name: &str) -> Option<Self> {
        (!user_name.is_empty()).then(|| Self::new(user_pool_id, user_name))
    }

    fn new(user_pool_id: &str, name: &str) -> Self {
        let digest = Sha256::digest(format!("{user_pool_id}|{name}"));
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The key of the item that remembers the redemption.
    pub(crate) fn key(&self) -> AttributeValue {
        AttributeValue::S(format!("{REDEMPTION}{}", self.0))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// A use of an invitation that is to be noted.
#[derive(Debug, PartialEq, Eq)]
pub struct Redemption {
    /// The invitation.
    pub code: InvitationCode,
    /// Who uses it.
    pub redeemer: Redeemer,
    /// How many users may use it.
    pub max_uses: usize,
}

/// An invitation as the table holds it.
#[derive(Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its key.
    pub code: InvitationCode,
    /// Only this address may use it.
    pub email: Option<EmailAddress>,
    /// Only this domain and its sub-domains may use it.
    pub domain: Option<Domain>,
    /// How many users may use it.
    pub max_uses: usize,
    /// From this second on, since the epoch, it cannot be used.
    pub expires_at: Option<i64>,
    /// Who has used it.
    pub redeemed_by: Vec<Redeemer>,
}

impl Invitation {
    pub(crate) fn read(code: InvitationCode, item: &Item) -> Result<Self, InvitationsError> {
        Ok(Self {
            code,
            email: optional(item, "email", "an e-mail address", |value| {
                EmailAddress::parse(value.as_s().ok()?)
            })?,
            domain: optional(item, "domain", "a domain name", |value| {
                Domain::normalised(value.as_s().ok()?)
            })?,
            max_uses: optional(item, "maxUses", "a number up to 5000", |value| {
                let uses = value.as_n().ok()?.parse().ok()?;
                (uses <= MAX_USES).then_some(uses)
            })?
            .unwrap_or(1),
            expires_at: expires_at(item)?,
            redeemed_by: optional(item, "redeemedBy", "a set of texts", |value| {
                Some(value.as_ss().ok()?.iter().cloned().map(Redeemer).collect())
            })?
            .unwrap_or_default(),
        })
    }
}

/// The groups that come with an invitation.
pub(crate) fn groups(invitation: &Item) -> Result<Vec<String>, InvitationsError> {
    let groups = optional(
        invitation,
        "groups",
        "a list of texts",
        |value| match value {
            AttributeValue::Ss(groups) => Some(groups.clone()),
            AttributeValue::L(groups) => groups
                .iter()
                .map(|group| group.as_s().ok().cloned())
                .collect(),
            _ => None,
        },
    );
    Ok(groups?.unwrap_or_default())
}

/// The code that this redeemer made the redemption with, unless it is too long ago. DynamoDB deletes expired items some days late.
pub(crate) fn redeemed_code(
    redemption: &Item,
    redeemer: &Redeemer,
    now: OffsetDateTime,
) -> Result<Option<AttributeValue>, InvitationsError> {
    let by = optional(redemption, "redeemer", "a text", |value| {
        value.as_s().ok().cloned()
    })?;
    if by.as_deref() != Some(redeemer.text()) {
        return Ok(None);
    }
    let expires_at = expires_at(redemption)?;
    let code = optional(redemption, "invitation", "a code", |value| {
        InvitationCode::new(value.as_s().ok()?)
    })?;
    let in_time = expires_at.is_none_or(|expires_at| expires_at > now.unix_timestamp());
    Ok(code.filter(|_| in_time).map(|code| code.value()))
}

fn expires_at(item: &Item) -> Result<Option<i64>, InvitationsError> {
    optional(item, "expiresAt", "a time in epoch seconds", |value| {
        value.as_n().ok()?.parse().ok()
    })
}

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attribute's meaning, `None` if the item does not have it.
fn optional<T>(
    item: &Item,
    attribute: &'static str,
    expected: &'static str,
    read: impl FnOnce(&AttributeValue) -> Option<T>,
) -> Result<Option<T>, InvitationsError> {
    let Some(value) = item.get(attribute) else {
        return Ok(None);
    };
    match read(value) {
        Some(meaning) => Ok(Some(meaning)),
        None => Err(InvitationsError::Malformed {
            attribute,
            expected,
        }),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    fn read<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Result<Invitation, String> {
        let item: Item = attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        let code = InvitationCode::new("SPRING-7741").unwrap();
        Invitation::read(code, &item).map_err(|error| error.to_string())
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    fn number(number: &str) -> AttributeValue {
        AttributeValue::N(number.to_owned())
    }

    #[test]
    fn an_item_is_read() {
        let redeemer = Redeemer::new("eu-central-1_Kx7QmT2Zd", "kim@example.org");
        assert_eq!(
            read([
                ("code", text("SPRING-7741")),
                ("email", text("Ines@Example.org")),
                ("domain", text("EXAMPLE.org")),
                ("maxUses", number("3")),
                ("expiresAt", number("1800000000")),
                ("redeemedBy", AttributeValue::Ss(vec![redeemer.0.clone()])),
                ("note", text("for the spring campaign")),
            ]),
            Ok(Invitation {
                code: InvitationCode::new("SPRING-7741").unwrap(),
                email: EmailAddress::parse("ines@example.org"),
                domain: Some("example.org".parse().unwrap()),
                max_uses: 3,
                expires_at: Some(1_800_000_000),
                redeemed_by: vec![redeemer],
            })
        );
    }

    #[test]
    fn an_item_needs_only_its_code() {
        assert_eq!(
            read([("code", text("SPRING-7741"))]),
            Ok(Invitation {
                code: InvitationCode::new("SPRING-7741").unwrap(),
                email: None,
                domain: None,
                max_uses: 1,
                expires_at: None,
                redeemed_by: vec![],
            })
        );
    }

    #[test]
    fn a_malformed_item_is_named_without_its_value() {
        for (attribute, value, expected) in [
            ("email", text("not an address"), "an e-mail address"),
            ("email", AttributeValue::Null(true), "an e-mail address"),
            ("domain", text("@example.org"), "a domain name"),
            ("maxUses", text("3"), "a number up to 5000"),
            ("maxUses", number("-1"), "a number up to 5000"),
            ("maxUses", number("1.5"), "a number up to 5000"),
            ("maxUses", number("5001"), "a number up to 5000"),
            ("expiresAt", text("tomorrow"), "a time in epoch seconds"),
            ("expiresAt", number("1e40"), "a time in epoch seconds"),
            ("redeemedBy", text("kim"), "a set of texts"),
        ] {
            let refused =
                format!("failed to read the invitation: its `{attribute}` is not {expected}");
            assert_eq!(read([(attribute, value)]), Err(refused));
        }
    }

    #[test]
    fn a_code_has_bounds() {
        for (bytes, is_code) in [(0, false), (1, true), (256, true), (257, false)] {
            let code = InvitationCode::new(&"x".repeat(bytes));
            assert_eq!(code.is_some(), is_code, "{bytes} bytes");
        }
    }

    #[test]
    fn what_remembers_a_redemption_is_no_invitation() {
        let account = Redeemer::account("eu-central-1_Kx7QmT2Zd", "ines").unwrap();
        let AttributeValue::S(key) = account.key() else {
            panic!("keys are texts")
        };
        assert!(key.starts_with("redeemer#"), "{key}");
        assert_eq!(InvitationCode::new(&key), None);
    }

    #[test]
    fn a_use_is_the_addresss_or_else_the_names() {
        let of = |email, user_name| {
            Redeemer::of(
                "eu-central-1_Kx7QmT2Zd",
                EmailAddress::parse(email).as_ref(),
                user_name,
            )
        };
        assert_eq!(of("Ines@Example.org", "u-1"), of("ines@example.org", "u-2"));
        assert_ne!(of("ines@example.org", "u-1"), of("kim@example.org", "u-1"));
        assert_eq!(of("", "Ines"), of("", "ines"));
        assert_ne!(of("", "ines"), of("ines@example.org", "ines"));
        assert_eq!(of("", ""), None);
    }

    #[test]
    fn an_account_is_told_by_its_exact_name() {
        let account = |name| Redeemer::account("eu-central-1_Kx7QmT2Zd", name);
        assert_eq!(account("ines"), account("ines"));
        assert_ne!(account("ines"), account("Ines"));
        assert_ne!(
            account("ines"),
            Redeemer::account("eu-central-1_Another12", "ines")
        );
        assert_eq!(account(""), None);
    }

    #[test]
    fn neither_codes_nor_redeemers_are_printed() {
        let code = InvitationCode::new("SPRING-7741").unwrap();
        assert!(!format!("{code:?}").contains("SPRING"));
        // Made by `printf 'eu-central-1_Kx7QmT2Zd|kim@example.org' | sha256sum`.
        let redeemer = Redeemer::new("eu-central-1_Kx7QmT2Zd", "kim@example.org");
        assert_eq!(
            redeemer.0,
            "40a10c72b6480223352b4994701cb5f5be4bfdf1f1217d8cb6edaef3e83bfc8a"
        );
    }
}
