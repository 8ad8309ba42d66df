//! The triggers of a user pool.

use serde_json::{Value, json};
use tests::signed::Signing;
use tests::stand_in::{StandIn, binary};

use super::{Measured, SAMPLE_HASH, event, of_unknown_source};
use crate::runtime_api::NO_EVENT;

pub(super) fn functions(stand_in: &StandIn) -> Vec<Measured> {
    let sign_in = event("pre-token-generation-v3/TokenGeneration_Authentication.json");
    put_membership(stand_in, &member_of(&sign_in));
    let aws = ("AWS_ENDPOINT_URL", stand_in.endpoint.clone());
    let table = |variable, table: &str| (variable, stand_in.table(table));
    let set = |variable, value: &str| (variable, value.to_owned());
    let tokens = [
        aws.clone(),
        table("MEMBERSHIPS_TABLE", "MembershipsTable"),
        table("BLOCKS_TABLE", "BlocksTable"),
        set("GRANTABLE_SCOPES", "api/read"),
        set("GRANTABLE_GROUPS", "admins"),
    ];
    let lenient = [
        set("ON_MEMBERSHIPS_ERROR", "issue-without"),
        aws.clone(),
        table("MEMBERSHIPS_TABLE", "MembershipsTable"),
        set("GRANTABLE_GROUPS", "admins"),
    ];
    let everything = [
        aws.clone(),
        set("INVITATIONS", "optional"),
        table("INVITATIONS_TABLE", "InvitationsTable"),
        set("LINK_PROVIDERS", "Google"),
        set("CAPTCHA", "turnstile"),
        set("CAPTCHA_SECRET", "/captcha/secret"),
        set("CAPTCHA_HOSTS", "app.example.com"),
    ];
    let blocks = [
        aws.clone(),
        table("BLOCKS_TABLE", "BlocksTable"),
        set("SIGN_IN_WITH", "email"),
    ];
    let confirmations = [
        aws.clone(),
        table("PROFILES_TABLE", "ProfilesTable"),
        table("DEFAULT_GROUPS_TABLE", "DefaultGroupsTable"),
        table("INVITATIONS_TABLE", "InvitationsTable"),
        set("SIGN_OUT_ON_PASSWORD_RESET", "true"),
    ];
    let sign_ins = [aws.clone(), table("PROFILES_TABLE", "ProfilesTable")];
    let migration = [
        aws,
        set("SOURCES", "imported-table"),
        set("LEGACY_USERS_TABLE", "legacy-users"),
        set("TRIES_TABLE", "tries"),
        set("SAMPLE_HASH", SAMPLE_HASH),
    ];
    let words = [
        set("APP_NAME", "Nordwind"),
        set("EMAIL", "on"),
        set("SUPPORT_URL", "https://app.example.com/help"),
    ];
    let rules = r#"{"Google": {"attributes": ["sub", "email", "email_verified", "name"], "domains": ["example.org"]}}"#;

    let administrator = event("pre-sign-up/PreSignUp_AdminCreateUser.json");
    let sign_up = event("pre-sign-up/PreSignUp_SignUp.json");
    let confirmed = event("post-confirmation/PostConfirmation_ConfirmSignUp.json");
    let signed_in = event("post-authentication/PostAuthentication_Authentication.json");
    let signing_in = event("pre-authentication/PreAuthentication_Authentication.json");
    let message = event("custom-message/CustomMessage_SignUp.json");
    let stranger = event("user-migration/UserMigration_Authentication.json");
    let federated = event("inbound-federation/InboundFederation_ExternalProvider.json");
    let item_in_memory = binary("pre-token-generation")
        .with_file_name("examples")
        .join("item-in-memory");
    vec![
        Measured::of("noop-function", [], &sign_in),
        Measured::of("custom-message", words, &message)
            .starts_within(1.25)
            .answers_within(1.5),
        Measured::of("inbound-federation", [set("PROVIDERS", rules)], &federated)
            .starts_within(1.25)
            .answers_within(1.5),
        // An administrator's new user passes without a look-up.
        Measured::of("pre-sign-up", everything, &administrator)
            .starts_within(1.35)
            .answers_within(1.5),
        Measured::of("pre-sign-up", [], &sign_up).named("pre-sign-up, domain rules"),
        // Every sign-in is looked up, so this is none: it is refused before.
        Measured::of("pre-authentication", blocks.clone(), NO_EVENT)
            .named("pre-authentication, no look-up")
            .starts_within(1.35),
        Measured::of("pre-authentication", blocks, &signing_in),
        Measured::of(
            "post-confirmation",
            confirmations.clone(),
            &of_unknown_source(&confirmed),
        )
        .named("post-confirmation, no look-up")
        .starts_within(1.35)
        .answers_within(1.5),
        Measured::of("post-confirmation", confirmations, &confirmed),
        Measured::of(
            "post-authentication",
            sign_ins.clone(),
            &of_unknown_source(&signed_in),
        )
        .named("post-authentication, no look-up")
        .starts_within(1.35)
        .answers_within(1.5),
        Measured::of("post-authentication", sign_ins, &signed_in),
        // Every try is counted, so this is none.
        Measured::of("user-migration", migration, &of_unknown_source(&stranger))
            .named("user-migration, no look-up")
            .starts_within(1.35)
            .answers_within(1.5),
        // An event that names nobody needs no look-up, and this setting lets it pass.
        Measured::of("pre-token-generation", lenient, &without_sub(&sign_in))
            .named("pre-token-generation, no look-up")
            .starts_within(1.35),
        Measured {
            binary: item_in_memory,
            ..Measured::of("pre-token-generation", tokens.clone(), &sign_in)
                .named("pre-token-generation, item in memory")
                .answers_within(1.5)
        },
        Measured::of("pre-token-generation", tokens, &sign_in),
    ]
}

fn without_sub(event: &str) -> String {
    let mut event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["request"]["userAttributes"]
        .as_object_mut()
        .expect("the event has attributes")
        .remove("sub");
    event.to_string()
}

fn member_of(event: &str) -> String {
    let event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["request"]["userAttributes"]["sub"]
        .as_str()
        .expect("the event names a user")
        .to_owned()
}

fn put_membership(stand_in: &StandIn, sub: &str) {
    let list = |items: &[&str]| json!({ "L": items.iter().map(|item| json!({ "S": item })).collect::<Vec<_>>() });
    let item = json!({
        "subject": { "S": format!("user#{sub}") },
        "tenant": { "S": "nordwind" },
        "roles": list(&["editor", "billing"]),
        "permissions": list(&["invoices:read", "invoices:write", "reports:read"]),
        "scopes": list(&["api/read"]),
        "groups": list(&["admins"]),
    });
    let body = json!({ "TableName": stand_in.table("MembershipsTable"), "Item": item }).to_string();
    let target = "DynamoDB_20120810.PutItem";
    let (status, _, _) = Signing::for_service("dynamodb").send(stand_in, target, &body);
    assert_eq!(status, 200, "the stand-in stores the membership");
}
