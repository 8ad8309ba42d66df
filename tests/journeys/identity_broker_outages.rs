//! An OpenID provider that is out of order: no user's fault, and mended as soon as the provider answers again.

use crate::http_api::{Answer, tampered};
use crate::identity_broker::{identity_of, is_problem};
use crate::identity_broker_provider::{Provider, broker_of, prove};

/// Nothing is wrong with the proof: the same request is good later.
#[track_caller]
fn is_an_outage(answer: &Answer) {
    is_problem(answer, 503, "unavailable");
    assert_eq!(answer.header("retry-after"), "60");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn while_a_provider_is_silent_nobody_is_refused_and_its_return_is_noticed() {
    let provider = Provider::start();
    let broker = broker_of(&[provider.as_issuer("partner")]);
    let (_, token) = provider.tokens_of("ines.falk@example.org").await;
    broker.stop_clock();
    provider.stand_in.fall_silent();
    is_an_outage(&prove(&broker, "/v1/credentials", &token));
    is_an_outage(&prove(&broker, "/v1/token", &token));
    // Without keys nobody can tell that it is forged.
    is_an_outage(&prove(&broker, "/v1/credentials", &tampered(&token)));

    // It is asked every five seconds at most, however many requests there are.
    provider.stand_in.go_on();
    is_an_outage(&prove(&broker, "/v1/credentials", &token));
    broker.advance_clock(4);
    is_an_outage(&prove(&broker, "/v1/credentials", &token));
    broker.advance_clock(1);
    let answer = prove(&broker, "/v1/credentials", &token);
    identity_of(&broker, &answer);
    let forged = prove(&broker, "/v1/credentials", &tampered(&token));
    is_problem(&forged, 401, "not-proven");
}

#[tokio::test]
async fn a_provider_that_is_gone_takes_neither_its_known_keys_nor_other_providers_along() {
    let (gone, known, up) = (Provider::start(), Provider::start(), Provider::start());
    let broker = broker_of(&[
        gone.as_issuer("gone"),
        known.as_issuer("known"),
        up.as_issuer("up"),
    ]);
    let (_, of_gone) = gone.tokens_of("ines.falk@example.org").await;
    let (_, of_known) = known.tokens_of("kim.berg@example.com").await;
    let next_of_known = known.id_token_of("kim.berg@example.com").await;
    let (_, of_up) = up.tokens_of("jan.roth@example.org").await;
    let kim = prove(&broker, "/v1/credentials", &of_known);
    let kim = identity_of(&broker, &kim);
    drop((gone, known));

    is_an_outage(&prove(&broker, "/v1/credentials", &of_gone));
    let still = prove(&broker, "/v1/credentials", &next_of_known);
    assert_eq!(identity_of(&broker, &still).id, kim.id);
    let forged = prove(&broker, "/v1/credentials", &tampered(&next_of_known));
    is_problem(&forged, 401, "not-proven");
    let jan = prove(&broker, "/v1/credentials", &of_up);
    assert_ne!(identity_of(&broker, &jan).id, kim.id);
}
