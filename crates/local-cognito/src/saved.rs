mod identity_pools;

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::identity_pool::IdentityPool;
use crate::ids;
use crate::template;
use crate::tokens::PoolKeys;
use crate::user_pool::{State, UserPool};

/// A file or directory of the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("failed to use {path}: {cause}")]
pub struct Unusable {
    path: PathBuf,
    cause: String,
}

impl Unusable {
    pub(crate) fn new(path: &Path, cause: &dyn ToString) -> Self {
        Self {
            path: path.to_owned(),
            cause: cause.to_string(),
        }
    }
}

/// The data directory: `tables.sqlite`, `objects`, the secret of KMS's keys, the key of the identity pools' tokens, and for each pool a JSON
/// file with its users, grants and keys, or its identities.
pub(crate) struct Saved {
    directory: PathBuf,
    /// Held for as long as the stand-in runs, so that a second one does not write over the first one's files.
    _lock: File,
    /// What the pools' files hold, by their names.
    written: Mutex<HashMap<String, Vec<u8>>>,
}

#[derive(Deserialize)]
struct Read {
    keys: Vec<Vec<u8>>,
    decoy_key: [u8; 32],
    state: State,
}

#[derive(Serialize)]
struct Written<'a> {
    keys: Vec<Vec<u8>>,
    decoy_key: [u8; 32],
    state: &'a State,
}

impl Saved {
    /// Makes or opens the directory.
    pub(crate) fn open(directory: &Path) -> Result<Self, Unusable> {
        let failed = |cause: &dyn ToString| Unusable::new(directory, cause);
        fs::create_dir_all(directory).map_err(|error| failed(&error))?;
        let lock = File::create(directory.join("lock")).map_err(|error| failed(&error))?;
        lock.try_lock()
            .map_err(|_| failed(&"another local-cognito uses it"))?;
        Ok(Self {
            directory: directory.to_owned(),
            _lock: lock,
            written: Mutex::default(),
        })
    }

    pub(crate) fn tables(&self) -> PathBuf {
        self.directory.join("tables.sqlite")
    }

    /// Where objects are.
    pub(crate) fn objects(&self) -> PathBuf {
        self.directory.join("objects")
    }

    /// The secret of KMS's keys, as an earlier run left it or a new one.
    pub(crate) fn key_secret(&self) -> Result<[u8; 32], Unusable> {
        let path = self.directory.join("kms-secret");
        let failed = |cause: &dyn ToString| Unusable::new(&path, cause);
        match fs::read(&path) {
            Ok(secret) => {
                let secret = secret.try_into();
                secret.map_err(|_| failed(&"not written by this version of local-cognito"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secret = ids::random();
                write_private(&path, &secret).map_err(|error| failed(&error))?;
                Ok(secret)
            }
            Err(error) => Err(failed(&error)),
        }
    }

    /// A pool as an earlier run left it, or a new one.
    pub(crate) fn pool(&self, config: &template::UserPool, now: i64) -> Result<UserPool, Unusable> {
        let Some(read) = self.read::<Read>(&config.id)? else {
            return Ok(Self::fresh_pool(config, now));
        };
        let keys = PoolKeys::from_der(&read.keys);
        let path = self.file(&config.id);
        let keys = keys.ok_or_else(|| Unusable::new(&path, &"its keys cannot be read"))?;
        Ok(UserPool::new(
            config.clone(),
            keys,
            read.decoy_key,
            Some(read.state),
            now,
        ))
    }

    /// A pool that nobody has signed up to.
    pub(crate) fn fresh_pool(config: &template::UserPool, now: i64) -> UserPool {
        UserPool::new(
            config.clone(),
            PoolKeys::generate(),
            ids::random(),
            None,
            now,
        )
    }

    /// Writes the template's pools that have changed since the last time, each file at once or not at all, and removes the files of those
    /// that were deleted. Pools that clients make at run time are not kept.
    pub(crate) fn save(
        &self,
        pools: &[Arc<UserPool>],
        identity_pools: &[Arc<IdentityPool>],
    ) -> Result<(), Unusable> {
        let mut kept = BTreeMap::new();
        for pool in pools.iter().filter(|pool| pool.config.is_of_template()) {
            let state = pool.state();
            let content = Written {
                keys: pool.keys.to_der(),
                decoy_key: pool.decoy_key,
                state: &state,
            };
            kept.insert(pool.config.id.clone(), serde_json::to_vec(&content));
        }
        for pool in identity_pools.iter().filter(|pool| pool.config.of_template) {
            let content = serde_json::to_vec(&*pool.identities());
            kept.insert(identity_pools::file_name(&pool.config), content);
        }
        let mut written = self.written();
        for (name, _) in written.extract_if(|name, _| !kept.contains_key(name)) {
            let path = self.file(&name);
            fs::remove_file(&path).map_err(|error| Unusable::new(&path, &error))?;
        }
        for (name, text) in kept {
            let path = self.file(&name);
            let failed = |cause: &dyn ToString| Unusable::new(&path, cause);
            let text = text.map_err(|error| failed(&error))?;
            if written.get(&name) == Some(&text) {
                continue;
            }
            let part = path.with_extension("part");
            write_private(&part, &text)
                .and_then(|()| fs::rename(&part, &path))
                .map_err(|error| failed(&error))?;
            written.insert(name, text);
        }
        Ok(())
    }

    /// What an earlier run wrote to a pool's file, if there is one.
    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Unusable> {
        let path = self.file(name);
        let failed = |cause: &dyn ToString| Unusable::new(&path, cause);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error)),
        };
        let read = serde_json::from_slice(&text)
            .map_err(|_| failed(&"not written by this version of local-cognito"))?;
        self.written().insert(name.to_owned(), text);
        Ok(Some(read))
    }

    /// What the files hold, by their names.
    fn written(&self) -> MutexGuard<'_, HashMap<String, Vec<u8>>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.json"))
    }
}

/// Writes a file that nobody else on the machine can read: it holds keys.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content)
}
