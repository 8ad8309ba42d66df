//! Who gets tokens at all: the blocks as they are, changed, malformed or gone, and the rules that need no table.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod table;

use std::time::Duration;

use admission::Blocks;
use cognito_events::pre_token_generation::Event;
use embedded_dynamodb::{Tables, cut_at_every_await, hanging_client, unreachable_client};
use entrypoint::{Failure, UNAVAILABLE};
use pre_token_generation::{Config, Outside, handle};
use serde_json::{Value, json};

use table::{BLOCKS, config, now, outside, put};

/// Every way to a token of a user.
const SOURCES: [&str; 6] = [
    "TokenGeneration_HostedAuth",
    "TokenGeneration_Authentication",
    "TokenGeneration_NewPasswordChallenge",
    "TokenGeneration_AuthenticateDevice",
    "TokenGeneration_RefreshTokens",
    "TokenGeneration_Later",
];

/// Tokens for user `u-1`, who is in the pool's group `staff`.
fn event(version: &str, source: &str) -> Event {
    let event = json!({
        "version": version,
        "triggerSource": source,
        "userName": "u-1",
        "callerContext": {"clientId": "c-1"},
        "request": {
            "userAttributes": {"sub": "u-1", "email": "ines@mail.example.org", "email_verified": "false", "phone_number": "+491701234567"},
            "groupConfiguration": {"groupsToOverride": ["staff"]},
            "clientMetadata": {"groups": "admins"},
        },
    });
    serde_json::from_value(event).unwrap()
}

/// Tokens for a machine client, of whose event only the app client is documented.
fn machine(request: &Value) -> Event {
    serde_json::from_value(json!({
        "version": "3",
        "triggerSource": "TokenGeneration_ClientCredentials",
        "callerContext": {"clientId": "c-1"},
        "request": request,
    }))
    .unwrap()
}

struct Stack {
    config: Config,
    tables: Tables,
    outside: Outside,
}

impl Stack {
    fn new<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let config = config(variables);
        let machine = r#"{"subject": {"S": "client#c-1"}, "tenant": {"S": "nordwind"}}"#;
        let (tables, mut outside) = outside(&config, &[machine]);
        outside.blocks = Some(Blocks::new(tables.client(), BLOCKS));
        Self {
            config,
            tables,
            outside,
        }
    }

    /// The same with these blocks.
    fn over(mut self, blocks: Blocks) -> Self {
        self.outside.blocks = Some(blocks);
        self
    }

    async fn handle(&self, event: Event) -> Result<&'static str, Failure> {
        let decided = handle(event, &self.config, &self.outside, now()).await?;
        Ok(decided.reason)
    }

    /// The name of the rule that decided, or of the refusal.
    async fn outcome(&self, event: Event) -> Result<&'static str, String> {
        match self.handle(event).await {
            Ok(reason) => Ok(reason),
            Err(Failure::Refused { reason, .. }) => Err(reason),
            Err(Failure::Internal(cause)) => panic!("{cause}"),
        }
    }
}

