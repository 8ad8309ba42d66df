//! The calls that the broker makes, made by the SDK alone: what any function would need for them.

use std::collections::BTreeMap;
use std::time::Instant;

use aws_sdk_cognitoidentity::Client as IdentityPools;
use aws_sdk_cognitoidentityprovider::config::Credentials;
use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sts::Client as Sts;
use serde_json::Value;
use tests::stand_in::{REGION, StandIn};

use super::{EVENTS, WARM_UP};
use crate::proxy::Proxy;
use crate::report::percentile;

const IDENTIFIER: &str = "shop.h.0123456789abcdef0123456789abcdef01234567";

/// What the broker calls, as the broker.
struct Services<'v> {
    variables: &'v BTreeMap<&'v str, String>,
    dynamodb: DynamoDb,
    identity_pools: IdentityPools,
    sts: Sts,
    role: String,
}

/// What remains at p50 of the calls for a request to that path, in milliseconds, without the time that they wait.
pub(super) fn remainder(
    stand_in: &StandIn,
    variables: &BTreeMap<&str, String>,
    proxy: &Proxy,
    path: &str,
) -> f64 {
    let services = Services::of(stand_in, variables, proxy);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let mut times = Vec::new();
    for number in 0..WARM_UP + EVENTS {
        proxy.calls();
        let started = Instant::now();
        runtime.block_on(services.call(number, path));
        let own = started.elapsed().saturating_sub(proxy.calls().took);
        if number >= WARM_UP {
            times.push(own.as_secs_f64() * 1_000.0);
        }
    }
    percentile(&mut times, 0.5)
}

impl<'v> Services<'v> {
    fn of(stand_in: &StandIn, variables: &'v BTreeMap<&str, String>, proxy: &Proxy) -> Self {
        let text = |name: &str| variables[name].clone();
        let credentials = Credentials::new(
            text("AWS_ACCESS_KEY_ID"),
            text("AWS_SECRET_ACCESS_KEY"),
            Some(text("AWS_SESSION_TOKEN")),
            None,
            "broker",
        );
        let config = stand_in.sdk_config_of(credentials, REGION).into_builder();
        let config = config.endpoint_url(&proxy.endpoint).build();
        let rules: Value = serde_json::from_str(&variables["RULES"]).expect("rules are JSON");
        let role = rules[0]["role"].as_str();
        Self {
            variables,
            dynamodb: DynamoDb::new(&config),
            identity_pools: IdentityPools::new(&config),
            sts: Sts::new(&config),
            role: role.expect("the rule gives a role").to_owned(),
        }
    }

    async fn call(&self, number: usize, path: &str) {
        let of = |name: &str| self.variables[name].clone();
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let count = |count: usize| AttributeValue::N(count.to_string());
        let dynamodb = &self.dynamodb;
        let find = dynamodb.get_item().table_name(of("IDENTITIES_TABLE"));
        let find = find.key("identifier", text(IDENTIFIER));
        find.consistent_read(true).send().await.expect(ANSWERS);
        for counted in ["subject", "all"] {
            let admit = dynamodb.update_item().table_name(of("TRIES_TABLE"));
            let admit = admit
                .key("window", text(counted))
                .update_expression("ADD tries :one SET expiresAt = :end")
                .condition_expression("attribute_not_exists(tries) OR tries < :limit")
                .expression_attribute_values(":one", count(1))
                .expression_attribute_values(":limit", count(1_000_000))
                .expression_attribute_values(":end", count(2_000_000_000));
            admit.send().await.expect(ANSWERS);
        }
        let use_up = dynamodb.put_item().table_name(of("REPLAYS_TABLE"));
        let proof = format!("{path}#{number:064}");
        let use_up = use_up
            .item("proof", text(&proof))
            .item("expiresAt", count(2_000_000_000))
            .condition_expression("attribute_not_exists(proof)");
        use_up.send().await.expect(ANSWERS);
        let pool = &self.identity_pools;
        let token = pool
            .get_open_id_token_for_developer_identity()
            .identity_pool_id(of("IDENTITY_POOL_ID"))
            .logins(of("DEVELOPER_PROVIDER_NAME"), IDENTIFIER)
            .principal_tags("tenant", "t-1")
            .token_duration(60);
        let token = token.send().await.expect(ANSWERS).token;
        if path == "/v1/credentials" {
            let assume = self.sts.assume_role_with_web_identity();
            let assume = assume.role_arn(&self.role).role_session_name("bench");
            let assume = assume.set_web_identity_token(token).duration_seconds(3_600);
            assume.send().await.expect(ANSWERS);
        }
    }
}

const ANSWERS: &str = "the stand-in answers";
