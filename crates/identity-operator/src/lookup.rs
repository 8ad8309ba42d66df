use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use broker_identities::{Identifier, Record};
use entrypoint::Decided;
use serde::Deserialize;
use serde_json::json;

use crate::Outside;
use crate::body::{self, Named};
use crate::problem::{NoAnswer, Problem};

#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Asked {
    User { identifier: Named },
    Identity { identity_id: String },
}

/// What is known of a developer user, or of an identity.
pub(crate) async fn answer(
    request: &ApiGatewayV2httpRequest,
    outside: &Outside,
) -> Result<Decided<ApiGatewayV2httpResponse>, NoAnswer> {
    let (pool, identities) = (&outside.identity_pool, &outside.identities);
    let (identifier, record, known) = match body::read(request)? {
        Asked::User {
            identifier: Named(identifier),
        } => {
            let record = identities.find(&identifier).await?;
            let account = record.as_ref().and_then(|record| record.linked_to.clone());
            let account = account.unwrap_or_else(|| identifier.clone());
            let known = pool.of_user(&account).await?;
            (Some(identifier), record, known)
        }
        Asked::Identity { identity_id } => (None, None, pool.of_id(&identity_id).await?),
    };
    if record.is_none() && known.is_none() {
        return Err(Problem::Unknown.into());
    }
    let record = record.unwrap_or_default();
    // The broker keeps what the pool answered last. What differs was changed past it, and is put right at the next sign-in.
    let is_consistent = match (&record.identity_id, &known) {
        (Some(kept), Some(known)) => *kept == known.identity_id,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let Record {
        linked_to,
        logins,
        is_blocked,
        ..
    } = record;
    let key = outside.key.get().await?;
    let audit_subject = linked_to.as_ref().or(identifier.as_ref());
    let body = json!({
        "identityId": known.as_ref().map(|known| &known.identity_id),
        "identifiers": known.map(|known| known.identifiers).unwrap_or_default(),
        "identifier": identifier.as_ref().map(Identifier::as_str),
        "linkedTo": linked_to.as_ref().map(Identifier::as_str),
        "logins": logins.iter().map(Identifier::as_str).collect::<Vec<_>>(),
        "blocked": is_blocked,
        "consistent": is_consistent,
        "auditSubject": audit_subject.map(|account| account.audit_subject(&key)),
    });
    Ok(Decided::by("LookedUp", http_answers::json(&body)))
}
