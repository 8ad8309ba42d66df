use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The longest life of an access token (D). A revoked sign-in is remembered for so long after its end, since its tokens still name it.
const LONGEST_ACCESS_TOKEN_SECONDS: i64 = 24 * 60 * 60;
/// From how many refresh tokens on those that are of no use are looked for.
const FEWEST_TO_SWEEP: usize = 1_000;

/// What sign-ins left behind: for each its refresh token and what it may still do. A token itself is never kept, only its hash.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    /// By `origin_jti`, which all tokens of one sign-in share.
    grants: BTreeMap<String, Grant>,
    /// Hash of a refresh token to the `origin_jti` of its sign-in.
    refresh_tokens: BTreeMap<String, RefreshToken>,
    /// At how many refresh tokens the next sweep is due; twice as many as the last one left, so that sweeping costs little.
    #[serde(skip)]
    sweep_at: usize,
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
    /// The device on which it took place; only with its key are the tokens refreshed.
    #[serde(default)]
    pub(crate) device_key: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct RefreshToken {
    origin_jti: String,
    /// Set when the token was rotated: how long it is still taken, so that a client that lost the answer can repeat.
    retired_at: Option<i64>,
}

impl Grants {
    pub(crate) fn add(&mut self, grant: Grant, refresh_token_hash: String, now: i64) {
        self.sweep(now);
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
        if grant.client_id != client_id {
            return Err(Error::invalid_refresh_token());
        }
        if grant.revoked {
            return Err(Error::not_authorized("Refresh Token has been revoked")); // W
        }
        let retired = token.retired_at.is_some_and(|at| now >= at);
        if now >= grant.expires || retired {
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
        self.sweep(now);
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

    /// Forgets sign-ins of which no token can be good any more, and refresh tokens that were replaced.
    fn sweep(&mut self, now: i64) {
        if self.refresh_tokens.len() < self.sweep_at.max(FEWEST_TO_SWEEP) {
            return;
        }
        self.grants
            .retain(|_, grant| now < grant.expires + LONGEST_ACCESS_TOKEN_SECONDS);
        let grants = &self.grants;
        self.refresh_tokens.retain(|_, token| {
            grants.contains_key(&token.origin_jti) && token.retired_at.is_none_or(|at| now < at)
        });
        self.sweep_at = 2 * self.refresh_tokens.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(number: usize, expires: i64) -> Grant {
        Grant {
            origin_jti: number.to_string(),
            username: "ines".to_owned(),
            client_id: "web".to_owned(),
            auth_time: 0,
            expires,
            revoked: false,
            device_key: None,
        }
    }

    #[test]
    fn a_replaced_refresh_token_is_good_for_the_grace_period() {
        let mut grants = Grants::default();
        grants.add(grant(1, 3_600), "old".to_owned(), 0);
        grants.rotate("old", "new".to_owned(), 10, 100);
        // A repetition does not make the grace period longer.
        grants.rotate("old", "newer".to_owned(), 10, 105);
        assert!(grants.by_refresh_token("old", "web", 109).is_ok());
        assert!(grants.by_refresh_token("old", "web", 110).is_err());
        assert!(grants.by_refresh_token("new", "web", 3_599).is_ok());
        assert!(grants.by_refresh_token("new", "web", 3_600).is_err());
        assert!(grants.by_refresh_token("new", "other", 110).is_err());
    }

    #[test]
    fn replaced_tokens_and_ended_sign_ins_do_not_pile_up() {
        let mut grants = Grants::default();
        grants.add(grant(0, 3_600), "0".to_owned(), 0);
        for number in 0..10 * FEWEST_TO_SWEEP {
            grants.rotate(&number.to_string(), (number + 1).to_string(), 0, 0);
        }
        assert!(grants.refresh_tokens.len() <= FEWEST_TO_SWEEP);
        for number in 1..10 * FEWEST_TO_SWEEP {
            grants.add(
                grant(number, number as i64),
                format!("sign-in {number}"),
                number as i64 + 90_000,
            );
        }
        assert!(grants.grants.len() <= 2 * FEWEST_TO_SWEEP);
    }

    #[test]
    fn a_revoked_sign_in_is_remembered_as_long_as_its_access_tokens_live() {
        let mut grants = Grants::default();
        grants.add(grant(0, 3_600), "0".to_owned(), 0);
        grants.revoke("0");
        for number in 1..=FEWEST_TO_SWEEP {
            grants.add(grant(number, 200_000), number.to_string(), 89_999);
        }
        assert!(grants.is_revoked("0"));
    }
}
