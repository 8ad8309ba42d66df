use futures_util::{StreamExt, TryStreamExt};
use secrecy::{ExposeSecret, SecretString};
use sqlx::mysql::{MySqlConnectOptions, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, TypeInfo};

use super::SqlError;
use super::row::Columns;
use crate::config::Database;

const BEGIN: &str = "START TRANSACTION READ ONLY";

/// At most two rows of that name.
pub(super) async fn rows(
    database: &Database,
    password: &SecretString,
    name: &str,
) -> Result<Vec<Columns>, SqlError> {
    let mut connection = options(database, password).connect().await?;
    connection.execute(BEGIN).await?;
    let statement = AssertSqlSafe(database.statement.clone());
    let query = sqlx::query(statement).persistent(false).bind(name);
    let rows = query.fetch(&mut connection).take(2).try_collect();
    let rows: Vec<MySqlRow> = rows.await?;
    // With two rows there may be more, which nobody waits for.
    if rows.len() < 2 {
        connection.close().await?;
    }
    rows.iter().map(columns).collect()
}

/// The server's own modes stay as they are, since the statement was written for them.
fn options(database: &Database, password: &SecretString) -> MySqlConnectOptions {
    let server = &database.server;
    let options = MySqlConnectOptions::new()
        .host(&server.host)
        .port(server.port)
        .username(&server.user)
        .password(password.expose_secret())
        .database(&server.database)
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .ssl_mode(if server.is_on_loopback() {
            MySqlSslMode::Preferred
        } else {
            MySqlSslMode::VerifyIdentity
        })
        .disable_statement_logging();
    match &database.roots {
        Some(roots) => options.ssl_ca(roots),
        None => options,
    }
}

fn columns(row: &MySqlRow) -> Result<Columns, SqlError> {
    let mut columns = Columns::new();
    for (place, column) in row.columns().iter().enumerate() {
        let text = match column.type_info().name() {
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => row
                .try_get::<Option<i64>, _>(place)?
                .map(|value| value.to_string()),
            kind => text(row, place).map_err(|_| SqlError::NoText(kind.to_owned()))?,
        };
        columns.extend(text.map(|text| (column.name().to_owned(), text)));
    }
    Ok(columns)
}

/// Hashes are often kept as bytes, which are text all the same.
fn text(row: &MySqlRow, place: usize) -> Result<Option<String>, sqlx::Error> {
    let bytes: Option<Vec<u8>> = row.try_get(place)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|error| sqlx::Error::Decode(error.into()))
}
