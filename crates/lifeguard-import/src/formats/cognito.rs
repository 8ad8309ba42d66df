//! Amazon Cognito: the CSV file from which it imports users into a pool. It has no passwords, so these users ask for a new one, or sign in
//! at the pool that they come from.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html>

use csv::StringRecord;
use legacy_users::Address;

use super::{Entries, Entry};
use crate::columns::{Rows, truth};
use crate::input::{Input, ReadError};
use crate::record::{Record, Reject};

const USER_NAME: &str = "cognito:username";

pub(super) fn entries(input: Input) -> Result<Entries, ReadError> {
    let rows = Rows::new(input, b',')?;
    if !rows.header.iter().any(|name| name == USER_NAME) {
        let problem = format!("there is no column `{USER_NAME}`");
        return Err(ReadError::NotAsSaid(problem));
    }
    let header = rows.header.clone();
    Ok(Box::new(rows.map(move |row| {
        let row = row?;
        let record = row.values.and_then(|values| record(&header, &values));
        let line = row.line;
        Ok(Entry { line, record })
    })))
}

fn record(header: &StringRecord, values: &StringRecord) -> Result<Record, Reject> {
    let mut record = Record::default();
    for (name, value) in header.iter().zip(values) {
        let is_true = || truth(value).ok_or(Reject::NotA("a row that says true or false"));
        record = match name {
            USER_NAME => Record {
                username: Some(value.to_owned()),
                ..record
            },
            "email_verified" => record.verified(Address::Email, is_true()?),
            "phone_number_verified" => record.verified(Address::PhoneNumber, is_true()?),
            // Cognito's own: nothing about the user.
            _ if name.starts_with("cognito:") => record,
            _ => record.with(name, Some(value.to_owned())),
        };
    }
    Ok(record)
}
