//! The three functions over tables, keys and a sender in this process, and Cognito's part of a sign-in: the session.

use authenticators::{Authenticators, Owner};
use aws_sdk_dynamodb::Client;
use cognito_events::define_auth_challenge;
use custom_challenge::{create, define, verify};
use embedded_dynamodb::Tables;
use entrypoint::{Decided, Env, Failure};
use function_tests::{Invocations, Keys};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::pool::Pool;

pub(crate) const POOL: &str = "eu-central-1_Kx7QmT2Zd";
pub(crate) const POLICIES: &str = "challenge-policies";
pub(crate) const CHALLENGES: &str = "challenges";
pub(crate) const METHODS: &str = "sign-in-methods";
const AUTHENTICATORS: &str = "authenticators";

/// 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

pub(crate) fn after(seconds: i64) -> OffsetDateTime {
    now() + Duration::seconds(seconds)
}

/// A user of the pool, or nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Who {
    Ines,
    Bob,
    /// A name that no user has.
    Nobody,
}

impl Who {
    pub(crate) fn sub(self) -> &'static str {
        match self {
            Self::Ines => "u-1",
            Self::Bob => "u-2",
            Self::Nobody => "nobody",
        }
    }

    /// The members of an event that say whom it is about.
    fn members(self) -> (Value, Value) {
        let attributes = |sub: &str, name: &str, digit: u8| {
            json!({
                "sub": sub,
                "cognito:user_status": "CONFIRMED",
                "email": format!("{name}@example.org"),
                "email_verified": "true",
                "phone_number": format!("+491522881738{digit}"),
                "phone_number_verified": "true",
                "locale": "de-DE",
            })
        };
        match self {
            Self::Ines => ("u-1".into(), attributes("u-1", "ines", 6)),
            Self::Bob => ("u-2".into(), attributes("u-2", "bob", 5)),
            Self::Nobody => ("ina@example.org".into(), json!({})),
        }
    }
}

/// A sign-in as Cognito keeps it.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    pub(crate) who: Who,
    /// What Cognito calls the user, or what was typed.
    pub(crate) user_name: Value,
    pub(crate) attributes: Value,
    pub(crate) pool_id: &'static str,
    pub(crate) client_id: &'static str,
    pub(crate) session: Vec<Value>,
    /// What create auth challenge answered last.
    pub(crate) created: Value,
}

impl SignIn {
    pub(crate) fn of(who: Who) -> Self {
        let (user_name, attributes) = who.members();
        Self {
            who,
            user_name,
            attributes,
            pool_id: POOL,
            client_id: "web",
            session: Vec::new(),
            created: Value::Null,
        }
    }

    pub(crate) fn public(&self, name: &str) -> Option<&str> {
        self.created["publicChallengeParameters"][name].as_str()
    }

    /// The event of a trigger, with these members of its request besides.
    pub(crate) fn event(&self, request: Value) -> Value {
        let mut event = json!({
            "userPoolId": self.pool_id,
            "userName": self.user_name,
            "callerContext": {"clientId": self.client_id},
            "request": {"userAttributes": self.attributes},
        });
        if self.who == Who::Nobody {
            event["request"]["userNotFound"] = true.into();
        }
        for (name, value) in request.as_object().unwrap() {
            event["request"][name] = value.clone();
        }
        event
    }
}

/// The functions, and what they reach.
pub(crate) struct Stage {
    pub(crate) tables: Tables,
    pub(crate) keys: Keys,
    pub(crate) sender: Invocations,
    pub(crate) pool: Pool,
    pub(crate) config: create::Config,
    pub(crate) define: define::Outside,
    pub(crate) create: create::Outside,
    pub(crate) verify: verify::Outside,
}

impl Stage {
    pub(crate) fn new(policy: &str) -> Self {
        Self::with(policy, [])
    }

    /// With these variables of create auth challenge besides.
    pub(crate) fn with<const N: usize>(policy: &str, more: [(&str, &str); N]) -> Self {
        let tables = Tables::in_memory().unwrap();
        function_tests::create(&tables, POLICIES, &["client"]);
        function_tests::create(&tables, CHALLENGES, &["id"]);
        function_tests::create(&tables, METHODS, &["subject"]);
        function_tests::create(&tables, AUTHENTICATORS, &["subject", "authenticator"]);
        let client = tables.client();
        Self::over(client, tables, policy, more)
    }

    /// Over tables that this client reaches, or not.
    pub(crate) fn over<const N: usize>(
        client: Client,
        tables: Tables,
        policy: &str,
        more: [(&str, &str); N],
    ) -> Self {
        let (keys, sender) = (Keys::default(), Invocations::default());
        let pool = Pool::new();
        let kms = || aws_sdk_kms::Client::new(&keys.connection());
        let user_pools = || aws_sdk_cognitoidentityprovider::Client::new(&pool.connection());
        let mut variables = [("", ""); 24];
        variables[..8].copy_from_slice(&[
            ("POLICY", policy),
            ("CHALLENGE_POLICIES_TABLE", POLICIES),
            ("SIGN_IN_METHODS_TABLE", METHODS),
            ("CHALLENGES_TABLE", CHALLENGES),
            ("CHALLENGE_KEY", "challenge-key"),
            ("CHALLENGE_SENDER", "challenge-sender"),
            ("AUTHENTICATORS_TABLE", AUTHENTICATORS),
            ("AUTHENTICATORS_KEY", "authenticators-key"),
        ]);
        variables[8..8 + N].copy_from_slice(&more);
        let env = || Env::of_pairs(variables);
        let config = create::Config::from_env(env()).unwrap();
        let lambda = aws_sdk_lambda::Client::new(&sender.connection());
        Self {
            define: define::Outside::new(
                client.clone(),
                user_pools(),
                &define::Config::from_env(env()).unwrap(),
            ),
            create: create::Outside::new(client.clone(), kms(), lambda, user_pools(), &config),
            verify: verify::Outside::new(client, kms(), &verify::Config::from_env(env()).unwrap()),
            tables,
            keys,
            sender,
            pool,
            config,
        }
    }

