//! A directory, such as OpenLDAP or Active Directory: a service account searches the user, and a bind as that user tries the password.
//!
//! Whoever is not there, twice there or disabled costs the same three operations: the password is then tried on an entry that nobody has the
//! password of. Referrals are not followed, since another server's word is another trust.

mod answer;
mod entry;
mod tls;

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ldap3::controls::RawControl;
use ldap3::result::LdapError;
use ldap3::{
    DerefAliases, Ldap as Connection, LdapConnAsync, LdapConnSettings, Scope, SearchEntry,
    SearchOptions,
};
use parameter_secrets::SecretStore;
use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};

use crate::config::Directory;
use crate::secrets::Secrets;
use crate::source::{Asking, Found, Proof, Question, Source, SourceError};

/// For the whole exchange, connecting included.
const LIMIT: Duration = Duration::from_secs(2);

/// Asks the directory to say of a password that it is right and has expired. What does not know it ignores it.
///
/// Source: draft-behera-ldap-password-policy-11, section 6.1.
const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

/// The result codes of RFC 4511, appendix A, that mean something here.
const SUCCESS: u32 = 0;
const SIZE_LIMIT_EXCEEDED: u32 = 4;

/// The directory, and what of an entry moves.
pub(crate) struct Ldap {
    directory: Directory,
    attributes: Vec<String>,
    secrets: Arc<SecretStore<Secrets>>,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Source for Ldap {
    fn name(&self) -> &'static str {
        "ldap"
    }

    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a> {
        Box::pin(async move {
            // To a directory a bind without a password is one as nobody, which succeeds.
            if question.password.is_some_and(is_empty) {
                return Ok(None);
            }
            tokio::time::timeout(LIMIT, self.exchange(question))
                .await
                .map_err(|_elapsed| DirectoryError::TooSlow)?
        })
    }
}

impl Ldap {
    /// `attributes` are the names, in the older system, of those that move.
    pub(crate) fn new(
        directory: Directory,
        attributes: Vec<String>,
        secrets: Arc<SecretStore<Secrets>>,
    ) -> Self {
        Self {
            directory,
            attributes,
            secrets,
            tls: OnceLock::new(),
        }
    }

    /// A connection of its own for each question: one that Lambda froze may be dead.
    async fn exchange(&self, question: &Question<'_>) -> Result<Option<Found>, SourceError> {
        let secrets = self.secrets.get(question.now).await?;
        let password = secrets.ldap_password.as_ref();
        let password = password.filter(|password| !is_empty(password));
        let password = password.ok_or(DirectoryError::NoPassword)?;
        let settings = LdapConnSettings::new()
            .set_starttls(true)
            .set_config(self.tls()?);
        let connecting = LdapConnAsync::with_settings(settings, &self.directory.url);
        let (driver, connection) = connecting.await.map_err(DirectoryError::from)?;
        // Driven here and not by a task of its own, so that nothing is left of it when the time is over. It ends with the connection's last use.
        let answer = self.answer(connection, password, question);
        let (answer, _end) = tokio::join!(answer, driver.drive());
        Ok(answer?)
    }

    async fn answer(
        &self,
        mut connection: Connection,
        password: &SecretString,
        question: &Question<'_>,
    ) -> Result<Option<Found>, DirectoryError> {
        let password = password.expose_secret();
        let bound = connection
            .simple_bind(&self.directory.bind_dn, password)
            .await?;
        if bound.rc != SUCCESS {
            return Err(DirectoryError::Bind(bound.rc));
        }
        let entry = self.search(&mut connection, question).await?;
        let proof = match question.password {
            None => Some(Proof::Known),
            Some(password) => {
                let dn = entry.as_ref().map(|entry| &*entry.dn);
                let dn = dn.unwrap_or(&self.directory.sample_dn);
                proof(&mut connection, dn, password).await?
            }
        };
        connection.unbind().await?;
        let found = entry.zip(proof);
        Ok(found.map(|(entry, proof)| {
            entry::found(&self.directory, &self.attributes, &entry, question, proof)
        }))
    }

    /// The one entry of that name, if it may sign in.
    async fn search(
        &self,
        connection: &mut Connection,
        question: &Question<'_>,
    ) -> Result<Option<SearchEntry>, DirectoryError> {
        let options = SearchOptions::new()
            .deref(DerefAliases::Never)
            .sizelimit(2)
            .timelimit(LIMIT.as_secs() as i32);
        let attributes = self.attributes.iter().map(|name| &**name);
        let attributes = attributes.filter(entry::is_attribute);
        let name_attribute = &*self.directory.name_attribute;
        let wanted: Vec<&str> = attributes
            .chain([name_attribute])
            .chain(entry::STANDING)
            .collect();
        let found = connection
            .with_search_options(options)
            .search(
                &self.directory.base_dn,
                Scope::Subtree,
                &self.directory.filter(question.name.as_str()),
                wanted,
            )
            .await?;
        // References to other servers are no entries, and left out already.
        let ldap3::SearchResult(entries, result) = found;
        if ![SUCCESS, SIZE_LIMIT_EXCEEDED].contains(&result.rc) {
            return Err(DirectoryError::Search(result.rc));
        }
        if entries.len() > 1 || result.rc == SIZE_LIMIT_EXCEEDED {
            tracing::error!("the directory has more than one user of a name");
            return Ok(None);
        }
        let entry = entries.into_iter().next().map(SearchEntry::construct);
        Ok(entry.filter(|entry| entry::may_sign_in(entry, question.now)))
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, SourceError> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let config = tls::config(self.directory.roots.as_deref())?;
        Ok(Arc::clone(self.tls.get_or_init(|| config)))
    }
}

/// What the directory says of the password of that entry.
async fn proof(
    connection: &mut Connection,
    dn: &str,
    password: &SecretString,
) -> Result<Option<Proof>, DirectoryError> {
    let policy = RawControl {
        ctype: PASSWORD_POLICY.to_owned(),
        crit: false,
        val: None,
    };
    let result = connection
        .with_controls(policy)
        .simple_bind(dn, password.expose_secret())
        .await?;
    answer::proof(&result).map_err(DirectoryError::Bind)
}

fn is_empty(password: &SecretString) -> bool {
    password.expose_secret().is_empty()
}

/// Why the directory has not answered. Its own words could quote a name, so of a result there is the code alone (RFC 4511, appendix A).
#[derive(Debug, thiserror::Error)]
enum DirectoryError {
    #[error("the secrets have no ldapPassword")]
    NoPassword,
    #[error("failed to reach the directory")]
    Unreachable(#[source] io::Error),
    #[error("failed to talk with the directory")]
    Connection(#[source] LdapError),
    #[error("the directory does not start TLS, result {0}")]
    StartTls(u32),
    #[error("the directory takes no bind, result {0}")]
    Bind(u32),
    #[error("the directory takes no search, result {0}")]
    Search(u32),
    #[error("the directory did not answer within {} s", LIMIT.as_secs())]
    TooSlow,
}

impl From<LdapError> for DirectoryError {
    fn from(error: LdapError) -> Self {
        match error {
            // Made of no other operation than this one, since the others' results are read here.
            LdapError::LdapResult { result } => Self::StartTls(result.rc),
            LdapError::Io { source } => Self::Unreachable(source),
            error => Self::Connection(error),
        }
    }
}
