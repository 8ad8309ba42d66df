//! WordPress: the table of users in a dump of its database, as `mysqldump` or `wp db export` writes it.
//!
//! Hashes of before 2005 are bare MD5. WordPress does not know whether an address was verified, and its roles stand in another table.
//!
//! Source: <https://codex.wordpress.org/Database_Description#Table:_wp_users>

use serde_json::json;

use super::{Entries, Entry};
use crate::record::{Record, Reject, of_format, recognised};
use crate::sql::{Row, Rows};

pub(super) fn entries(rows: Rows) -> Entries {
    Box::new(rows.map(|row| {
        let row = row?;
        let record = row.values.and_then(|row| record(&row));
        let line = row.line;
        Ok(Entry { line, record })
    }))
}

fn record(row: &Row) -> Result<Record, Reject> {
    // What a network of sites has besides.
    if [row.value("spam"), row.value("deleted")].contains(&Some("1")) {
        return Err(Reject::Blocked);
    }
    let hash = row.value("user_pass").filter(|text| !text.is_empty());
    let hash = hash.map(|text| {
        if is_md5(text) {
            of_format("digest", text.into(), json!({ "algorithm": "md5" }))
        } else {
            Ok(recognised(text.into()))
        }
    });
    let value = |column| row.value(column).map(str::to_owned);
    let record = Record {
        username: value("user_login"),
        hash: hash.transpose()?,
        ..Record::default()
    };
    Ok(record
        .with("email", value("user_email"))
        .with("name", value("display_name"))
        .with("website", value("user_url")))
}

fn is_md5(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
