use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use table_transactions::{NotWritten, a_condition_failed, write};
use time::OffsetDateTime;

use crate::change::{Activity, Change, seconds, text};
use crate::table::{Item, Profiles, ProfilesError, key};
use crate::user::User;

impl Profiles {
    /// Notes an activity together with its security record.
    pub(crate) async fn note(
        &self,
        user: &User,
        activity: Activity,
        now: OffsetDateTime,
    ) -> Result<(), ProfilesError> {
        let writes = self.writes(user, activity, now)?;
        noted(write(&self.client, writes).await)
    }

    fn writes(
        &self,
        user: &User,
        activity: Activity,
        now: OffsetDateTime,
    ) -> Result<Vec<TransactWriteItem>, ProfilesError> {
        let change = Change::note(user, activity, now);
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(user)))
            .update_expression(change.update)
            .condition_expression(change.condition)
            .set_expression_attribute_names(Some(change.names))
            .set_expression_attribute_values(Some(change.values))
            .build()?;
        let mut writes = vec![TransactWriteItem::builder().update(update).build()];
        if let Some((kind, detail_type)) = activity.alert() {
            let put = Put::builder()
                .table_name(&self.table)
                .set_item(Some(security_record(user, kind, detail_type, now)))
                .build()?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        Ok(writes)
    }
}

/// The time is in the key to the second: two of a kind cannot be closer than the guard allows.
fn security_record(user: &User, kind: &str, detail_type: &str, now: OffsetDateTime) -> Item {
    let mut record: Item = user
        .identity()
        .into_iter()
        .map(|(attribute, value)| (attribute.to_owned(), value))
        .collect();
    record.insert("subject".to_owned(), user.subject());
    record.insert(
        "record".to_owned(),
        text(&format!("security#{}#{kind}", rfc_3339(now))),
    );
    record.insert("at".to_owned(), seconds(now));
    record.insert("detailType".to_owned(), text(detail_type));
    record
}

/// In UTC and whole seconds, so that the records of a user sort by their time.
fn rfc_3339(time: OffsetDateTime) -> String {
    let time = time.to_utc();
    let (hour, minute, second) = time.as_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", time.date())
}

/// That the event was noted before is as good as noting it.
fn noted(written: Result<(), NotWritten>) -> Result<(), ProfilesError> {
    match written {
        Err(error) if !a_condition_failed(&error) => Err(Box::new(error).into()),
        Ok(()) | Err(_) => Ok(()),
    }
}
