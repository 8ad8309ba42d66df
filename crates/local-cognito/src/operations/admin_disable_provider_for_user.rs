use serde::Deserialize;
use serde_json::{Value, json};

use super::admin_link_provider_for_user::{OWN_PROVIDER, ProviderUser, parts};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{SUBJECT, Status, User, fold};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    user: ProviderUser,
}

/// Ends a link, or the sign-in by the provider that the user came by. Where that is the pool itself, the user has no password any more.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let (provider, attribute, value) = parts(input.user, "user")?;
    let own = provider == OWN_PROVIDER;
    if own && attribute != SUBJECT {
        return Err(Error::invalid(format!(
            "Invalid User: ProviderAttributeName must be {SUBJECT} for {OWN_PROVIDER}"
        ))); // D; the text is ours
    }
    let named = |user: &&User| {
        if own {
            fold(&pool.config, &user.username) == fold(&pool.config, &value)
        } else {
            let mut identities = user.identities.iter();
            identities.any(|identity| identity.is(&provider, &attribute, &value))
        }
    };
    let mut state = pool.state();
    let found = state.users.iter().find(named);
    let username = found.map(|user| user.username.clone());
    let username = username.ok_or(Error::UserNotFound("User does not exist."))?;
    let now = stand_in.clock.now();
    state.users.change(&pool.config, &username, now, |user| {
        if own {
            user.password = None;
            user.status = Status::ExternalProvider;
            return;
        }
        // One who came by this provider has no other way in.
        let mut identities = user.identities.iter();
        user.enabled &= !identities
            .any(|identity| identity.primary && identity.is(&provider, &attribute, &value));
        user.identities
            .retain(|identity| identity.primary || !identity.is(&provider, &attribute, &value));
    });
    Ok(json!({}))
}
