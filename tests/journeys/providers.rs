//! What sends messages for functions: it ends in the outbox, and fails where a test wants that.

use std::time::Duration;

use aws_sdk_pinpointsmsvoicev2 as sms_voice;
use aws_sdk_sesv2 as ses;
use aws_sdk_sns as sns;
use serde_json::{Value, json};
use ses::error::ProvideErrorMetadata;
use ses::types::{Body, Content, Destination, EmailContent, Message, RawMessage};
use tests::stand_in::StandIn;
use tokio::time::timeout;

const INES: &str = "ines.falk@example.org";
const NUMBER: &str = "+4915112345678";
const FROM: &str = "Nordwind <no-reply@example.org>";

fn text(text: &str) -> Content {
    Content::builder().data(text).build().unwrap()
}

fn simple() -> EmailContent {
    let body = Body::builder()
        .text(text("The code is 123456"))
        .html(text("<p>123456</p>"));
    let message = Message::builder()
        .subject(text("Your code"))
        .body(body.build());
    EmailContent::builder().simple(message.build()).build()
}

async fn email(
    stand_in: &StandIn,
    region: &'static str,
    content: EmailContent,
) -> Result<String, String> {
    let ses = ses::Client::new(&stand_in.sdk_config(region));
    let to = Destination::builder().to_addresses(INES).build();
    let send = ses
        .send_email()
        .from_email_address(FROM)
        .destination(to)
        .content(content);
    let sent = send
        .send()
        .await
        .map_err(|error| error.code().unwrap_or_default().to_owned())?;
    Ok(sent.message_id().unwrap().to_owned())
}

async fn publish(stand_in: &StandIn, number: &str) -> Result<String, String> {
    let sns = sns::Client::new(&stand_in.sdk_config("eu-west-1"));
    let sender = sns::types::MessageAttributeValue::builder()
        .data_type("String")
        .string_value("NORDWIND");
    let publish = sns
        .publish()
        .phone_number(number)
        .message("The code is 123456 & <new>");
    let publish = publish.message_attributes("AWS.SNS.SMS.SenderID", sender.build().unwrap());
    let sent = publish
        .send()
        .await
        .map_err(|error| error.code().unwrap_or_default().to_owned())?;
    Ok(sent.message_id().unwrap().to_owned())
}

async fn text_message(stand_in: &StandIn, number: &str) -> Result<String, String> {
    let client = sms_voice::Client::new(&stand_in.sdk_config("eu-central-1"));
    let send = client.send_text_message().destination_phone_number(number);
    let send = send
        .origination_identity("NORDWIND")
        .message_body("The code is 123456");
    let sent = send
        .send()
        .await
        .map_err(|error| error.code().unwrap_or_default().to_owned())?;
    Ok(sent.message_id().unwrap().to_owned())
}

fn outbox(stand_in: &StandIn) -> Vec<Value> {
    let mut messages = stand_in.get("outbox").as_array().unwrap().clone();
    for message in &mut messages {
        message.as_object_mut().unwrap().remove("time");
    }
    messages
}

#[tokio::test]
async fn messages_end_in_the_outbox() {
    let stand_in = StandIn::start(&[]);
    let raw = "From: no-reply@example.org\r\nTo: ines.falk@example.org\r\nSubject: Your\r\n code\r\n\r\n123456\r\n";
    let raw = RawMessage::builder()
        .data(ses::primitives::Blob::new(raw))
        .build()
        .unwrap();
    let raw = EmailContent::builder().raw(raw).build();
    let ids = [
        email(&stand_in, "eu-central-1", simple()).await.unwrap(),
        email(&stand_in, "us-east-1", raw).await.unwrap(),
        publish(&stand_in, NUMBER).await.unwrap(),
        text_message(&stand_in, NUMBER).await.unwrap(),
    ];
    let expected = [
        json!({
            "medium": "EMAIL", "provider": "ses", "region": "eu-central-1", "messageId": ids[0], "from": FROM, "to": INES,
            "subject": "Your code", "body": "The code is 123456", "html": "<p>123456</p>",
        }),
        json!({
            "medium": "EMAIL", "provider": "ses", "region": "us-east-1", "messageId": ids[1], "from": FROM, "to": INES,
            "subject": "Your code", "body": "123456\n",
        }),
        json!({
            "medium": "SMS", "provider": "sns", "region": "eu-west-1", "messageId": ids[2], "from": "NORDWIND", "to": NUMBER,
            "subject": null, "body": "The code is 123456 & <new>",
        }),
        json!({
            "medium": "SMS", "provider": "sms-voice", "region": "eu-central-1", "messageId": ids[3], "from": "NORDWIND",
            "to": NUMBER, "subject": null, "body": "The code is 123456",
        }),
    ];
    assert_eq!(outbox(&stand_in), expected);
    assert!(!stand_in.log().contains("123456"));
}

