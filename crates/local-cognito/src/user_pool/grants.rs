use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What sign-ins left behind: for each its refresh token and what it may still do. A token itself is never kept, only its hash.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    /// By `origin_jti`, which all tokens of one sign-in share.
    grants: BTreeMap<String, Grant>,
    /// Hash of a refresh token to the `origin_jti` of its sign-in.
    refresh_tokens: BTreeMap<String, RefreshToken>,
}

/// One sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) origin_jti: String,
    pub(crate) username: String,
    pub(crate) client_id: String,
    /// When the user proved who they are, in seconds since the Unix epoch.
    pub(crate) auth_time: i64,
    pub(crate) expires: i64,
    pub(crate) revoked: bool,
}

#[derive(Clone, Serialize, Deserialize)]
struct RefreshToken {
    origin_jti: String,
    /// Set when the token was rotated: how long it is still taken, so that a client that lost the answer can repeat.
    retired_at: Option<i64>,
}

impl Grants {
    pub(crate) fn add(&mut self, grant: Grant, refresh_token_hash: String) {
        self.refresh_tokens.insert(
            refresh_token_hash,
            RefreshToken {
                origin_jti: grant.origin_jti.clone(),
                retired_at: None,
            },
        );
        self.grants.insert(grant.origin_jti.clone(), grant);
    }

    /// The sign-in that a refresh token continues.
    pub(crate) fn by_refresh_token(
        &self,
        hash: &str,
        client_id: &str,
        now: i64,
    ) -> Result<Grant, Error> {
        let token = self
            .refresh_tokens
            .get(hash)
            .ok_or_else(Error::invalid_refresh_token)?;
        let grant = self
            .grants
            .get(&token.origin_jti)
            .ok_or_else(Error::invalid_refresh_token)?;
        if grant.revoked {
            return Err(Error::not_authorized("Refresh Token has been revoked")); // W
        }
        let retired = token.retired_at.is_some_and(|at| now >= at);
        if grant.client_id != client_id || now >= grant.expires || retired {
            return Err(Error::invalid_refresh_token());
        }
        Ok(grant.clone())
    }

    /// Puts a new refresh token beside the old one, which is still taken for the grace period.
    pub(crate) fn rotate(
        &mut self,
        old_hash: &str,
        new_hash: String,
        grace_seconds: i64,
        now: i64,
    ) {
        if let Some(old) = self.refresh_tokens.get_mut(old_hash) {
            let origin_jti = old.origin_jti.clone();
            old.retired_at.get_or_insert(now + grace_seconds);
            self.refresh_tokens.insert(
                new_hash,
                RefreshToken {
                    origin_jti,
                    retired_at: None,
                },
            );
        }
    }

    /// Ends one sign-in: its refresh token and every access token that came from it.
    pub(crate) fn revoke(&mut self, origin_jti: &str) {
        if let Some(grant) = self.grants.get_mut(origin_jti) {
            grant.revoked = true;
        }
    }

    /// Ends every sign-in of a user.
    pub(crate) fn revoke_all(&mut self, username: &str) {
        for grant in self
            .grants
            .values_mut()
            .filter(|grant| grant.username == username)
        {
            grant.revoked = true;
        }
    }

    pub(crate) fn is_revoked(&self, origin_jti: &str) -> bool {
        self.grants
            .get(origin_jti)
            .is_some_and(|grant| grant.revoked)
    }

    /// Forgets a deleted user's sign-ins, so that a new user of that name starts with none.
    pub(crate) fn forget(&mut self, username: &str) {
        self.grants.retain(|_, grant| grant.username != username);
        let grants = &self.grants;
        self.refresh_tokens
            .retain(|_, token| grants.contains_key(&token.origin_jti));
    }
}
