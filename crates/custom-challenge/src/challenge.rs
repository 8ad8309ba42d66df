//! A challenge, as the table keeps it: nothing in it lets anybody in.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use time::OffsetDateTime;

use crate::kind::Kind;
use crate::table::{ChallengesError, binary, flag, number, number_of, text, text_of};
use crate::user_secret::hexadecimal;

/// A challenge that somebody was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// 128 random bits. Also the id of the message, so that it is sent once.
    pub(crate) id: String,
    /// 128 more, for what the message brings.
    pub(crate) seed: Vec<u8>,
    pub(crate) kind: Kind,
    /// Whose it is, as a keyed hash.
    pub(crate) owner: String,
    pub(crate) client_id: String,
    /// Epoch seconds.
    pub(crate) expires_at: i64,
    /// How many digits its code has.
    pub(crate) digits: usize,
    /// The page that a link leads to.
    pub(crate) redirect: Option<String>,
    /// Whether the link may be opened on another device.
    pub(crate) cross_device: bool,
}

/// 128 bits from the operating system.
pub(crate) fn random() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The same as a text.
pub(crate) fn random_id() -> Result<String, getrandom::Error> {
    Ok(hexadecimal(&random()?))
}

pub(crate) type Item = HashMap<String, AttributeValue>;

impl Challenge {
    pub(crate) fn key(id: &str) -> String {
        format!("challenge#{id}")
    }

    pub(crate) fn is_alive(&self, now: OffsetDateTime) -> bool {
        self.expires_at > now.unix_timestamp()
    }

    pub(crate) fn to_item(&self) -> Item {
        let mut item = Item::from(
            [
                ("id", text(Self::key(&self.id))),
                ("seed", AttributeValue::B(self.seed.clone().into())),
                ("kind", text(self.kind.as_str())),
                ("owner", text(&self.owner)),
                ("client", text(&self.client_id)),
                ("expiresAt", number(self.expires_at)),
                ("digits", number(self.digits as i64)),
                ("crossDevice", AttributeValue::Bool(self.cross_device)),
                // An empty set cannot be kept, and the size of one that is not there cannot be compared.
                ("attempts", AttributeValue::Ss(vec![NO_ATTEMPT.to_owned()])),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        if let Some(redirect) = &self.redirect {
            item.insert("redirect".to_owned(), text(redirect));
        }
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Self, ChallengesError> {
        let malformed = || ChallengesError::Malformed("a challenge");
        let read = || {
            Some(Self {
                id: text_of(item, "id")?.strip_prefix("challenge#")?.to_owned(),
                seed: binary(item, "seed")?,
                kind: text_of(item, "kind")?.parse().ok()?,
                owner: text_of(item, "owner")?.to_owned(),
                client_id: text_of(item, "client")?.to_owned(),
                expires_at: number_of(item, "expiresAt")?,
                digits: number_of(item, "digits")?.try_into().ok()?,
                redirect: text_of(item, "redirect").map(str::to_owned),
                cross_device: flag(item, "crossDevice")?,
            })
        };
        read().ok_or_else(malformed)
    }
}

/// Stands in the set of attempts from the beginning, and counts as one.
pub(crate) const NO_ATTEMPT: &str = "-";

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn challenge(kind: Kind) -> Challenge {
        Challenge {
            id: "1".to_owned(),
            seed: vec![7; 16],
            kind,
            owner: "owner".to_owned(),
            client_id: "web".to_owned(),
            expires_at: 1_800_000_300,
            digits: 6,
            redirect: Some("https://app.example.com/sign-in".to_owned()),
            cross_device: false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for kind in Kind::ALL {
            let written = challenge(kind);
            assert_eq!(Challenge::from_item(&written.to_item()).unwrap(), written);
        }
        let without = Challenge {
            redirect: None,
            ..challenge(Kind::Totp)
        };
        assert_eq!(Challenge::from_item(&without.to_item()).unwrap(), without);
        let mut item = without.to_item();
        item.remove("seed");
        assert!(Challenge::from_item(&item).is_err());
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(random_id().unwrap(), random_id().unwrap());
        assert_eq!(random_id().unwrap().len(), 32);
    }
}
