//! A database: one configured statement finds the user, with the hash of the password, which is checked here.
//!
//! The name is the statement's parameter and never a part of its text. It runs in a transaction that cannot write.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod row;

use std::sync::Arc;
use std::time::Duration;

use parameter_secrets::SecretStore;

use crate::config::{Database, Kind};
use crate::hashes::Hashes;
use crate::secrets::Secrets;
use crate::source::{Asking, Found, Proof, Question, Source, SourceError};

use row::{Columns, Row};

/// For connecting and the statement. The check of the hash comes after it, and has limits of its own.
const LIMIT: Duration = Duration::from_secs(2);

/// The database, and how its hashes are checked.
pub(crate) struct Sql {
    pub(crate) database: Database,
    pub(crate) hashes: Hashes,
    pub(crate) secrets: Arc<SecretStore<Secrets>>,
}

impl Source for Sql {
    fn name(&self) -> &'static str {
        "sql"
    }

    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a> {
        Box::pin(self.answer(question))
    }
}

impl Sql {
    async fn answer(&self, question: &Question<'_>) -> Result<Option<Found>, SourceError> {
        let rows = tokio::time::timeout(LIMIT, self.rows(question));
        let rows = rows.await.map_err(|_elapsed| SqlError::TooSlow)??;
        let row = the_one(rows)?;
        let Some(password) = question.password else {
            return Ok(row.map(|row| row.found(Proof::Known)));
        };
        let hash = row.as_ref().and_then(|row| row.hash.as_ref());
        let is_right = self.hashes.fits(hash, password, question.now).await?;
        let row = row.filter(|_| is_right);
        Ok(row.map(|row| row.found(Proof::PasswordRight)))
    }

    /// On a connection of its own: one that Lambda froze may be dead.
    async fn rows(&self, question: &Question<'_>) -> Result<Vec<Columns>, SourceError> {
        let secrets = self.secrets.get(question.now).await?;
        let password = secrets.sql_password.as_ref().ok_or(SqlError::NoPassword)?;
        // No database keeps a text with NUL, and PostgreSQL takes none. Nobody has the empty name either.
        let name = Some(question.name.as_str()).filter(|name| !name.contains('\0'));
        let name = name.unwrap_or_default();
        Ok(match self.database.server.kind {
            #[cfg(feature = "postgres")]
            Kind::Postgres => postgres::rows(&self.database, password, name).await?,
            #[cfg(feature = "mysql")]
            Kind::MySql => mysql::rows(&self.database, password, name).await?,
        })
    }
}

/// The row of the user. A name that two users have is nobody's.
fn the_one(mut rows: Vec<Columns>) -> Result<Option<Row>, SqlError> {
    let row = rows.pop();
    if !rows.is_empty() {
        tracing::error!("the database has more than one user of a name");
        return Ok(None);
    }
    row.map(Row::of).transpose()
}

/// Why the database has not answered. Its own words could quote a name, so of its errors there is the code alone.
#[derive(Debug, thiserror::Error)]
enum SqlError {
    #[error("the secrets have no sqlPassword")]
    NoPassword,
    #[error("failed to reach the database")]
    Unreachable(#[source] SourceError),
    #[error("the database answers with error {0}")]
    Refused(String),
    #[error("failed to understand the database")]
    Misunderstood,
    #[error("the statement returns no column `user`")]
    NoUser,
    #[error("the statement returns a column of type {0}, which is no text; cast it")]
    NoText(String),
    #[error("the database did not answer within {} s", LIMIT.as_secs())]
    TooSlow,
}

impl From<sqlx::Error> for SqlError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) => Self::Unreachable(error.into()),
            sqlx::Error::Tls(error) => Self::Unreachable(error),
            sqlx::Error::Database(error) => {
                Self::Refused(error.code().unwrap_or_default().into_owned())
            }
            _ => Self::Misunderstood,
        }
    }
}
