//! The providers, the table, and the messages that leave over them.

use delivery::{Delivery, DeliveryError, Email, Message, Outcome, Settings, Sms};
use embedded_dynamodb::Tables;
use function_tests::{Log, Senders, create};
use time::OffsetDateTime;

pub(crate) const DELIVERIES: &str = "deliveries";

pub(crate) const HERE: &str = "ses/us-east-1";
pub(crate) const THERE: &str = "ses/eu-west-1";
pub(crate) const SNS: &str = "sns/us-east-1";
pub(crate) const END_USER_MESSAGING: &str = "sms-voice/us-east-1";

/// 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

pub(crate) fn settings() -> Settings {
    Settings {
        email_from: Some("Example <no-reply@example.com>".parse().unwrap()),
        email_regions: vec!["us-east-1".parse().unwrap(), "eu-west-1".parse().unwrap()],
        email_configuration_set: Some("transactional".to_owned()),
        sms_providers: vec![
            "sns".parse().unwrap(),
            "end-user-messaging".parse().unwrap(),
        ],
        sms_sender_id: Some("Example".parse().unwrap()),
        sms_origination_identity: Some("pool-1".to_owned()),
    }
}

pub(crate) fn email() -> Message {
    Message::Email(Email {
        to: "ines@example.org".to_owned(),
        subject: "Your sign-in code".to_owned(),
        html: "<p>482913</p>".to_owned(),
        text: Some("482913".to_owned()),
    })
}

pub(crate) fn sms() -> Message {
    Message::Sms(Sms {
        to: "+4915112345678".to_owned(),
        text: "482913 is your code".to_owned(),
    })
}

/// The providers, the table, and what sends over them.
pub(crate) struct Stage {
    pub(crate) senders: Senders,
    pub(crate) tables: Tables,
    pub(crate) delivery: Delivery,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(&settings())
    }

    pub(crate) fn with(settings: &Settings) -> Self {
        let tables = tables();
        Self::over(tables.client(), tables, settings)
    }

    pub(crate) fn over(
        client: aws_sdk_dynamodb::Client,
        tables: Tables,
        settings: &Settings,
    ) -> Self {
        let senders = Senders::new();
        let delivery = Delivery::new(&senders.connection(), client, DELIVERIES, settings);
        Self {
            senders,
            tables,
            delivery,
        }
    }

    pub(crate) async fn send(&self, message: &Message) -> Result<Outcome, DeliveryError> {
        self.delivery.send("m-1", message, now()).await
    }

    /// Who took it.
    pub(crate) fn taken_by(&self) -> Vec<String> {
        let accepted = self.senders.accepted().into_iter();
        accepted.map(|accepted| accepted.service).collect()
    }
}

pub(crate) fn tables() -> Tables {
    let tables = Tables::in_memory().unwrap();
    create(&tables, DELIVERIES, &["message"]);
    tables
}

/// Neither the recipient nor the text, and no provider's own words.
#[track_caller]
pub(crate) fn check_silent(log: &Log) {
    for secret in ["ines", "4915112345678", "482913", "private"] {
        assert!(!log.text().contains(secret), "{secret} in {}", log.text());
    }
}