#[tokio::test]
async fn a_block_holds_for_every_way_to_a_token() {
    for (key, refusal) in [
        ("pool", "PoolBlocked"),
        ("client#c-1", "ClientBlocked"),
        ("domain#example.org", "DomainBlocked"),
        ("address#ines@mail.example.org", "AddressBlocked"),
        ("address#+491701234567", "AddressBlocked"),
        ("user#u-1", "UserBlocked"),
    ] {
        let stack = Stack::new([]);
        for source in SOURCES {
            assert_eq!(stack.outcome(event("2", source)).await, Ok("NoMembership"));
        }
        put(
            &stack.tables,
            BLOCKS,
            &format!(r#"{{"subject": {{"S": "{key}"}}}}"#),
        );
        for source in SOURCES {
            for version in ["1", "2", "3"] {
                let outcome = stack.outcome(event(version, source)).await;
                assert_eq!(outcome, Err(refusal.to_owned()), "{key} {source} {version}");
            }
        }
        let is_for_all = ["pool", "client#c-1"].contains(&key);
        let expected = if is_for_all {
            Err(refusal.to_owned())
        } else {
            Ok("Membership")
        };
        assert_eq!(stack.outcome(machine(&json!({}))).await, expected, "{key}");
    }
}

#[tokio::test]
async fn a_block_lets_groups_through_and_ends() {
    for (row, expected) in [
        (
            r#"{"subject": {"S": "client#c-1"}, "exceptGroups": {"SS": ["staff"]}}"#,
            Ok("NoMembership"),
        ),
        (
            r#"{"subject": {"S": "client#c-1"}, "exceptGroups": {"SS": ["admins"]}}"#,
            Err("ClientBlocked".to_owned()),
        ),
        (
            r#"{"subject": {"S": "user#u-1"}, "until": {"N": "1800000000"}}"#,
            Ok("NoMembership"),
        ),
        (
            r#"{"subject": {"S": "user#u-1"}, "until": {"N": "1800000001"}}"#,
            Err("UserBlocked".to_owned()),
        ),
    ] {
        let stack = Stack::new([]);
        put(&stack.tables, BLOCKS, row);
        let outcome = stack
            .outcome(event("3", "TokenGeneration_RefreshTokens"))
            .await;
        assert_eq!(outcome, expected, "{row}");
    }
}

#[tokio::test]
async fn groups_that_a_membership_grants_open_no_block() {
    let stack = Stack::new([("GRANTABLE_GROUPS", "admins")]);
    let row = r#"{"subject": {"S": "user#u-1"}, "groups": {"SS": ["admins"]}}"#;
    put(&stack.tables, table::TABLE, row);
    let maintenance = r#"{"subject": {"S": "pool"}, "exceptGroups": {"SS": ["admins"]}}"#;
    put(&stack.tables, BLOCKS, maintenance);
    let outcome = stack
        .outcome(event("3", "TokenGeneration_Authentication"))
        .await;
    assert_eq!(outcome, Err("PoolBlocked".to_owned()));
}

#[tokio::test]
async fn domains_and_verified_addresses_are_held_for_users_alone() {
    for (variables, refusal) in [
        (("ALLOWED_DOMAINS", "example.com"), "DomainNotAllowed"),
        (("DENIED_DOMAINS", "example.org"), "DomainDenied"),
        (("REQUIRE_VERIFIED", "email"), "AddressUnverified"),
        (("REQUIRE_VERIFIED", "either"), "AddressUnverified"),
    ] {
        let stack = Stack::new([variables]);
        for source in SOURCES {
            let outcome = stack.outcome(event("3", source)).await;
            assert_eq!(outcome, Err(refusal.to_owned()), "{variables:?} {source}");
        }
        for request in [
            json!({}),
            json!({"userAttributes": {}, "groupConfiguration": {}}),
            json!({"userAttributes": null, "groupConfiguration": null, "scopes": null}),
        ] {
            let outcome = stack.outcome(machine(&request)).await;
            assert_eq!(outcome, Ok("Membership"), "{variables:?} {request}");
        }
    }
}

#[tokio::test]
async fn a_machine_clients_token_bears_what_its_own_row_says() {
    let stack = Stack::new([]);
    let expected = json!({"claimsAndScopeOverrideDetails": {
        "accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "nordwind"}},
    }});
    for request in [
        json!({"userAttributes": null, "clientMetadata": {"tenant": "of-my-choice"}}),
        json!({"userAttributes": {"sub": "u-1"}, "groupConfiguration": {"groupsToOverride": ["staff"]}}),
    ] {
        let event = machine(&request);
        let decided = handle(event, &stack.config, &stack.outside, now()).await;
        let response = serde_json::to_value(decided.unwrap().response).unwrap();
        assert_eq!(response, expected, "{request}");
    }
}

/// The clock is Tokio's and moves by itself while all wait.
#[tokio::test(start_paused = true)]
async fn blocks_that_cannot_be_read_refuse_or_are_gone_without() {
    let malformed = r#"{"subject": {"S": "pool"}, "until": {"S": "tomorrow"}}"#;
    for (on_error, is_allowed) in [("refuse", false), ("", false), ("allow", true)] {
        let readable = || {
            Stack::new([
                ("ON_BLOCKS_ERROR", on_error),
                ("DENIED_DOMAINS", "denied.example"),
            ])
        };
        let stacks = [
            readable().over(Blocks::new(unreachable_client(), BLOCKS)),
            readable().over(Blocks::new(hanging_client(), BLOCKS)),
            {
                let stack = readable();
                let another = Blocks::new(stack.tables.client(), "another");
                stack.over(another)
            },
            {
                let stack = readable();
                put(&stack.tables, BLOCKS, malformed);
                stack
            },
        ];
        for stack in stacks {
            let refresh = event("3", "TokenGeneration_RefreshTokens");
            let in_time = tokio::time::timeout(Duration::from_secs(4), stack.handle(refresh));
            match in_time.await.unwrap() {
                Ok(reason) => assert_eq!((reason, is_allowed), ("NoMembership", true)),
                Err(failure) => {
                    assert!(matches!(failure, Failure::Internal(_)), "{failure:?}");
                    assert_eq!((failure.public_text(), is_allowed), (UNAVAILABLE, false));
                }
            }
            let mut denied = event("3", "TokenGeneration_RefreshTokens");
            denied.request.user_attributes =
                [("sub", "u-1"), ("email", "ines@denied.example")].into();
            assert!(stack.handle(denied).await.is_err(), "the other rules hold");
        }
    }
}

#[tokio::test]
async fn a_user_without_a_name_cannot_pass_a_block_unseen() {
    let stack = Stack::new([("ON_MEMBERSHIPS_ERROR", "issue-without")]);
    let mut nobody = event("3", "TokenGeneration_RefreshTokens");
    nobody.request.user_attributes = [("email", "ines@example.org")].into();
    let failure = stack.handle(nobody).await.unwrap_err();
    assert_eq!(failure.public_text(), UNAVAILABLE);
}

#[tokio::test]
async fn the_answer_about_a_block_is_the_same_cut_at_any_await() {
    let stack = Stack::new([]);
    put(&stack.tables, BLOCKS, r#"{"subject": {"S": "user#u-1"}}"#);
    let run = || stack.outcome(event("3", "TokenGeneration_RefreshTokens"));
    let (outcome, cuts) = cut_at_every_await(run).await;
    assert_eq!(outcome, Err("UserBlocked".to_owned()));
    assert!(cuts > 0, "there is an await to cut at");
}
