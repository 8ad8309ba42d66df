use crate::confirmation_link;
use crate::template::Messages;
use crate::template::properties::Properties;

// Observed: what a pool without texts of its own sends.
const VERIFICATION_SUBJECT: &str = "Your verification code";
const VERIFICATION_BODY: &str = "Your verification code is {####}. ";
const LINK_SUBJECT: &str = "Your verification link";
const LINK_BODY: &str =
    "Please click the link below to verify your email address. {##Verify Email##} ";
const AUTHENTICATION_SUBJECT: &str = "Your authentication code";
const AUTHENTICATION_BODY: &str = "Your authentication code is {####}. ";
const INVITATION_SUBJECT: &str = "Your temporary password";
const INVITATION_BODY: &str = "Your username is {username} and temporary password is {####}. ";

const CODE: &str = "{####}";
const USERNAME: &str = "{username}";

/// What messages say, invitations aside. The template goes before the older properties of the pool.
pub(super) fn read(pool: &mut Properties) -> Messages {
    let authentication_subject = subject_in(pool, "EmailAuthenticationSubject");
    let authentication_body = text_with(pool, "EmailAuthenticationMessage", &[CODE]);
    let authentication_sms = text_with(pool, "SmsAuthenticationMessage", &[CODE]);
    let older_subject = subject_in(pool, "EmailVerificationSubject");
    let older_body = text_with(pool, "EmailVerificationMessage", &[CODE]);
    let older_sms = text_with(pool, "SmsVerificationMessage", &[CODE]);
    let template = pool.within("VerificationMessageTemplate", |template| {
        let option = template.word(
            "DefaultEmailOption",
            &["CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK"],
        );
        let by_link = option.is_some_and(|option| option == "CONFIRM_WITH_LINK");
        let link_subject = subject_in(template, "EmailSubjectByLink");
        let link_body = text_with(template, "EmailMessageByLink", &[]);
        if link_body
            .as_deref()
            .is_some_and(|body| !confirmation_link::has_place(body))
        {
            let place = template.place("EmailMessageByLink");
            place.problem("expected a link such as {##Click Here##} in it");
        }
        let subject = subject_in(template, "EmailSubject");
        let body = text_with(template, "EmailMessage", &[CODE]);
        let sms = text_with(template, "SmsMessage", &[CODE]);
        (subject, body, sms, by_link, link_subject, link_body)
    });
    let (subject, body, sms, by_link, link_subject, link_body) = template.unwrap_or_default();
    let or = |text: Option<String>, default: &str| text.unwrap_or_else(|| default.to_owned());
    Messages {
        verification_email_subject: or(subject.or(older_subject), VERIFICATION_SUBJECT),
        verification_email_body: or(body.or(older_body), VERIFICATION_BODY),
        verification_sms: or(sms.or(older_sms), VERIFICATION_BODY),
        by_link,
        link_email_subject: or(link_subject, LINK_SUBJECT),
        link_email_body: or(link_body, LINK_BODY),
        invitation_email_subject: INVITATION_SUBJECT.to_owned(),
        invitation_email_body: INVITATION_BODY.to_owned(),
        invitation_sms: INVITATION_BODY.to_owned(),
        authentication_email_subject: or(authentication_subject, AUTHENTICATION_SUBJECT),
        authentication_email_body: or(authentication_body, AUTHENTICATION_BODY),
        authentication_sms: or(authentication_sms, AUTHENTICATION_BODY),
    }
}

/// What a user hears whom an administrator created.
pub(super) fn read_invitation(template: &mut Properties, messages: &mut Messages) {
    let placeholders = [USERNAME, CODE];
    if let Some(subject) = subject_in(template, "EmailSubject") {
        messages.invitation_email_subject = subject;
    }
    if let Some(body) = text_with(template, "EmailMessage", &placeholders) {
        messages.invitation_email_body = body;
    }
    if let Some(sms) = text_with(template, "SMSMessage", &placeholders) {
        messages.invitation_sms = sms;
    }
}

/// A subject that is not too long.
fn subject_in(properties: &mut Properties, name: &str) -> Option<String> {
    text_up_to(properties, name, Messages::MOST_IN_SUBJECT)
}

/// A text in which these placeholders stand, as Cognito demands, and which is not too long.
fn text_with(properties: &mut Properties, name: &str, placeholders: &[&str]) -> Option<String> {
    let most = if name.to_ascii_lowercase().starts_with("sms") {
        Messages::MOST_IN_SMS
    } else {
        Messages::MOST_IN_EMAIL
    };
    let text = text_up_to(properties, name, most)?;
    for placeholder in placeholders {
        if !text.contains(placeholder) {
            properties
                .place(name)
                .problem(format_args!("expected {placeholder} in it"));
        }
    }
    Some(text)
}

fn text_up_to(properties: &mut Properties, name: &str, most: usize) -> Option<String> {
    let text = properties.text(name)?;
    if text.chars().count() > most {
        let place = properties.place(name);
        place.problem(format_args!("expected at most {most} characters"));
    }
    Some(text)
}
