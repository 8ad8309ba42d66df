use std::collections::BTreeMap;
use std::fmt;

use aws_connection::CallError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use legacy_users::TOMBSTONE;

use crate::tally::grouped;

/// Who has moved and who has not, by cohort.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    cohorts: BTreeMap<String, Counts>,
    /// Users who have moved and whose rows may be gone.
    tombstones: u64,
    /// Those among them who have not signed in to the pool yet.
    awaited: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counts {
    waiting: u64,
    migrated: u64,
    deleted: u64,
}

/// Why the table could not be counted.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the table")]
pub(crate) struct ReportError(#[from] CallError);

impl Report {
    /// Counts the table's rows, of which no more is read than the counting takes.
    ///
    /// # Errors
    ///
    /// [`ReportError`]
    pub(crate) async fn of(client: &Client, table: &str) -> Result<Self, ReportError> {
        let mut report = Self::default();
        let mut start = None;
        loop {
            let request = client
                .scan()
                .table_name(table)
                .projection_expression("#user, #state, cohort, awaited")
                .expression_attribute_names("#user", "user")
                .expression_attribute_names("#state", "state")
                .set_exclusive_start_key(start);
            let page = Box::pin(request.send()).await.map_err(CallError::from)?;
            for row in page.items.into_iter().flatten() {
                let word = |name| {
                    row.get(name)
                        .and_then(|value: &AttributeValue| value.as_s().ok())
                };
                report.add(word("user"), word("state"), word("cohort"));
                report.awaited += u64::from(row.contains_key("awaited"));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(report);
            }
        }
    }

    fn add(&mut self, user: Option<&String>, state: Option<&String>, cohort: Option<&String>) {
        if user.is_some_and(|user| user.starts_with(TOMBSTONE)) {
            self.tombstones += 1;
            return;
        }
        let cohort = cohort.map_or("-", |cohort| cohort);
        let counts = self.cohorts.entry(cohort.to_owned()).or_default();
        match state.map(String::as_str) {
            Some("migrated") => counts.migrated += 1,
            Some("deleted") => counts.deleted += 1,
            _ => counts.waiting += 1,
        }
    }
}

/// A table with a row for each cohort and one for all.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = ["cohort", "waiting", "migrated", "deleted", "moved"].map(str::to_owned);
        row(formatter, &heading)?;
        let mut all = Counts::default();
        for (cohort, counts) in &self.cohorts {
            all.waiting += counts.waiting;
            all.migrated += counts.migrated;
            all.deleted += counts.deleted;
            row(formatter, &cells(cohort, *counts))?;
        }
        row(formatter, &cells("all", all))?;
        // Rows can be deleted by hand without their tombstones, and a tombstone stays for good.
        let gone = self.tombstones.saturating_sub(all.migrated);
        if gone > 0 {
            write!(
                formatter,
                "\nand {} who have moved and whose rows are gone",
                grouped(gone)
            )?;
        }
        if self.awaited > 0 {
            write!(
                formatter,
                "\n{} of all who have moved have not signed in yet",
                grouped(self.awaited)
            )?;
        }
        Ok(())
    }
}

fn cells(cohort: &str, counts: Counts) -> [String; 5] {
    let Counts {
        waiting,
        migrated,
        deleted,
    } = counts;
    let share = (migrated * 100).checked_div(waiting + migrated);
    let share = share.map_or_else(|| "-".to_owned(), |share| format!("{share} %"));
    [
        cohort.to_owned(),
        grouped(waiting),
        grouped(migrated),
        grouped(deleted),
        share,
    ]
}

fn row(formatter: &mut fmt::Formatter<'_>, cells: &[String; 5]) -> fmt::Result {
    let [cohort, waiting, migrated, deleted, moved] = cells;
    if cohort != "cohort" {
        writeln!(formatter)?;
    }
    write!(
        formatter,
        "{cohort:<24} {waiting:>12} {migrated:>12} {deleted:>12} {moved:>7}"
    )
}

#[cfg(test)]
mod tests {
    use embedded_dynamodb::{Tables, unreachable_client};
    use function_tests::{create, put};
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn users_are_counted_by_cohort_and_state() {
        let tables = Tables::in_memory().unwrap();
        create(&tables, "legacy", &["user"]);
        for (user, cohort, state) in [
            ("ines", Some("shop"), Some("migrated")),
            ("jan", Some("shop"), Some("waiting")),
            ("mia", Some("shop"), None),
            ("tom", None, Some("deleted")),
            ("tombstone#ines", None, None),
            ("tombstone#eva", None, None),
        ] {
            let mut item = json!({"user": {"S": user}, "hash": {"S": "$2b$10$secret"}});
            for (name, value) in [("cohort", cohort), ("state", state)] {
                if let Some(value) = value {
                    item[name] = json!({"S": value});
                }
            }
            if user == "tombstone#ines" {
                item["awaited"] = json!({"BOOL": true});
            }
            put(&tables, "legacy", &item);
        }
        let report = Report::of(&tables.client(), "legacy").await.unwrap();
        let expected = "\
cohort                        waiting     migrated      deleted   moved
-                                   0            0            1       -
shop                                2            1            0    33 %
all                                 2            1            1    33 %
and 1 who have moved and whose rows are gone
1 of all who have moved have not signed in yet";
        assert_eq!(report.to_string(), expected);
    }

    #[tokio::test]
    async fn a_table_that_cannot_be_read_is_said() {
        let error = Report::of(&unreachable_client(), "legacy")
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "failed to read the table");
    }
}
