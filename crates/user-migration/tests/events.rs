//! Every event of this trigger, answered with the same tables. A new file in `events/` needs no new code here.

use aws_sdk_cognitoidentityprovider::Client as UserPools;
use aws_sdk_ssm::Client as Ssm;
use embedded_dynamodb::Tables;
use entrypoint::{Env, answer};
use function_tests::{create, events, items, put, service};
use serde_json::{Value, json};
use time::OffsetDateTime;
use user_migration::{Clients, Config, Outside, handle};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = Config::from_env(Env::of_pairs([
        ("SOURCES", "imported-table"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
        (
            "SAMPLE_HASH",
            "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=",
        ),
    ]));
    let config = config.unwrap();
    for (name, event) in events("user-migration") {
        let tables = Tables::in_memory().unwrap();
        create(&tables, "legacy-users", &["user"]);
        create(&tables, "tries", &["window"]);
        let ines = json!({
            "user": {"S": "ines.falk@example.org"},
            "hash": {"S": "pbkdf2_sha256$1000$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk="},
            "attributes": {"M": {
                "email": {"S": "ines.falk@example.org"},
                "name": {"S": "Ines Falk"},
                "internal_note": {"S": "pays late"},
            }},
            "verified": {"SS": ["email"]},
        });
        put(&tables, "legacy-users", &ines);
        let nothing = || service(|operation, _| panic!("{operation} is not needed"));
        let clients = Clients {
            dynamodb: tables.client(),
            user_pools: UserPools::new(&nothing()).into(),
            ssm: Ssm::new(&nothing()).into(),
        };
        let outside = Outside::new(clients, &config);
        // 2027-01-15, 08:00 UTC.
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let answer = answer(&event, |event| handle(event, &config, &outside, now));
        let answer: Value = serde_json::from_str(answer.await.unwrap().get()).unwrap();
        let left = json!({"answer": answer, "legacy users": items(&tables, "legacy-users")});
        insta::assert_json_snapshot!(name, left);
    }
}
