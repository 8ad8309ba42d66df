//! The keys that issuers publish, kept for a while.
//!
//! A token that names an unknown key has its issuer asked again, since issuers change their keys; but once a minute at most, however many such
//! tokens come.

use std::collections::BTreeMap;
use std::sync::Arc;

use https_endpoint::{Client, Endpoint, ExchangeError};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use crate::config::{Issuer, KeysAt};
use crate::jwk::KeySet;

/// A key that its issuer has withdrawn is not taken for longer.
const MAX_AGE: Duration = Duration::hours(1);

/// Keys that cannot be renewed, since their issuer is out of order, are good for so long.
const MAX_AGE_IN_AN_OUTAGE: Duration = Duration::hours(24);

/// So long nobody is asked again who has answered; whoever has not is asked sooner.
const BETWEEN_REFRESHES: Duration = Duration::minutes(1);
const BETWEEN_TRIES: Duration = Duration::seconds(5);

/// The keys of all issuers.
#[derive(Debug, Default)]
pub(crate) struct IssuerKeys {
    client: Client,
    kept: Mutex<BTreeMap<String, Kept>>,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    keys: Option<(Arc<KeySet>, OffsetDateTime)>,
    tried_at: Option<OffsetDateTime>,
    /// The last time that its issuer was asked.
    is_out_of_order: bool,
}

/// Where an issuer says which keys it has.
pub(crate) struct Place<'a> {
    /// As its tokens name it.
    issuer: &'a str,
    keys: PlaceOfKeys<'a>,
}

enum PlaceOfKeys<'a> {
    Known(&'a Endpoint),
    Discovered {
        at: &'a Endpoint,
        hosts: &'a [String],
    },
}

impl<'a> Place<'a> {
    pub(crate) fn of(issuer: &'a Issuer) -> Self {
        let keys = match &issuer.keys {
            KeysAt::Keys(endpoint) => PlaceOfKeys::Known(endpoint),
            KeysAt::Discovery(at) => PlaceOfKeys::Discovered {
                at,
                hosts: &issuer.hosts,
            },
        };
        Self {
            issuer: &issuer.issuer,
            keys,
        }
    }

    pub(crate) fn known(issuer: &'a str, keys: &'a Endpoint) -> Self {
        Self {
            issuer,
            keys: PlaceOfKeys::Known(keys),
        }
    }
}

/// What discovery says that matters here.
///
/// Source: OpenID Connect Discovery 1.0, section 3.
#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: String,
}

impl IssuerKeys {
    /// The issuer's keys, of which none need be the one that is looked for.
    pub(crate) async fn find(
        &self,
        place: &Place<'_>,
        key_id: &str,
        now: OffsetDateTime,
    ) -> Result<Arc<KeySet>, KeysError> {
        // Held while an issuer is asked, so that whoever comes meanwhile has its answer, too.
        let mut all = self.kept.lock().await;
        let kept = all.entry(place.issuer.to_owned()).or_default();
        if let Some(keys) = kept.good_for(MAX_AGE, now)
            && keys.has(key_id)
        {
            return Ok(keys);
        }
        if kept.may_ask(now) {
            kept.tried_at = Some(now);
            let asked = self.ask(place).await;
            kept.is_out_of_order = asked.is_err();
            match asked {
                Ok(keys) => kept.keys = Some((Arc::new(keys), now)),
                Err(error) => tracing::error!(
                    cause = entrypoint::with_causes(&error),
                    "failed to read an issuer's keys"
                ),
            }
        }
        kept.good_for(MAX_AGE_IN_AN_OUTAGE, now)
            // An issuer that changes its keys just now may well have that one.
            .filter(|keys| keys.has(key_id) || !kept.is_out_of_order)
            .ok_or(KeysError::NotThere)
    }

    async fn ask(&self, place: &Place<'_>) -> Result<KeySet, KeysError> {
        let keys = match place.keys {
            PlaceOfKeys::Known(endpoint) => self.client.get(endpoint).await?,
            PlaceOfKeys::Discovered { at, hosts } => {
                let discovered: Discovered = serde_json::from_slice(&self.client.get(at).await?)
                    .map_err(|_| KeysError::Unreadable)?;
                // Discovery 1.0, section 4.3: the issuer has to be the one that was asked.
                if discovered.issuer != place.issuer {
                    return Err(KeysError::AnotherIssuer);
                }
                let endpoint: Endpoint = discovered
                    .jwks_uri
                    .parse()
                    .map_err(|_| KeysError::NotAllowed)?;
                if !endpoint.is_at_one_of(hosts) {
                    return Err(KeysError::NotAllowed);
                }
                self.client.get(&endpoint).await?
            }
        };
        KeySet::parse(&keys).ok_or(KeysError::Unreadable)
    }
}

impl Kept {
    fn may_ask(&self, now: OffsetDateTime) -> bool {
        let between = match self.is_out_of_order {
            false => BETWEEN_REFRESHES,
            true => BETWEEN_TRIES,
        };
        self.tried_at
            .is_none_or(|tried_at| now - tried_at >= between)
    }

    fn good_for(&self, age: Duration, now: OffsetDateTime) -> Option<Arc<KeySet>> {
        let (keys, since) = self.keys.as_ref()?;
        (now - *since < age).then(|| Arc::clone(keys))
    }
}

/// Why there are no keys to verify by; the same request can be made later.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    #[error("failed to ask the issuer")]
    Exchange(#[from] ExchangeError),
    #[error("the issuer's answer cannot be read")]
    Unreadable,
    #[error("discovery speaks of another issuer")]
    AnotherIssuer,
    #[error("the keys are not at a host of the list")]
    NotAllowed,
    #[error("the issuer's keys are not there")]
    NotThere,
}
