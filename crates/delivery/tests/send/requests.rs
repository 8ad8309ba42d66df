//! What a provider is asked to send.

use delivery::Outcome;
use function_tests::UNREACHABLE;
use serde_json::{Value, json};

use crate::stage::{HERE, SNS, Stage, email, sms};

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
