//! Which provider takes a message: the first that can, in time; and none where the message or its recipient is what is wrong.

use delivery::{DeliveryError, Email, Message, Outcome, Settings};
use function_tests::{Log, SILENT, UNREACHABLE, items};
use serde_json::json;
use tokio::time::Instant;

use crate::stage::{
    DELIVERIES, END_USER_MESSAGING, HERE, SNS, Stage, THERE, check_silent, email, settings, sms,
};

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
