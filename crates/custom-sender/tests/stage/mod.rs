//! A sender with everything that it calls: a key of KMS, the providers and the table.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use custom_sender::{CodeKey, Config, Sender, handle};
use delivery::Delivery;
use embedded_dynamodb::Tables;
use entrypoint::{Env, Failure};
use function_tests::{Senders, create, service};
use message_templates::Templates;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

pub(crate) const DELIVERIES: &str = "deliveries";

pub(crate) struct Stage {
    pub(crate) senders: Senders,
    pub(crate) tables: Tables,
    sender: Sender,
    vector: Value,
    kms: Arc<Mutex<Kms>>,
    minutes: Mutex<i64>,
}

#[derive(Default)]
struct Kms {
    calls: usize,
    failing: Option<&'static str>,
}

impl Stage {
    /// A sender whose key has encrypted the code of this name.
    pub(crate) fn new(code: &str) -> Self {
        let vector = vector(code);
        let env = Env::of_pairs([
            ("CODE_KEY_ARN", vector["keyArn"].as_str().unwrap()),
            ("DELIVERIES_TABLE", DELIVERIES),
            ("EMAIL_FROM", "no-reply@example.com"),
            ("EMAIL_REGIONS", "us-east-1, eu-west-1"),
            ("SMS_PROVIDERS", "sns"),
            ("APP_NAME", "Example"),
            ("CONFIRM_URL", "https://app.example.com/confirm"),
            ("SIGN_IN_URL", "https://app.example.com/"),
        ]);
        let templates = Templates::embedded();
        let config = Config::for_emails(env, &templates).unwrap();
        let tables = Tables::in_memory().unwrap();
        create(&tables, DELIVERIES, &["message"]);
        let senders = Senders::new();
        let kms = Arc::<Mutex<Kms>>::default();
        let sender = Sender {
            key: CodeKey::new(kms_client(&kms, &vector), config.key_arn.clone()),
            delivery: Delivery::new(
                &senders.connection(),
                tables.client(),
                DELIVERIES,
                &config.settings,
            ),
            templates,
            config,
        };
        Self {
            senders,
            tables,
            sender,
            vector,
            kms,
            minutes: Mutex::default(),
        }
    }

    /// The encrypted code, as an event has it.
    pub(crate) fn code(&self) -> Value {
        self.vector["message"].clone()
    }

    pub(crate) fn sign_up_event(&self) -> Value {
        let event =
            include_str!("../../../../events/custom-email-sender/CustomEmailSender_SignUp.json");
        let mut event: Value = serde_json::from_str(event).unwrap();
        event["request"]["code"] = self.code();
        event
    }

    pub(crate) async fn sign_up(&self) -> Result<&'static str, String> {
        self.handle(self.sign_up_event()).await
    }

    /// The same a minute after the last time, as Lambda tries it again.
    pub(crate) async fn sign_up_later(&self) -> Result<&'static str, String> {
        *self.minutes.lock().unwrap() += 1;
        self.sign_up().await
    }

    /// The reason of the answer, or what failed.
    pub(crate) async fn handle(&self, event: Value) -> Result<&'static str, String> {
        let minutes = Duration::minutes(*self.minutes.lock().unwrap());
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap() + minutes;
        let source = event["triggerSource"].as_str().unwrap();
        let decided = if source.starts_with("CustomSMSSender") {
            let event: cognito_events::custom_sms_sender::Event =
                serde_json::from_value(event).unwrap();
            handle(event, &self.sender, now).await
        } else {
            let event: cognito_events::custom_email_sender::Event =
                serde_json::from_value(event).unwrap();
            handle(event, &self.sender, now).await
        };
        match decided {
            Ok(decided) => Ok(decided.reason),
            Err(Failure::Internal(cause)) => Err(cause.to_string()),
            Err(refused @ Failure::Refused { .. }) => panic!("{refused:?}"),
        }
    }

    pub(crate) fn taken_by(&self) -> Vec<String> {
        let accepted = self.senders.accepted().into_iter();
        accepted.map(|accepted| accepted.service).collect()
    }

    /// What was taken. The HTML is the templates' own affair, and left out.
    pub(crate) fn sent(&self) -> Vec<Value> {
        let accepted = self.senders.accepted().into_iter();
        let requests = accepted.map(|mut accepted| {
            if let Some(html) = accepted
                .request
                .pointer_mut("/Content/Simple/Body/Html/Data")
            {
                *html = "[html]".into();
            }
            accepted.request
        });
        requests.collect()
    }

    pub(crate) fn kms_calls(&self) -> usize {
        self.kms.lock().unwrap().calls
    }

    pub(crate) fn fail_kms(&self, exception: Option<&'static str>) {
        self.kms.lock().unwrap().failing = exception;
    }
}

/// The message of this name, and what KMS knows of it.
fn vector(name: &str) -> Value {
    let vectors = include_str!("../../src/encrypted_message/vectors.json");
    let mut vectors: Value = serde_json::from_str(vectors).unwrap();
    let vectors = vectors["accepted"].as_array_mut().unwrap();
    let found = vectors.iter_mut().find(|vector| vector["name"] == name);
    found.unwrap().take()
}

/// KMS with the one key, which decrypts the one data key for its own context alone.
fn kms_client(kms: &Arc<Mutex<Kms>>, vector: &Value) -> aws_sdk_kms::Client {
    let kms = Arc::clone(kms);
    let vector = vector.clone();
    let connection = service(move |_, input| {
        let mut kms = kms.lock().unwrap();
        kms.calls += 1;
        if let Some(exception) = kms.failing {
            return Err(exception);
        }
        let is_right = input["EncryptionContext"] == vector["context"]
            && input["CiphertextBlob"] == in_base64(&vector["encryptedDataKey"]);
        if !is_right {
            return Err("InvalidCiphertextException");
        }
        Ok(json!({"KeyId": vector["keyArn"], "Plaintext": in_base64(&vector["dataKey"])}))
    });
    aws_sdk_kms::Client::new(&connection)
}

fn in_base64(hex: &Value) -> String {
    let hex = hex.as_str().unwrap();
    let bytes = (0..hex.len()).step_by(2);
    let bytes = bytes.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    STANDARD.encode(bytes.collect::<Vec<_>>())
}
