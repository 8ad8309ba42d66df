//! Makes a federated identity a native user's. Each step may have been done before, by an event that came twice, or was cut half-way, or is
//! handled elsewhere at the same time: then it is as good as done now.

use cognito_events::UserName;
use cognito_events::pre_sign_up::Event;
use entrypoint::Failure;
use time::OffsetDateTime;

use crate::config::Config;
use crate::outside::Outside;
use crate::rules::{self, Claim, Decision, Link, Refusal};
use crate::user_pool::{UserPool, UserPoolError};

/// Does what was decided, and says how this sign-in ends because of it.
pub(crate) async fn carry_out(
    link: Link,
    event: &Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Refusal, Failure> {
    let (Some(user_pool), Some(claim)) = (&outside.user_pool, rules::wanted_claim(config, event))
    else {
        return Err(UserPoolError::NotThere.into());
    };
    let pool = Pool {
        user_pool,
        id: &event.user_pool_id,
        claim: &claim,
    };
    match link {
        Link::Linked => Ok(Refusal::AccountLinked),
        Link::To(user) => pool.link(&user).await,
        Link::ToUnfinished(user) => pool.finish(&user).await,
        Link::ToNew => {
            if let Some(name) = user_pool.create(pool.id, &claim.email).await? {
                return pool.finish(&name).await;
            }
            // Made since the look-up, most likely by the same event: what that makes of it is to be decided anew.
            let facts = outside.look_up(config, event, now).await?;
            match rules::decide(config, event, &facts, now).map_err(Failure::refused)? {
                Decision::Link(Link::Linked) => Ok(Refusal::AccountLinked),
                Decision::Link(Link::To(user)) => pool.link(&user).await,
                Decision::Link(Link::ToUnfinished(user)) => pool.finish(&user).await,
                Decision::Link(Link::ToNew) | Decision::Accept(_) => {
                    Err(UserPoolError::NotFoundAgain.into())
                }
            }
        }
    }
}

/// The pool of the event, and what is claimed in it.
struct Pool<'a> {
    user_pool: &'a UserPool,
    id: &'a str,
    claim: &'a Claim,
}

impl Pool<'_> {
    /// The temporary password ends before anybody is linked to the user.
    async fn finish(&self, user: &UserName) -> Result<Refusal, Failure> {
        self.user_pool.set_unknown_password(self.id, user).await?;
        self.link(user).await?;
        Ok(Refusal::AccountCreatedAndLinked)
    }

    async fn link(&self, user: &UserName) -> Result<Refusal, Failure> {
        let linked = self.user_pool.link(self.id, &self.claim.identity, user);
        if let Err(error) = linked.await {
            // Observed: Cognito refuses an identity that it links, and one that is linked already, with various texts
            // (https://github.com/boto/boto3/issues/4163, https://github.com/aws/aws-sdk-net/issues/1000). What counts is what came of it.
            let spellings = self.claim.spellings();
            let users = self.user_pool.users_with(self.id, &spellings).await?;
            let is_linked = users
                .iter()
                .any(|found| found.name == *user && found.has(&self.claim.identity));
            if !is_linked {
                return Err(error.into());
            }
        }
        Ok(Refusal::AccountLinked)
    }
}
