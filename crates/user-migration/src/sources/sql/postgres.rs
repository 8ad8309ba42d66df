use futures_util::{StreamExt, TryStreamExt};
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, TypeInfo};

use super::SqlError;
use super::row::Columns;
use crate::config::Database;

/// The limit is the one that this side keeps, so that the server does not work on for nobody.
const BEGIN: &str = "START TRANSACTION READ ONLY; SET LOCAL statement_timeout = 2000";

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
    let rows: Vec<PgRow> = rows.await?;
    // With two rows there may be more, which nobody waits for.
    if rows.len() < 2 {
        connection.close().await?;
    }
    rows.iter().map(columns).collect()
}

fn options(database: &Database, password: &SecretString) -> PgConnectOptions {
    let server = &database.server;
    let options = PgConnectOptions::new_without_pgpass()
        .host(&server.host)
        .port(server.port)
        .username(&server.user)
        .password(password.expose_secret())
        .database(&server.database)
        .application_name("user-migration")
        .ssl_mode(if server.is_on_loopback() {
            PgSslMode::Prefer
        } else {
            PgSslMode::VerifyFull
        })
        .disable_statement_logging();
    match &database.roots {
        Some(roots) => options.ssl_root_cert(roots),
        None => options,
    }
}

fn columns(row: &PgRow) -> Result<Columns, SqlError> {
    let mut columns = Columns::new();
    for (place, column) in row.columns().iter().enumerate() {
        let text = match column.type_info().name() {
            "BOOL" => row
                .try_get::<Option<bool>, _>(place)?
                .map(|value| value.to_string()),
            "INT2" => row
                .try_get::<Option<i16>, _>(place)?
                .map(|value| value.to_string()),
            "INT4" => row
                .try_get::<Option<i32>, _>(place)?
                .map(|value| value.to_string()),
            "INT8" => row
                .try_get::<Option<i64>, _>(place)?
                .map(|value| value.to_string()),
            kind => row
                .try_get::<Option<String>, _>(place)
                .map_err(|_| SqlError::NoText(kind.to_owned()))?,
        };
        columns.extend(text.map(|text| (column.name().to_owned(), text)));
    }
    Ok(columns)
}
