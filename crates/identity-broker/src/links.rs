//! Two proofs of one person: that they have the account, and that they have the login which is to stand for it, or no longer.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use broker_identities::{Linking, Unlinking};
use entrypoint::Decided;
use serde::Deserialize;

use crate::audit::Audit;
use crate::http::Route;
use crate::problem::{NoAnswer, Problem};
use crate::proof::{Proof, Unproven, Verified, Verifier};
use crate::sign_in::{account, admit, granted, use_up};

/// What a client asks with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    /// Proves the account.
    account: Proof,
    /// Proves the login.
    login: Proof,
}

pub(crate) async fn answer(
    verifier: &Verifier<'_>,
    audit: &mut Audit,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let request = verifier.request;
    let body: Body = serde_json::from_slice(&request.body).map_err(|_| Problem::Malformed)?;
    let of_account = verifier.verify(&body.account).await?;
    audit.proven(&of_account);
    let of_login = verifier.verify(&body.login).await?;
    audit.proven(&of_login);
    let account = account(verifier, &of_account).await?;
    audit.account(&account.identifier, verifier.key);
    check_login(verifier, &of_login).await?;
    admit(verifier, &account).await?;
    // Whom the rules give nothing changes nothing either.
    granted(verifier, &of_account, audit)?;
    use_up(verifier, &of_account).await?;
    use_up(verifier, &of_login).await?;
    let (login, account) = (&of_login.identifier, &account.identifier);
    let identities = &verifier.outside.identities;
    if request.route == Route::Unlink {
        return match identities.unlink(login, account).await? {
            Unlinking::Unlinked => Ok(Decided::by("Unlinked", http_answers::done())),
            Unlinking::HasAnAccount => Err(Problem::HasAnAccount.into()),
        };
    }
    match identities.link(login, account, request.now).await? {
        Linking::Linked => Ok(Decided::by("Linked", http_answers::done())),
        Linking::HasAnAccount | Linking::NoAccount => Err(Problem::HasAnAccount.into()),
        Linking::TooManyLogins => Err(Problem::TooManyLogins.into()),
    }
}

/// A login that was blocked is not anybody's to link.
async fn check_login(verifier: &Verifier<'_>, of_login: &Verified) -> Result<(), NoAnswer> {
    let identities = &verifier.outside.identities;
    let login = identities.account(&of_login.identifier).await?;
    if login.is_blocked {
        return Err(Unproven::Blocked.into());
    }
    Ok(())
}