#[tokio::test]
async fn a_provider_fails_where_a_test_wants_it() {
    let stand_in = StandIn::start(&[]);
    let refused = |name: &str| Err(name.to_owned());
    stand_in.fault(
        "ses",
        Some("eu-central-1"),
        Some("TooManyRequestsException"),
    );
    assert_eq!(
        email(&stand_in, "eu-central-1", simple()).await,
        refused("TooManyRequestsException")
    );
    assert!(email(&stand_in, "us-east-1", simple()).await.is_ok());
    stand_in.fault("ses", None, Some("SendingPausedException"));
    assert_eq!(
        email(&stand_in, "eu-central-1", simple()).await,
        refused("TooManyRequestsException")
    );
    assert_eq!(
        email(&stand_in, "us-east-1", simple()).await,
        refused("SendingPausedException")
    );

    for (service, fault) in [
        ("sns", "Throttling"),
        ("sns", "OptedOut"),
        ("sms-voice", "ThrottlingException"),
        ("sms-voice", "ConflictException"),
    ] {
        stand_in.fault(service, None, Some(fault));
        let answer = match service {
            "sns" => publish(&stand_in, NUMBER).await,
            _ => text_message(&stand_in, NUMBER).await,
        };
        assert_eq!(answer, refused(fault));
    }
    stand_in.fault("sns", None, Some("hang"));
    let hangs = timeout(Duration::from_millis(200), publish(&stand_in, NUMBER));
    assert!(hangs.await.is_err(), "it answers nothing");
    let faults = json!([
        { "service": "ses", "region": null, "fault": "SendingPausedException" },
        { "service": "ses", "region": "eu-central-1", "fault": "TooManyRequestsException" },
        { "service": "sns", "region": null, "fault": "hang" },
        { "service": "sms-voice", "region": null, "fault": "ConflictException" },
    ]);
    assert_eq!(stand_in.get("providers"), faults);
    assert_eq!(outbox(&stand_in).len(), 1, "what failed was not sent");

    for service in ["sns", "sms-voice"] {
        stand_in.fault(service, None, None);
    }
    assert!(publish(&stand_in, NUMBER).await.is_ok());
    assert!(text_message(&stand_in, NUMBER).await.is_ok());
}

#[tokio::test]
async fn what_no_provider_takes_is_refused() {
    let stand_in = StandIn::start(&[]);
    let content = |subject: &str, body: Body| {
        let message = Message::builder().subject(text(subject)).body(body);
        EmailContent::builder().simple(message.build()).build()
    };
    let body = || Body::builder().text(text("123456")).build();
    for content in [
        content("Your code\r\nBcc: eve@example.com", body()),
        content("Your code", Body::builder().build()),
        EmailContent::builder().build(),
    ] {
        let refused = email(&stand_in, "us-east-1", content).await;
        assert_eq!(refused, Err("BadRequestException".to_owned()));
    }
    for number in ["015112345678", "+49 151 12345678"] {
        assert_eq!(
            publish(&stand_in, number).await,
            Err("InvalidParameter".to_owned())
        );
        assert_eq!(
            text_message(&stand_in, number).await,
            Err("ValidationException".to_owned())
        );
    }
    let unsigned = ureq::post(format!("{}/v2/email/outbound-emails", stand_in.endpoint));
    let unsigned = unsigned
        .config()
        .http_status_as_error(false)
        .build()
        .send("{}")
        .unwrap();
    let name = unsigned.headers()["x-amzn-errortype"].to_str().unwrap();
    assert_eq!(
        (unsigned.status().as_u16(), name),
        (403, "MissingAuthenticationTokenException")
    );
    for switch in [
        json!({ "service": "ses", "fault": "Throttling" }),
        json!({ "service": "sqs", "fault": "hang" }),
        json!({ "service": "ses", "regions": "us-east-1" }),
    ] {
        let request = ureq::post(format!("{}/providers", stand_in.endpoint));
        let request = request.config().http_status_as_error(false).build();
        let mut refused = request.send(switch.to_string()).unwrap();
        assert_eq!(refused.status().as_u16(), 400, "{switch}");
        assert!(
            refused
                .body_mut()
                .read_to_string()
                .unwrap()
                .starts_with("expected ")
        );
    }
    assert_eq!(outbox(&stand_in), [json!(null); 0]);
}
