//! So that the function is no oracle for passwords: tries under one name, by a digest of the pool and the name, and under all of a pool.

use legacy_users::LegacyName;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use tries::{Limit, Tries, TriesError};

use crate::config::Limits;

/// Tries under one name are counted for so long; as long as a person may go on trying at one sitting.
const USERS_WINDOW: Duration = Duration::minutes(15);

/// Tries under all names are counted for so long.
const POOLS_WINDOW: Duration = Duration::minutes(1);

/// Counts a try, if it is within the limits. Whoever goes on under one name uses up nothing of what there is for all.
pub(crate) async fn admit(
    tries: &Tries,
    limits: Limits,
    user_pool_id: &str,
    name: &LegacyName,
    now: OffsetDateTime,
) -> Result<bool, TriesError> {
    let user = Sha256::digest(format!("{user_pool_id}|{}", name.as_str()));
    let user: String = user.iter().map(|byte| format!("{byte:02x}")).collect();
    let of_user = Limit {
        tries: limits.per_user,
        window: USERS_WINDOW,
    };
    let of_pool = Limit {
        tries: limits.per_minute,
        window: POOLS_WINDOW,
    };
    Ok(tries.admit(&format!("user#{user}"), of_user, now).await?
        && tries
            .admit(&format!("pool#{user_pool_id}"), of_pool, now)
            .await?)
}
