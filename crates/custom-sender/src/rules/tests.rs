use cognito_events::{Attributes, SenderRequest, custom_email_sender, custom_sms_sender};
use delivery::Message as Sent;

use super::*;

fn event(user_name: &str, attributes: Attributes, metadata: Attributes) -> SenderEvent {
    SenderEvent {
        channel: Channel::Email,
        message: Some(Message::SignUp),
        user_pool_id: "eu-central-1_Kx7QmT2Zd".to_owned(),
        user_name: user_name.to_owned(),
        client_id: None,
        request: SenderRequest {
            request_type: String::new(),
            code: Some("AYAD".into()),
            client_metadata: metadata,
            user_attributes: attributes,
        },
    }
}

fn letterhead() -> Letterhead {
    Letterhead {
        app_name: "Example".parse().unwrap(),
        default_language: "en",
        support_url: None,
        confirm_url: "https://app.example.com/confirm".parse().ok(),
        reset_url: None,
        sign_in_url: None,
    }
}

fn composed(event: &SenderEvent, message: Message, code: &str) -> Sent {
    let to = recipient(event).unwrap();
    let code = (!code.is_empty()).then(|| SecretString::from(code));
    let templates = Templates::embedded();
    compose(&templates, &letterhead(), event, message, to, code.as_ref()).unwrap()
}

fn email(event: &SenderEvent, message: Message, code: &str) -> Email {
    match composed(event, message, code) {
        Sent::Email(email) => email,
        Sent::Sms(_) => panic!("an e-mail"),
    }
}

#[test]
fn the_code_stands_in_the_text_and_in_the_link() {
    let attributes = Attributes::from([("email", "ines@example.org"), ("name", "Ines Falk")]);
    let event = event("ines", attributes, Attributes::default());
    let email = email(&event, Message::SignUp, "482913");
    assert_eq!(email.to, "ines@example.org");
    for words in [
        "482913",
        "https://app.example.com/confirm#username=ines&code=482913",
    ] {
        assert!(email.html.contains(words), "{words}");
    }
    assert!(!email.subject.contains("482913"));
    assert!(email.text.unwrap().contains("482913"));
    for place in ["{####}", "{{"] {
        assert!(!email.html.contains(place));
    }
}

#[test]
fn only_a_temporary_password_is_unescaped() {
    let attributes = Attributes::from([("email", "ines@example.org"), ("sub", "s-1")]);
    let event = event("ines", attributes, Attributes::default());
    let invitation = email(&event, Message::AdminCreateUser, "a&lt;b");
    assert!(invitation.text.unwrap().contains("a<b"));
    assert!(invitation.html.contains("a&lt;b") && !invitation.html.contains("a&amp;lt;b"));
    let code = email(&event, Message::SignUp, "a&lt;b");
    assert!(code.text.unwrap().contains("a&lt;b"));
}

#[test]
fn an_invitation_names_what_one_signs_in_with() {
    for (user_name, expected) in [("ops-lead", "ops-lead"), ("s-1", "ops@example.org")] {
        let attributes = Attributes::from([("email", "ops@example.org"), ("sub", "s-1")]);
        let event = event(user_name, attributes, Attributes::default());
        let invitation = email(&event, Message::AdminCreateUser, "q7-Rm4x!tKw2");
        assert!(invitation.html.contains(expected), "{user_name}");
    }
}

#[test]
fn the_users_locale_comes_before_the_apps() {
    for (of_user, of_app, expected) in [
        ("de-AT", "en", "<html lang='de'"),
        ("fr", "de", "<html lang='de'"),
        ("fr", "it", "<html lang='en'"),
    ] {
        let attributes = Attributes::from([("email", "ines@example.org"), ("locale", of_user)]);
        let event = event("ines", attributes, Attributes::from([("locale", of_app)]));
        let email = email(&event, Message::ForgotPassword, "482913");
        assert!(email.html.contains(expected), "{of_user}, {of_app}");
    }
}

#[test]
fn a_text_without_its_code_is_not_made() {
    let attributes = Attributes::from([("email", "ines@example.org")]);
    let event = event("ines", attributes, Attributes::default());
    let templates = Templates::embedded();
    let made = compose(
        &templates,
        &letterhead(),
        &event,
        Message::SignUp,
        "ines@example.org",
        None,
    );
    assert!(made.is_err());
}

#[test]
fn a_notification_tells_where_the_sign_in_came_from() {
    let attributes = Attributes::from([
        ("email", "ines@example.org"),
        ("EVENT_ID", "e-1"),
        ("CITY", "Leipzig"),
        ("COUNTRY", "Germany"),
        ("IP_ADDRESS", "198.51.100.23"),
        ("ONE_CLICK_LINK_VALID", "https://login.example.org/feedback"),
        ("ACCOUNT_TAKE_OVER_ACTION", "BLOCK"),
    ]);
    let event = event("ines", attributes, Attributes::default());
    let email = email(&event, Message::AccountTakeOverNotification, "");
    assert!(email.html.contains("Leipzig, Germany"), "{}", email.html);
    for absent in ["198.51.100.23", "feedback"] {
        assert!(!email.html.contains(absent), "{absent}");
    }
}

#[test]
fn one_message_has_one_id_and_another_has_another() {
    let like = |change: fn(&mut SenderEvent)| {
        let mut event = event("ines", Attributes::default(), Attributes::default());
        change(&mut event);
        message_id(&event, Message::SignUp)
    };
    let id = like(|_| {});
    assert_eq!(id, like(|_| {}));
    assert_eq!(id.len(), 64);
    assert_eq!(id, like(|event| event.client_id = Some("7web".to_owned())));
    for other in [
        like(|event| event.request.code = Some("AYAE".into())),
        like(|event| event.request.code = None),
        like(|event| event.user_name.push('2')),
        like(|event| event.user_pool_id.push('2')),
        like(|event| event.channel = Channel::Sms),
        like(|event| {
            event.user_name = "nes".to_owned();
            event.user_pool_id.push('i');
        }),
        like(|event| {
            event.request.code = None;
            event.request.user_attributes = Attributes::from([("EVENT_ID", "e-1")]);
        }),
    ] {
        assert_ne!(id, other);
    }
    let event = event("ines", Attributes::default(), Attributes::default());
    assert_ne!(id, message_id(&event, Message::ResendCode));
}

#[test]
fn sources_that_are_not_known_have_no_message() {
    let email: custom_email_sender::Event =
        serde_json::from_str(r#"{"triggerSource":"CustomEmailSender_New"}"#).unwrap();
    assert_eq!(SenderEvent::from(email).message, None);
    let sms: custom_sms_sender::Event =
        serde_json::from_str(r#"{"triggerSource":"CustomSMSSender_AccountTakeOverNotification"}"#)
            .unwrap();
    assert_eq!(SenderEvent::from(sms).message, None);
}
