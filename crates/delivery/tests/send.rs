//! What leaves by which provider, and how often, when providers and the table fail, and when events come again or are cut.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use delivery::{Delivery, DeliveryError, Email, Message, Outcome, Settings, Sms};
use embedded_dynamodb::{Tables, hanging_client, throttled_client, unreachable_client};
use function_tests::{Log, SILENT, Senders, UNREACHABLE, create, items};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

const DELIVERIES: &str = "deliveries";

const HERE: &str = "ses/us-east-1";
const THERE: &str = "ses/eu-west-1";
const SNS: &str = "sns/us-east-1";
const END_USER_MESSAGING: &str = "sms-voice/us-east-1";

/// 2027-01-15, 08:00 UTC.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

fn settings() -> Settings {
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

fn email() -> Message {
    Message::Email(Email {
        to: "ines@example.org".to_owned(),
        subject: "Your sign-in code".to_owned(),
        html: "<p>482913</p>".to_owned(),
        text: Some("482913".to_owned()),
    })
}

fn sms() -> Message {
    Message::Sms(Sms {
        to: "+4915112345678".to_owned(),
        text: "482913 is your code".to_owned(),
    })
}

/// The providers, the table, and what sends over them.
struct Stage {
    senders: Senders,
    tables: Tables,
    delivery: Delivery,
}

impl Stage {
    fn new() -> Self {
        Self::with(&settings())
    }

    fn with(settings: &Settings) -> Self {
        let tables = tables();
        Self::over(tables.client(), tables, settings)
    }

    fn over(client: aws_sdk_dynamodb::Client, tables: Tables, settings: &Settings) -> Self {
        let senders = Senders::new();
        let delivery = Delivery::new(&senders.connection(), client, DELIVERIES, settings);
        Self {
            senders,
            tables,
            delivery,
        }
    }

    async fn send(&self, message: &Message) -> Result<Outcome, DeliveryError> {
        self.delivery.send("m-1", message, now()).await
    }

    /// Who took it.
    fn taken_by(&self) -> Vec<String> {
        let accepted = self.senders.accepted().into_iter();
        accepted.map(|accepted| accepted.service).collect()
    }
}

fn tables() -> Tables {
    let tables = Tables::in_memory().unwrap();
    create(&tables, DELIVERIES, &["message"]);
    tables
}

#[tokio::test]
async fn an_email_is_sent_as_it_is() {
    let stage = Stage::new();
    assert_eq!(stage.send(&email()).await.unwrap(), Outcome::Sent);
    let [accepted] = &stage.senders.accepted()[..] else {
        panic!("one message")
    };
    let expected = json!({
        "FromEmailAddress": "Example <no-reply@example.com>",
        "Destination": {"ToAddresses": ["ines@example.org"]},
        "Content": {"Simple": {
            "Subject": {"Data": "Your sign-in code", "Charset": "UTF-8"},
            "Body": {
                "Html": {"Data": "<p>482913</p>", "Charset": "UTF-8"},
                "Text": {"Data": "482913", "Charset": "UTF-8"},
            },
        }},
        "ConfigurationSetName": "transactional",
    });
    assert_eq!((&*accepted.service, &accepted.request), (HERE, &expected));
}

#[tokio::test]
async fn a_text_message_is_transactional_and_bears_its_sender() {
    let stage = Stage::new();
    stage.send(&sms()).await.unwrap();
    let expected = json!({
        "Action": "Publish",
        "Version": "2010-03-31",
        "PhoneNumber": "+4915112345678",
        "Message": "482913 is your code",
        "MessageAttributes.entry.1.Name": "AWS.SNS.SMS.SMSType",
        "MessageAttributes.entry.1.Value.DataType": "String",
        "MessageAttributes.entry.1.Value.StringValue": "Transactional",
        "MessageAttributes.entry.2.Name": "AWS.SNS.SMS.SenderID",
        "MessageAttributes.entry.2.Value.DataType": "String",
        "MessageAttributes.entry.2.Value.StringValue": "Example",
    });
    let sent = stage.senders.accepted().remove(0).request;
    assert_eq!(in_order(sent), expected);

    let stage = Stage::new();
    stage.senders.fail(SNS, Some(UNREACHABLE));
    stage.send(&sms()).await.unwrap();
    let expected = json!({
        "DestinationPhoneNumber": "+4915112345678",
        "MessageBody": "482913 is your code",
        "MessageType": "TRANSACTIONAL",
        "OriginationIdentity": "pool-1",
    });
    assert_eq!(stage.senders.accepted()[0].request, expected);
}

/// The form of SNS with its attributes in the order of their names' length: a map has none.
fn in_order(mut form: Value) -> Value {
    const FIRST: &str = "MessageAttributes.entry.1.";
    const SECOND: &str = "MessageAttributes.entry.2.";
    if form["MessageAttributes.entry.1.Name"] == "AWS.SNS.SMS.SenderID" {
        for end in ["Name", "Value.DataType", "Value.StringValue"] {
            let first = form[FIRST.to_owned() + end].take();
            form[FIRST.to_owned() + end] = form[SECOND.to_owned() + end].take();
            form[SECOND.to_owned() + end] = first;
        }
    }
    form
}

#[tokio::test]
async fn a_provider_that_cannot_send_is_passed_over() {
    for (message, first, second, failures) in [
        (
            email(),
            HERE,
            THERE,
            [
                "TooManyRequestsException",
                "LimitExceededException",
                "AccountSuspendedException",
                "SendingPausedException",
                "MailFromDomainNotVerifiedException",
                "NotFoundException",
                "MessageRejected",
                "AccessDeniedException",
                "InternalFailure",
                UNREACHABLE,
            ],
        ),
        (
            sms(),
            SNS,
            END_USER_MESSAGING,
            [
                "Throttled",
                "Throttling",
                "InternalError",
                "ServiceUnavailable",
                "AuthorizationError",
                "KMSThrottling",
                "InvalidSecurity",
                "OptInRequired",
                "EndpointDisabled",
                UNREACHABLE,
            ],
        ),
    ] {
        for failure in failures {
            let stage = Stage::new();
            stage.senders.fail(first, Some(failure));
            let log = Log::start();
            assert_eq!(stage.send(&message).await.unwrap(), Outcome::Sent);
            assert_eq!(stage.taken_by(), [second], "{failure}");
            assert_eq!(stage.senders.asked(), [first, second], "{failure}");
            let lines = log.fields();
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert_eq!(lines[0]["message"], "a provider did not take a message");
            check_silent(&log);
        }
    }
}

/// Neither the recipient nor the text, and no provider's own words.
#[track_caller]
fn check_silent(log: &Log) {
    for secret in ["ines", "4915112345678", "482913", "private"] {
        assert!(!log.text().contains(secret), "{secret} in {}", log.text());
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_recipient_ends_it_for_good() {
    let conflict = "ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT";
    for (message, first, failure, cause) in [
        (email(), HERE, "BadRequestException", "BadRequestException"),
        (sms(), SNS, "InvalidParameter", "InvalidParameter"),
        (sms(), SNS, "ParameterValueInvalid", "ParameterValueInvalid"),
        (sms(), SNS, "OptedOut", "OptedOut"),
        (
            sms(),
            END_USER_MESSAGING,
            conflict,
            "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        ),
        (
            sms(),
            END_USER_MESSAGING,
            "ValidationException",
            "ValidationException",
        ),
    ] {
        let mut settings = settings();
        if first == END_USER_MESSAGING {
            settings.sms_providers.reverse();
        }
        let stage = Stage::with(&settings);
        stage.senders.fail(first, Some(failure));
        let log = Log::start();
        assert_eq!(stage.send(&message).await.unwrap(), Outcome::Rejected);
        let lines = log.fields();
        assert_eq!(lines[0]["message"], "a provider rejects this recipient");
        assert_eq!(lines[0]["cause"], cause);
        check_silent(&log);

        stage.senders.fail(first, None);
        assert_eq!(stage.send(&message).await.unwrap(), Outcome::SettledBefore);
        assert_eq!(stage.senders.asked(), [first], "{failure}");
        assert_eq!(stage.taken_by(), [""; 0], "{failure}");
    }
}

#[tokio::test]
async fn other_conflicts_are_the_accounts() {
    let mut settings = settings();
    settings.sms_providers.reverse();
    for reason in [
        "ConflictException:NO_ORIGINATION_IDENTITIES_FOUND",
        "ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        "ConflictException",
    ] {
        let stage = Stage::with(&settings);
        stage.senders.fail(END_USER_MESSAGING, Some(reason));
        assert_eq!(stage.send(&sms()).await.unwrap(), Outcome::Sent);
        assert_eq!(stage.taken_by(), [SNS], "{reason}");
    }
}

#[tokio::test]
async fn a_message_that_nobody_takes_fails_and_can_be_tried_again_at_once() {
    let stage = Stage::new();
    stage.senders.fail(HERE, Some("TooManyRequestsException"));
    stage.senders.fail(THERE, Some("SendingPausedException"));
    let failed = stage.send(&email()).await.unwrap_err();
    assert_eq!(failed.to_string(), "no provider took the message");

    stage.senders.fail(THERE, None);
    assert_eq!(stage.send(&email()).await.unwrap(), Outcome::Sent);
    assert_eq!(stage.taken_by(), [THERE]);
}

/// The clock is Tokio's: it stands still, and moves to the next limit when all wait.
#[tokio::test(start_paused = true)]
async fn silent_providers_are_given_up_below_the_deadline() {
    let stage = Stage::new();
    stage.senders.fail(HERE, Some(SILENT));
    let started = Instant::now();
    assert_eq!(stage.send(&email()).await.unwrap(), Outcome::Sent);
    assert_eq!(stage.taken_by(), [THERE]);
    assert_eq!(started.elapsed().as_millis(), 1_400);

    let mut settings = settings();
    settings
        .email_regions
        .push("ap-southeast-2".parse().unwrap());
    let stage = Stage::with(&settings);
    stage.senders.fail(HERE, Some(SILENT));
    stage.senders.fail(THERE, Some(SILENT));
    let started = Instant::now();
    let failed = stage.send(&email()).await.unwrap_err();
    assert_eq!(failed.to_string(), "no provider took the message in time");
    assert!(started.elapsed().as_millis() < 3_500);
    assert_eq!(stage.senders.asked(), [HERE, THERE]);
}

#[tokio::test]
async fn one_message_however_often_it_comes() {
    let stage = Stage::new();
    let mut outcomes = Vec::new();
    for minutes in [0, 1, 3, 300] {
        let later = now() + Duration::minutes(minutes);
        outcomes.push(stage.delivery.send("m-1", &email(), later).await.unwrap());
    }
    let before = Outcome::SettledBefore;
    assert_eq!(outcomes, [Outcome::Sent, before, before, before]);
    assert_eq!(stage.taken_by(), [HERE]);

    stage.delivery.send("m-2", &email(), now()).await.unwrap();
    assert_eq!(stage.taken_by(), [HERE, HERE]);
    let expected = ["m-1", "m-2"].map(|id| {
        json!({
            "message": {"S": id},
            "outcome": {"S": "sent"},
            "expiresAt": {"N": "1800086400"},
        })
    });
    let mut found = items(&stage.tables, DELIVERIES);
    found.sort_by_key(|item| item["message"].to_string());
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_message_that_comes_three_times_at_once_is_sent_once() {
    let stage = Arc::new(Stage::new());
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.send(&email()).await });
    }
    let answers = running.join_all().await;
    assert_eq!(stage.taken_by(), [HERE]);
    for answer in &answers {
        let fine = matches!(
            answer,
            Ok(Outcome::Sent | Outcome::SettledBefore) | Err(DeliveryError::BeingSent)
        );
        assert!(fine, "{answer:?}");
    }
    // Whoever found it being sent comes again.
    assert_eq!(stage.send(&email()).await.unwrap(), Outcome::SettledBefore);
    assert_eq!(stage.taken_by(), [HERE]);
}

/// The event that was cut comes again a minute later, as Lambda brings it. Only between the provider's effect and the note of it is there no
/// telling that it happened, so that a second message leaves.
#[tokio::test]
async fn a_message_that_was_cut_anywhere_is_sent_when_it_comes_again() {
    for awaits in 1.. {
        let stage = Stage::new();
        let message = email();
        let was_cut = cut(stage.send(&message), awaits).await;
        let sent = stage.taken_by().len();
        let is_settled = items(&stage.tables, DELIVERIES)
            .iter()
            .any(|item| item.get("outcome").is_some());
        let later = now() + Duration::minutes(1);
        let answer = stage.delivery.send("m-1", &message, later).await.unwrap();
        if is_settled {
            assert_eq!(
                (answer, stage.taken_by().len()),
                (Outcome::SettledBefore, 1)
            );
        } else {
            assert_eq!((answer, stage.taken_by().len()), (Outcome::Sent, sent + 1));
        }
        if !was_cut {
            assert!(awaits > 6, "only {awaits} awaits");
            break;
        }
    }
}

/// Drops the work when it has waited that often; whether it was not done by then.
async fn cut(work: impl Future, awaits: usize) -> bool {
    let mut work = pin!(work);
    let mut waited = 0;
    poll_fn(|context| {
        let poll = work.as_mut().poll(context);
        waited += 1;
        match poll {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if waited == awaits => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_lease_lets_nobody_else_send_until_it_lapses() {
    let stage = Stage::new();
    let message = email();
    // After the table has the message, and before a provider does.
    assert!(cut(stage.send(&message), 2).await);
    for (seconds, expected) in [(0, None), (9, None), (10, Some(Outcome::Sent))] {
        let later = now() + Duration::seconds(seconds);
        let answer = stage.delivery.send("m-1", &message, later).await;
        match expected {
            Some(expected) => assert_eq!(answer.unwrap(), expected),
            None => assert!(matches!(answer, Err(DeliveryError::BeingSent))),
        }
    }
    assert_eq!(stage.taken_by(), [HERE]);
}

#[tokio::test]
async fn nothing_is_sent_that_the_table_does_not_have() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, tables(), &settings());
        let failed = stage.send(&email()).await.unwrap_err();
        assert_eq!(failed.to_string(), "failed to write the delivery");
        assert_eq!(stage.senders.asked(), [""; 0]);
    }
}

/// The client of a function has limits of its own; this one has none.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_the_table_hangs() {
    let stage = Stage::over(hanging_client(), tables(), &settings());
    let message = email();
    let given_up = timeout(std::time::Duration::from_secs(4), stage.send(&message)).await;
    assert!(given_up.is_err());
    assert_eq!(stage.senders.asked(), [""; 0]);
}

#[tokio::test]
async fn what_no_provider_could_send_is_not_tried() {
    let stage = Stage::new();
    let Message::Email(email) = email() else {
        panic!("an e-mail")
    };
    let two_lines = Message::Email(Email {
        subject: "Your code\r\nBcc: kim@example.org".to_owned(),
        ..email
    });
    let log = Log::start();
    assert_eq!(stage.send(&two_lines).await.unwrap(), Outcome::Rejected);
    assert_eq!(stage.senders.asked(), [""; 0]);
    assert_eq!(
        log.fields()[0]["message"],
        "no provider can send this message"
    );
    check_silent(&log);
}

#[tokio::test]
async fn a_channel_without_providers_fails_and_the_own_region_is_the_usual_one() {
    let nothing = Stage::with(&Settings::default());
    for message in [email(), sms()] {
        let failed = nothing.send(&message).await.unwrap_err();
        assert!(matches!(failed, DeliveryError::NoProvider), "{failed:?}");
    }
    assert_eq!(items(&nothing.tables, DELIVERIES), [json!(null); 0]);

    let stage = Stage::with(&Settings {
        email_regions: Vec::new(),
        ..settings()
    });
    stage.send(&email()).await.unwrap();
    assert_eq!(stage.taken_by(), [HERE]);
}
