//! Every event of this trigger, in all its versions, answered with the same table. A new file in `events/` needs no new code here.

mod table;

use entrypoint::answer;
use function_tests::events;
use pre_token_generation::handle;
use serde_json::Value;

use table::{config, now, outside};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = config([
        ("GRANTABLE_SCOPES", "ledger-api/read,ledger-api/refund"),
        ("GRANTABLE_GROUPS", "editors,reviewers"),
        ("PROVIDER_GROUPS", "Okta/App Editors=editors"),
        ("PROVIDER_GROUPS_ATTRIBUTE", "custom:groups"),
    ]);
    let (_tables, outside) = outside(&config, &[USER, MACHINE_CLIENT]);
    for folder in ["v1", "v2", "v3"].map(|version| format!("pre-token-generation-{version}")) {
        for (name, event) in events(&folder) {
            let answer = answer(&event, |event| handle(event, &config, &outside, now()))
                .await
                .unwrap();
            let answer: Value = serde_json::from_str(answer.get()).unwrap();
            insta::assert_json_snapshot!(format!("{folder}__{name}"), answer);
        }
    }
}

/// The user of the events: an editor who also reviews, and who may do less through another app client.
const USER: &str = r#"{
    "subject": {"S": "user#b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11"},
    "tenant": {"S": "nordwind"},
    "roles": {"L": [{"S": "editor"}, {"S": "reviewer"}]},
    "permissions": {"SS": ["page:write", "page:approve"]},
    "claims": {"M": {"plan": {"M": {"name": {"S": "team"}, "seats": {"N": "5"}}}, "sub": {"S": "someone-else"}}},
    "scopes": {"L": [{"S": "ledger-api/read"}, {"S": "ledger-api/delete"}]},
    "groups": {"L": [{"S": "editors"}, {"S": "reviewers"}, {"S": "admins"}]},
    "clients": {"M": {"some-other-client": {"M": {"roles": {"L": []}}}}}
}"#;

const MACHINE_CLIENT: &str = r#"{
    "subject": {"S": "client#4q2n8v0c6t1m9s3k5r7p2d8f0h"},
    "tenant": {"S": "nordwind"},
    "permissions": {"L": [{"S": "entry:post"}]},
    "scopes": {"L": [{"S": "ledger-api/refund"}]},
    "groups": {"L": [{"S": "editors"}]}
}"#;
