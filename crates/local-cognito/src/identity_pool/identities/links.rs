//! How logins and identities come together, and apart.
//!
//! Source: Developer Guide, "Developer-authenticated identities", and the API reference; what both leave open is marked.

use super::{Identities, Login};

/// The most logins of an identity (D, "Linked logins").
pub(crate) const MOST_LOGINS: usize = 20;

/// Why logins do not come together with an identity, or do not part from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotLinked {
    /// The identity has logins, and none of these is one of them.
    NoLoginOfIt,
    /// The identity has another user of the same public provider, or so has the one that it would be merged with.
    SecondUserOfProvider,
    /// More than [`MOST_LOGINS`].
    TooManyLogins,
    /// The developer's user has another identity than the one that was named.
    DeveloperUserOfAnother,
    /// The identity has no such login.
    NoSuchLogin,
}

/// Who somebody has shown to be.
pub(crate) struct Shown<'s> {
    /// Verified, at least one, and each of another provider.
    pub(crate) logins: &'s [Login],
    /// The identity that they ask for.
    pub(crate) identity_id: Option<&'s str>,
    /// The pool's developer provider, of which an identity may have several users.
    pub(crate) developer_provider: Option<&'s str>,
}

impl Identities {
    /// The identity that verified logins lead to: made, linked and merged as needed. Nothing changes where that is refused.
    pub(crate) fn resolve(
        &mut self,
        shown: &Shown,
        region: &str,
        now: i64,
    ) -> Result<String, NotLinked> {
        let mut owners: Vec<String> = Vec::new();
        for owner in shown.logins.iter().filter_map(|login| self.owner(login)) {
            if !owners.contains(owner) {
                owners.push(owner.clone());
            }
        }
        let asked = shown.identity_id.map(|id| self.now_of(id).to_owned());
        let touched: Vec<String> = owners.iter().chain(&asked).cloned().collect();
        self.whole(&touched, |identities| {
            let target = identities.target(shown, asked, owners.first(), region, now)?;
            for owner in owners.iter().filter(|owner| **owner != target) {
                identities.move_all(owner, &target, shown.developer_provider, now)?;
            }
            for login in shown.logins {
                identities.link(login, &target, shown.developer_provider, now)?;
            }
            Ok(target)
        })
    }

    /// The identity that the logins are to lead to, of which `owner` is the first that has one of them.
    fn target(
        &mut self,
        shown: &Shown,
        asked: Option<String>,
        owner: Option<&String>,
        region: &str,
        now: i64,
    ) -> Result<String, NotLinked> {
        let Some(asked) = asked else {
            return Ok(match owner {
                Some(owner) => owner.clone(),
                None => self.add_guest(region, now),
            });
        };
        let of_developer = |login: &&Login| Some(&*login.provider) == shown.developer_provider;
        let developer_user = shown.logins.iter().find(of_developer);
        let owner_of_user = developer_user.and_then(|login| self.owner(login));
        if owner_of_user.is_some_and(|owner| *owner != asked) {
            return Err(NotLinked::DeveloperUserOfAnother);
        }
        if shown
            .logins
            .iter()
            .any(|login| self.owner(login) == Some(&asked))
        {
            return Ok(asked);
        }
        let guest = self.get(&asked).is_some_and(|asked| !asked.authenticated);
        match owner {
            _ if !guest => Err(NotLinked::NoLoginOfIt),
            None => Ok(asked),
            // Observed: the guest is retired in favour of whose login it is (aws-amplify/amplify-js, pull request 14207).
            Some(owner) => {
                self.retire(&asked, owner, now);
                Ok(owner.clone())
            }
        }
    }

    /// Merges two identities: the second gets all logins, and the first is disabled. No data of theirs moves. Nothing changes where that
    /// is refused.
    pub(crate) fn merge(
        &mut self,
        source: &str,
        destination: &str,
        developer_provider: Option<&str>,
        now: i64,
    ) -> Result<(), NotLinked> {
        let touched = [source.to_owned(), destination.to_owned()];
        self.whole(&touched, |identities| {
            identities.move_all(source, destination, developer_provider, now)
        })
    }

    /// Takes a login away from an identity; whoever comes with it next is somebody new.
    pub(crate) fn unlink(&mut self, id: &str, login: &Login, now: i64) -> Result<(), NotLinked> {
        let identity = self.by_id.get_mut(id).ok_or(NotLinked::NoSuchLogin)?;
        let place = identity.logins.iter().position(|linked| linked == login);
        identity.logins.remove(place.ok_or(NotLinked::NoSuchLogin)?);
        identity.modified = now;
        self.owners.remove(login);
        Ok(())
    }

    fn move_all(
        &mut self,
        source: &str,
        destination: &str,
        developer_provider: Option<&str>,
        now: i64,
    ) -> Result<(), NotLinked> {
        if source == destination {
            return Ok(());
        }
        for login in self.retire(source, destination, now) {
            self.link(&login, destination, developer_provider, now)?;
        }
        Ok(())
    }

    /// Disables an identity in favour of another; gives the logins that it had.
    fn retire(&mut self, source: &str, destination: &str, now: i64) -> Vec<Login> {
        let Some(source) = self.by_id.get_mut(source) else {
            return Vec::new();
        };
        source.merged_into = Some(destination.to_owned());
        source.modified = now;
        let logins = std::mem::take(&mut source.logins);
        for login in &logins {
            self.owners.remove(login);
        }
        logins
    }

    fn link(
        &mut self,
        login: &Login,
        id: &str,
        developer_provider: Option<&str>,
        now: i64,
    ) -> Result<(), NotLinked> {
        let identity = self.by_id.get_mut(id).ok_or(NotLinked::NoLoginOfIt)?;
        if identity.logins.contains(login) {
            return Ok(());
        }
        let public = developer_provider != Some(&*login.provider);
        if public && identity.subjects_of(&login.provider).next().is_some() {
            return Err(NotLinked::SecondUserOfProvider);
        }
        if identity.logins.len() >= MOST_LOGINS {
            return Err(NotLinked::TooManyLogins);
        }
        identity.logins.push(login.clone());
        identity.authenticated = true;
        identity.modified = now;
        self.owners.insert(login.clone(), id.to_owned());
        Ok(())
    }

    /// Changes some identities, which are as they were where that fails.
    fn whole<T>(
        &mut self,
        touched: &[String],
        change: impl FnOnce(&mut Self) -> Result<T, NotLinked>,
    ) -> Result<T, NotLinked> {
        let before = touched.iter().filter_map(|id| {
            let identity = self.get(id)?.clone();
            Some((id.clone(), identity))
        });
        let before: Vec<_> = before.collect();
        let changed = change(self);
        if changed.is_err() {
            for (id, _) in &before {
                self.remove(id);
            }
            for (id, identity) in before {
                for login in &identity.logins {
                    self.owners.insert(login.clone(), id.clone());
                }
                self.by_id.insert(id, identity);
            }
        }
        changed
    }
}
