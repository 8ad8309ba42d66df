use std::path::{Path, PathBuf};

use dynoxide::{Database, DynoxideError};

use crate::wire;

/// Tables with their items; a clone is the same tables.
///
/// Expired items stay until somebody deletes them, as DynamoDB keeps them for up to days: a reader has to check the expiry itself.
#[derive(Clone)]
pub struct Tables {
    database: Database,
}

/// What DynamoDB answers over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: 200, 400 or 500.
    pub status: u16,
    /// JSON; a failure names itself in `__type`.
    pub body: Vec<u8>,
}

/// The tables could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The memory for them could not be set up.
    #[error("failed to open the tables in memory")]
    InMemory(#[source] DynoxideError),
    /// The file is not there and cannot be made, or holds something else.
    #[error("failed to open the tables in {}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DynoxideError,
    },
    /// SQLite takes its paths as UTF-8.
    #[error("failed to open the tables in {}: the path is not UTF-8", .0.display())]
    PathNotUtf8(PathBuf),
}

impl Tables {
    /// Tables that end with the process.
    ///
    /// # Errors
    ///
    /// [`OpenError::InMemory`].
    pub fn in_memory() -> Result<Self, OpenError> {
        let database = Database::memory().map_err(OpenError::InMemory)?;
        Ok(Self { database })
    }

    /// Tables that outlast the process, in a file that is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`OpenError::InFile`], [`OpenError::PathNotUtf8`].
    pub fn in_file(path: &Path) -> Result<Self, OpenError> {
        let text = path
            .to_str()
            .ok_or_else(|| OpenError::PathNotUtf8(path.to_owned()))?;
        let database = Database::new(text).map_err(|source| OpenError::InFile {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self { database })
    }

    /// Answers a request of DynamoDB's JSON protocol. The operation is what follows the dot in `X-Amz-Target`, for example `GetItem`.
    pub fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        match self.run(operation, body) {
            Ok(body) => Answer { status: 200, body },
            Err(failure) => Answer {
                status: failure.status(),
                body: failure.body().into_bytes(),
            },
        }
    }

    fn run(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>, wire::Failure> {
        let database = &self.database;
        match operation {
            "BatchGetItem" => wire::call(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => wire::call(body, |request| database.batch_write_item(request)),
            "CreateTable" => wire::call(body, |request| database.create_table(request)),
            "DeleteItem" => wire::call(body, |request| database.delete_item(request)),
            "DeleteTable" => wire::call(body, |request| database.delete_table(request)),
            "DescribeTable" => wire::call(body, |request| database.describe_table(request)),
            "DescribeTimeToLive" => {
                wire::call(body, |request| database.describe_time_to_live(request))
            }
            "GetItem" => wire::call(body, |request| database.get_item(request)),
            "ListTables" => wire::call(body, |request| database.list_tables(request)),
            "ListTagsOfResource" => {
                wire::call(body, |request| database.list_tags_of_resource(request))
            }
            "PutItem" => wire::call(body, |request| database.put_item(request)),
            "Query" => wire::call(body, |request| database.query(request)),
            "Scan" => wire::call(body, |request| database.scan(request)),
            "TagResource" => wire::call(body, |request| database.tag_resource(request)),
            "TransactGetItems" => wire::call(body, |request| database.transact_get_items(request)),
            "TransactWriteItems" => {
                wire::call(body, |request| database.transact_write_items(request))
            }
            "UntagResource" => wire::call(body, |request| database.untag_resource(request)),
            "UpdateItem" => wire::call(body, |request| database.update_item(request)),
            "UpdateTable" => wire::call(body, |request| database.update_table(request)),
            "UpdateTimeToLive" => wire::call(body, |request| database.update_time_to_live(request)),
            _ => Err(wire::Failure::UnknownOperation),
        }
    }
}
