use delivery::{Email, Kind, Message, SignInMessage, Sms};
use message_templates::{
    Contents, Letterhead, Message as Template, Occasion, Person, Templates, Unfit, Values,
};
use secrecy::{ExposeSecret, SecretString};

/// The message in its recipient's language; none where nobody is to get it.
pub(crate) fn compose(
    message: &SignInMessage,
    templates: &Templates,
    letterhead: &Letterhead,
) -> Result<Option<Message>, Unfit> {
    let Some(to) = message.recipient.clone() else {
        return Ok(None);
    };
    let template = match message.kind {
        Kind::EmailCode | Kind::SmsCode => Template::SignInCode,
        Kind::MagicLink => Template::SignInLink,
    };
    let draft = templates.draft(
        letterhead,
        Occasion {
            message: template,
            client_id: Some(&message.client_id),
            person: Person {
                locales: [message.locale.as_deref(), None],
                ..Person::default()
            },
            contents: Contents::Values(values(message)),
        },
    );
    let text = draft.sms().map(|sms| sms.texts);
    let composed = match message.kind {
        Kind::SmsCode => Message::Sms(Sms { to, text: text? }),
        Kind::EmailCode | Kind::MagicLink => {
            let email = draft.email()?.texts;
            Message::Email(Email {
                to,
                subject: email.subject,
                html: email.body,
                text: text.ok(),
            })
        }
    };
    Ok(Some(composed))
}

fn values(message: &SignInMessage) -> Values {
    let exposed = |secret: &Option<SecretString>| {
        let secret = secret.as_ref();
        secret.map(|secret| secret.expose_secret().to_owned())
    };
    Values {
        code: exposed(&message.code),
        sign_in_link: exposed(&message.link),
        number: message.number.clone(),
        minutes: Some(message.expires_in_minutes),
        ..Values::default()
    }
}
