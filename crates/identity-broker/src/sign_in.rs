//! A proof in, a token or credentials out.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use broker_identities::Account;
use entrypoint::Decided;
use serde::Deserialize;
use time::Duration;

use crate::audit::Audit;
use crate::guest::{self, GuestToken};
use crate::http::Route;
use crate::identity_pool::{Asked, Token};
use crate::problem::{NoAnswer, Problem};
use crate::proof::{Proof, Unproven, Verified, Verifier};
use crate::rules::{self, Denial, Grant};
use crate::{reply, sts};

/// What a client asks with. It names no identity, no logins, no role and no tags: a request that has more than this is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    proof: Proof,
    #[serde(default)]
    guest: Option<GuestToken>,
}

/// The pool's token is taken to STS at once.
const TAKEN_AT_ONCE: Duration = Duration::minutes(1);

pub(crate) async fn answer(
    verifier: &Verifier<'_>,
    audit: &mut Audit,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let (config, outside, request) = (verifier.config, verifier.outside, verifier.request);
    let hands_out_token = request.route == Route::Token;
    if hands_out_token && !config.hands_out_tokens {
        return Err(Problem::TokensAreOff.into());
    }
    let body: Body = serde_json::from_slice(&request.body).map_err(|_| Problem::Malformed)?;
    let verified = verifier.verify(&body.proof).await?;
    audit.proven(&verified);
    let account = account(verifier, &verified).await?;
    audit.account(&account.identifier, verifier.key);
    admit(verifier, &account).await?;
    let grant = granted(verifier, &verified, audit)?;
    let tags = rules::tags(&config.tags, &verified.claims).ok_or(Problem::NotAllowed)?;
    let guest = guest::proven(body.guest.as_ref(), verifier).await?;
    let guest = guest.as_deref();
    // It becomes the account's at its first sign-in alone; a request that comes again finds it there.
    if guest.is_some()
        && account
            .identity_id
            .as_deref()
            .is_some_and(|id| guest != Some(id))
    {
        return Err(Problem::HasAnIdentity.into());
    }
    use_up(verifier, &verified).await?;
    let asked = Asked {
        account: &account.identifier,
        guest,
        tags,
        valid_for: match hands_out_token {
            true => Duration::seconds(config.token_seconds),
            false => TAKEN_AT_ONCE,
        },
    };
    let token = outside.identity_pool.token(&asked, request.now).await?;
    audit.identity(&token.identity_id);
    note(verifier, &account, &token).await?;
    if hands_out_token {
        let reply = reply::token(&token, request.now);
        return Ok(Decided::by("TokenGiven", reply));
    }
    let credentials = sts::assume(&outside.sts, &token, &grant).await?;
    let reply = reply::credentials(&token.identity_id, &credentials, request.now);
    Ok(Decided::by("CredentialsGiven", reply))
}

/// The account that the proof stands for.
pub(crate) async fn account(
    verifier: &Verifier<'_>,
    verified: &Verified,
) -> Result<Account, NoAnswer> {
    let identities = &verifier.outside.identities;
    let account = identities.account(&verified.identifier).await?;
    if account.is_blocked {
        return Err(Unproven::Blocked.into());
    }
    if verified.needs_an_account && !account.is_by_link {
        return Err(Unproven::NotLinked.into());
    }
    Ok(account)
}

/// Counts the answer, for the account and for all. Whoever asks too often uses up nothing of what there is for others.
pub(crate) async fn admit(verifier: &Verifier<'_>, account: &Account) -> Result<(), NoAnswer> {
    let (config, tries) = (verifier.config, &verifier.outside.tries);
    let now = verifier.request.now;
    let subject = format!("subject#{}", account.identifier);
    if tries.admit(&subject, config.per_subject, now).await?
        && tries.admit("all", config.for_all, now).await?
    {
        Ok(())
    } else {
        Err(Problem::TooManyRequests.into())
    }
}

/// What the rules give for the proof.
pub(crate) fn granted<'a>(
    verifier: &Verifier<'a>,
    verified: &Verified,
    audit: &mut Audit,
) -> Result<Grant<'a>, Problem> {
    let decided = rules::decide(&verifier.config.rules, verified.as_proven());
    match &decided {
        Ok(grant) => audit.rule(grant.rule),
        Err(Denial::Denied(rule)) => audit.rule(rule),
        Err(Denial::NoRule) => {}
    }
    decided.map_err(|_| Problem::NotAllowed)
}

/// Uses the proof up, if it counts only once: after everything that could refuse it, and before anything that it gives.
pub(crate) async fn use_up(verifier: &Verifier<'_>, verified: &Verified) -> Result<(), NoAnswer> {
    let Some(once) = &verified.once else {
        return Ok(());
    };
    let is_first = verifier.outside.replays.use_up(once).await?;
    Ok(is_first.then_some(()).ok_or(Unproven::Used)?)
}

/// Keeps the identity that the pool has answered with: its first, or another one after operators have merged two.
async fn note(verifier: &Verifier<'_>, account: &Account, token: &Token) -> Result<(), NoAnswer> {
    if account.identity_id.as_ref() == Some(&token.identity_id) {
        return Ok(());
    }
    let identities = &verifier.outside.identities;
    let (identifier, now) = (&account.identifier, verifier.request.now);
    let is_noted = identities
        .note_identity(identifier, &token.identity_id, now)
        .await?;
    Ok(is_noted.then_some(()).ok_or(LinkedMeanwhile)?)
}

/// The login was linked to an account while it was signing in as its own; the same request does it right the next time.
#[derive(Debug, thiserror::Error)]
#[error("the login was linked to an account meanwhile")]
struct LinkedMeanwhile;
