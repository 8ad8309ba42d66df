//! The functions that are measured: their settings, and the events that they get.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::signed::Signing;
use tests::stand_in::{StandIn, binary};

use crate::runtime_api::{Function, NO_EVENT};

/// A function as it is measured.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    binary: PathBuf,
    variables: BTreeMap<&'static str, String>,
    pub(crate) event: String,
    /// The most times noop-function's start that this one's may take.
    pub(crate) start: Option<f64>,
    /// The most times noop-function's warm event that this one's may take.
    pub(crate) warm: Option<f64>,
}

/// Starts are measured with an event that needs no look-up, the clients made for everything that can be configured.
pub(crate) fn functions(stand_in: &StandIn) -> Vec<Measured> {
    let mut functions = triggers(stand_in);
    functions.extend(challenges_and_senders(stand_in));
    functions
}

fn triggers(stand_in: &StandIn) -> Vec<Measured> {
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

fn challenges_and_senders(stand_in: &StandIn) -> Vec<Measured> {
    let set = |variable, value: &str| (variable, value.to_owned());
    let aws = set("AWS_ENDPOINT_URL", &stand_in.endpoint);
    let policy = set("POLICY", "password,email-code|totp");
    let policies = set("CHALLENGE_POLICIES_TABLE", "policies");
    let challenges = set("CHALLENGES_TABLE", "challenges");
    let key = set("CHALLENGE_KEY", KEY);
    let define = [
        aws.clone(),
        policy.clone(),
        policies.clone(),
        set("SIGN_IN_METHODS_TABLE", "methods"),
    ];
    let create = [
        aws.clone(),
        policy,
        policies,
        challenges.clone(),
        key.clone(),
        set("CHALLENGE_SENDER", "challenge-sender"),
    ];
    let verify = [
        aws.clone(),
        challenges,
        key,
        set("AUTHENTICATORS_TABLE", "authenticators"),
    ];
    let delivery = [
        aws,
        set("DELIVERIES_TABLE", "deliveries"),
        set("EMAIL_FROM", "no-reply@example.com"),
        set("SMS_PROVIDERS", "sns"),
        set("APP_NAME", "Nordwind"),
        set("CODE_KEY_ARN", KEY),
    ];
    // None of ours set this challenge, so nothing is looked up.
    let foreign =
        event("verify-auth-challenge-response/VerifyAuthChallengeResponse_Authentication.json");
    let nobody = event("challenge-sender/email-code.nobody.json");
    let code = event("custom-email-sender/CustomEmailSender_SignUp.json");
    let text = event("custom-sms-sender/CustomSMSSender_Authentication.json");
    vec![
        Measured::of("define-auth-challenge", define, NO_EVENT).starts_within(1.35),
        Measured::of("create-auth-challenge", create, NO_EVENT).starts_within(1.35),
        Measured::of("verify-auth-challenge-response", verify, &foreign)
            .starts_within(1.35)
            .answers_within(1.5),
        Measured::of("challenge-sender", delivery.clone(), &nobody)
            .starts_within(1.35)
            .answers_within(1.5),
        Measured::of(
            "custom-email-sender",
            delivery.clone(),
            &of_unknown_source(&code),
        )
        .starts_within(1.35)
        .answers_within(1.5),
        Measured::of("custom-sms-sender", delivery, &of_unknown_source(&text))
            .starts_within(1.35)
            .answers_within(1.5),
    ]
}

/// Of a password that nobody has.
const SAMPLE_HASH: &str = "$2b$04$uUt0ifDom5GT6NSiKBEP0.ZoJtX0L2SfNXtahHfk787prcdA27Ub2";

/// No key of the stand-in's: what is measured asks for none.
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555";

impl Measured {
    fn of<const N: usize>(
        name: &'static str,
        variables: [(&'static str, String); N],
        event: &str,
    ) -> Self {
        Self {
            name,
            binary: binary(name),
            variables: variables.into(),
            event: event.to_owned(),
            start: None,
            warm: None,
        }
    }

    fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    fn starts_within(self, times: f64) -> Self {
        let start = Some(times);
        Self { start, ..self }
    }

    fn answers_within(self, times: f64) -> Self {
        let warm = Some(times);
        Self { warm, ..self }
    }

    pub(crate) fn start(&self) -> (Function, std::time::Duration) {
        Function::start(&self.binary, &self.variables, &self.event)
    }
}

fn event(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../events")
        .join(file);
    std::fs::read_to_string(path).expect("the event files are there")
}

/// An event that is answered without a look-up, as none is known to help.
fn of_unknown_source(event: &str) -> String {
    let mut event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["triggerSource"] = json!("Trigger_Unknown");
    event.to_string()
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