    pub(crate) async fn define(
        &self,
        sign_in: &SignIn,
        metadata: &Value,
        at: OffsetDateTime,
    ) -> Result<Decided<define_auth_challenge::Response>, Failure> {
        let event = sign_in.event(json!({"session": sign_in.session, "clientMetadata": metadata}));
        define::handle(serde_json::from_value(event).unwrap(), &self.define, at).await
    }

    pub(crate) async fn create(
        &self,
        sign_in: &SignIn,
        metadata: &Value,
        at: OffsetDateTime,
    ) -> Result<Decided<Value>, Failure> {
        let event = sign_in.event(json!({
            "challengeName": "CUSTOM_CHALLENGE",
            "session": sign_in.session,
            "clientMetadata": metadata,
        }));
        let event = serde_json::from_value(event).unwrap();
        let decided = create::handle(event, &self.config, &self.create, at).await?;
        let response = serde_json::to_value(decided.response).unwrap();
        Ok(Decided::by(decided.reason, response))
    }

    /// Whether the answer is right, and what decided that.
    pub(crate) async fn verify(
        &self,
        sign_in: &SignIn,
        answer: &str,
        metadata: &Value,
        at: OffsetDateTime,
    ) -> Result<(bool, &'static str), Failure> {
        let event = sign_in.event(json!({
            "privateChallengeParameters": sign_in.created["privateChallengeParameters"],
            "challengeAnswer": answer,
            "clientMetadata": metadata,
        }));
        let event = serde_json::from_value(event).unwrap();
        let decided = verify::handle(event, &self.verify, at).await?;
        Ok((decided.response.answer_correct.unwrap(), decided.reason))
    }

    /// What Cognito does after `InitiateAuth` and after each answer: define, and create if it says so. The decision's name.
    pub(crate) async fn proceed(
        &self,
        sign_in: &mut SignIn,
        metadata: &Value,
        at: OffsetDateTime,
    ) -> &'static str {
        let decided = self.define(sign_in, metadata, at).await.unwrap();
        let next = serde_json::to_value(&decided.response).unwrap();
        if next["challengeName"] == "CUSTOM_CHALLENGE" {
            sign_in.created = self.create(sign_in, metadata, at).await.unwrap().response;
        }
        decided.reason
    }

    /// A sign-in whose first challenge is set.
    pub(crate) async fn begin(&self, who: Who, at: OffsetDateTime) -> SignIn {
        let mut sign_in = SignIn::of(who);
        self.proceed(&mut sign_in, &json!({}), at).await;
        sign_in
    }

    /// One answer with all that follows from it. What was decided on it, and what came next.
    pub(crate) async fn respond(
        &self,
        sign_in: &mut SignIn,
        answer: &str,
        metadata: Value,
        at: OffsetDateTime,
    ) -> (&'static str, &'static str) {
        let verified = self.verify(sign_in, answer, &metadata, at).await;
        let (is_right, reason) = verified.unwrap();
        sign_in.session.push(json!({
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": is_right,
            "challengeMetadata": sign_in.created["challengeMetadata"],
        }));
        (reason, self.proceed(sign_in, &metadata, at).await)
    }

    /// The messages that would leave: one for each id, to those who have a recipient.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let mut messages = self.sender.taken();
        messages.retain(|message| !message["recipient"].is_null());
        let mut ids = std::collections::BTreeSet::new();
        messages.retain(|message| ids.insert(message["messageId"].to_string()));
        messages
    }

    pub(crate) fn authenticators(&self) -> Authenticators {
        let kms = aws_sdk_kms::Client::new(&self.keys.connection());
        Authenticators::new(
            self.tables.client(),
            AUTHENTICATORS,
            kms,
            "authenticators-key",
        )
    }
}

/// The code of the only message.
pub(crate) fn code(messages: &[Value]) -> String {
    assert_eq!(messages.len(), 1, "one message");
    messages[0]["code"].as_str().unwrap().to_owned()
}

/// A code of as many digits that is not this one.
pub(crate) fn other_than(code: &str) -> String {
    let digit = if code.starts_with('0') { "1" } else { "0" };
    format!("{digit}{}", &code[1..])
}

/// Ten recovery codes of the user.
pub(crate) async fn recovery_codes(stage: &Stage, who: Who) -> Vec<String> {
    let owner = Owner::new(POOL, who.sub());
    let authenticators = stage.authenticators();
    let made = authenticators.make_recovery_codes(&owner, now()).await;
    let codes: Vec<SecretString> = made.unwrap().unwrap();
    codes
        .iter()
        .map(|code| code.expose_secret().to_owned())
        .collect()
}
