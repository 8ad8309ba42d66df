use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::identifier::Identifier;

/// What the table says of an identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The identity of the account, as far as it has signed in.
    pub identity_id: Option<String>,
    /// The account that a linked login stands for.
    pub linked_to: Option<Identifier>,
    /// The logins that are linked to the account.
    pub logins: BTreeSet<Identifier>,
    /// Whether nobody gets anything by it.
    pub is_blocked: bool,
}

/// An attribute of the item is not what it should be; someone has to correct it. It quotes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` of an identity is malformed")]
pub struct Malformed(&'static str);

impl Record {
    /// Whether it is an account or a link: a login that is neither can be linked.
    pub fn stands_for_somebody(&self) -> bool {
        self.identity_id.is_some() || self.linked_to.is_some() || !self.logins.is_empty()
    }

    pub(crate) fn from_item(item: &HashMap<String, AttributeValue>) -> Result<Self, Malformed> {
        let text = |name: &'static str| {
            let value = item.get(name).map(|value| value.as_s());
            value.transpose().map_err(|_| Malformed(name))
        };
        let linked_to = text("linkedTo")?.map(|linked_to| linked_to.parse());
        let logins = item.get("logins").map(AttributeValue::as_ss);
        let logins = logins
            .transpose()
            .map_err(|_| Malformed("logins"))?
            .into_iter()
            .flatten();
        let blocked = item.get("blocked").map(AttributeValue::as_bool);
        Ok(Self {
            identity_id: text("identityId")?.cloned(),
            linked_to: linked_to.transpose().map_err(|_| Malformed("linkedTo"))?,
            logins: logins
                .map(|login| login.parse())
                .collect::<Result<_, _>>()
                .map_err(|_| Malformed("logins"))?,
            // Whatever it says, somebody meant something by it.
            is_blocked: blocked.is_some_and(|blocked| blocked != Ok(&false)),
        })
    }
}
