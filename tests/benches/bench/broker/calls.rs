//! What a call costs whoever makes it by the SDK: signing, JSON, the connection.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use tests::stand_in::{REGION, StandIn};

use super::{EVENTS, WARM_UP};
use crate::proxy::Proxy;
use crate::report::percentile;

/// The milliseconds at p50 that the SDK adds to the smallest call of the broker's, a row that is not there.
pub(super) fn of_the_sdk(stand_in: &StandIn, proxy: &Proxy) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing");
    let config = stand_in.sdk_config(REGION).into_builder();
    let client = Client::new(&config.endpoint_url(&proxy.endpoint).build());
    let table = stand_in.table("BrokerIdentitiesTable");
    let row = AttributeValue::S("nobody".to_owned());
    let request = client
        .get_item()
        .table_name(table)
        .key("identifier", row)
        .consistent_read(true);
    let mut times: Vec<f64> = (0..WARM_UP + EVENTS)
        .map(|_| {
            proxy.calls();
            let started = Instant::now();
            let read = runtime.block_on(request.clone().send());
            let took = started.elapsed();
            read.expect("the stand-in looks for the row");
            milliseconds(took.saturating_sub(proxy.calls().took))
        })
        .collect();
    percentile(&mut times[WARM_UP..], 0.5)
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
