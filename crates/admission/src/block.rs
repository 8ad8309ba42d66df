use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use time::OffsetDateTime;

use crate::refusal::Refusal;
use crate::subject::Subject;

/// A block that is in force, and whom it lets through all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Who is blocked.
    pub subject: Subject,
    /// Groups of the pool whose members are not.
    pub except_groups: BTreeSet<String>,
}

impl Block {
    /// The block that the item is, or `None` when its time is over. DynamoDB deletes late, so the time is checked here.
    pub(crate) fn read(
        subject: Subject,
        mut item: Item,
        now: OffsetDateTime,
    ) -> Result<Option<Self>, Malformed> {
        let is_over = match item.remove("until") {
            None => false,
            Some(value) => epoch_seconds(&value).ok_or(Malformed::Until)? <= now.unix_timestamp(),
        };
        let except_groups = match item.remove("exceptGroups") {
            None => BTreeSet::new(),
            Some(AttributeValue::Ss(groups)) => groups.into_iter().collect(),
            Some(AttributeValue::L(values)) => {
                let groups = values.into_iter().map(text).collect::<Option<_>>();
                groups.ok_or(Malformed::ExceptGroups)?
            }
            Some(_) => return Err(Malformed::ExceptGroups),
        };
        Ok((!is_over).then_some(Self {
            subject,
            except_groups,
        }))
    }

    fn excepts(&self, groups: &[String]) -> bool {
        groups
            .iter()
            .any(|group| self.except_groups.contains(group))
    }
}

/// Whether none of these blocks holds for a member of these groups.
///
/// # Errors
///
/// The refusal of the first that does, in the order of the list.
pub fn not_blocked<'a>(
    blocks: impl IntoIterator<Item = &'a Block>,
    groups: &[String],
) -> Result<(), Refusal> {
    match blocks.into_iter().find(|block| !block.excepts(groups)) {
        Some(block) => Err(Refusal::from(&block.subject)),
        None => Ok(()),
    }
}

/// An item of the table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The item is not a block; someone has to correct it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It does not say when it ends.
    #[error("its `until` is not a whole number of seconds")]
    Until,
    /// It does not say whom it lets through.
    #[error("its `exceptGroups` is not a list of texts")]
    ExceptGroups,
}

fn epoch_seconds(value: &AttributeValue) -> Option<i64> {
    value.as_n().ok()?.parse().ok()
}

fn text(value: AttributeValue) -> Option<String> {
    match value {
        AttributeValue::S(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn read(members: &[(&str, AttributeValue)]) -> Result<Option<Block>, Malformed> {
        let item = members
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        Block::read(Subject::Pool, item, now)
    }

    fn n(number: &str) -> AttributeValue {
        AttributeValue::N(number.to_owned())
    }

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    fn block(subject: Subject, groups: &[&str]) -> Block {
        Block {
            subject,
            except_groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    #[test]
    fn a_block_ends_when_its_time_is_over() {
        let in_force = Ok(Some(block(Subject::Pool, &[])));
        for (case, until, expected) in [
            ("later", n("1800000001"), in_force.clone()),
            ("now", n("1800000000"), Ok(None)),
            ("before", n("1799999999"), Ok(None)),
            ("0", n("0"), Ok(None)),
            ("part of a second", n("1800000000.5"), Err(Malformed::Until)),
            ("text", s("1800000001"), Err(Malformed::Until)),
            ("null", AttributeValue::Null(true), Err(Malformed::Until)),
        ] {
            assert_eq!(read(&[("until", until)]), expected, "{case}");
        }
        assert_eq!(read(&[]), in_force, "without an end");
    }

    #[test]
    fn groups_come_as_set_or_list() {
        let expected = Ok(Some(block(Subject::Pool, &["admins", "staff"])));
        let texts = vec!["staff".to_owned(), "admins".to_owned()];
        let list = AttributeValue::L(vec![s("staff"), s("admins")]);
        assert_eq!(
            read(&[("exceptGroups", AttributeValue::Ss(texts))]),
            expected
        );
        assert_eq!(read(&[("exceptGroups", list)]), expected);
        let none = Ok(Some(block(Subject::Pool, &[])));
        assert_eq!(read(&[("exceptGroups", AttributeValue::L(vec![]))]), none);
        for value in [s("admins"), n("1"), AttributeValue::L(vec![n("1")])] {
            assert_eq!(
                read(&[("exceptGroups", value)]),
                Err(Malformed::ExceptGroups)
            );
        }
    }

    #[test]
    fn the_first_block_without_an_exception_decides() {
        let client = Subject::Client("c-1".to_owned());
        let user = Subject::User("u-1".to_owned());
        let blocks = [
            block(Subject::Pool, &["admins"]),
            block(client, &["admins", "staff"]),
            block(user, &[]),
        ];
        for (count, groups, expected) in [
            (3, &[][..], Err(Refusal::PoolBlocked)),
            (3, &["staff"], Err(Refusal::PoolBlocked)),
            (3, &["admins"], Err(Refusal::UserBlocked)),
            (2, &["others", "admins"], Ok(())),
            (2, &["Admins"], Err(Refusal::PoolBlocked)),
            (0, &[], Ok(())),
        ] {
            let groups: Vec<_> = groups.iter().map(|group| (*group).to_owned()).collect();
            assert_eq!(
                not_blocked(&blocks[..count], &groups),
                expected,
                "{count} {groups:?}"
            );
        }
    }
}
