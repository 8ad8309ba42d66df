use cognito_events::custom_message::Response;
use serde_json::{Map, json};

use super::{Envelope, Metadata, NO_CLIENT, attributes_of, fire};
use crate::confirmation_link;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::strictness::Doubt;
use crate::template;
use crate::user_pool::{User, UserPool};

/// Stands for the code or temporary password.
const CODE: &str = "{####}";
/// Stands for the user name.
const USERNAME: &str = "{username}";
/// The most characters of an e-mail, of an SMS and of a subject, what is inserted included (D).
const LONGEST_EMAIL: usize = 20_000;
const LONGEST_SMS: usize = 140;
const LONGEST_SUBJECT: usize = 140;

/// What makes Cognito send a message, as the custom message trigger names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageReason {
    SignUp,
    AdminCreateUser,
    ResendCode,
    ForgotPassword,
    UpdateUserAttribute,
    VerifyUserAttribute,
    Authentication,
}

impl MessageReason {
    pub(crate) fn trigger_source(self) -> &'static str {
        match self {
            Self::SignUp => "CustomMessage_SignUp",
            Self::AdminCreateUser => "CustomMessage_AdminCreateUser",
            Self::ResendCode => "CustomMessage_ResendCode",
            Self::ForgotPassword => "CustomMessage_ForgotPassword",
            Self::UpdateUserAttribute => "CustomMessage_UpdateUserAttribute",
            Self::VerifyUserAttribute => "CustomMessage_VerifyUserAttribute",
            Self::Authentication => "CustomMessage_Authentication",
        }
    }
}

/// A message to a user, with a code or temporary password.
pub(crate) struct Letter<'a> {
    pub(crate) reason: MessageReason,
    /// The app client, or `None` when an administrator has it sent.
    pub(crate) client_id: Option<&'a str>,
    pub(crate) client_metadata: Option<&'a Metadata>,
    /// `email` or `phone_number`: where it goes.
    pub(crate) attribute: &'static str,
    /// The code or temporary password.
    pub(crate) code: &'a str,
}

impl Letter<'_> {
    /// Whether a link takes the place of the code. Where a known address changes a code is sent all the same (W).
    pub(crate) fn by_link(&self, pool: &template::UserPool) -> bool {
        let for_new_user = matches!(
            self.reason,
            MessageReason::SignUp | MessageReason::ResendCode
        );
        for_new_user && self.attribute == "email" && pool.messages.by_link
    }
}

/// Asks the custom message trigger for the words; what it leaves out is for the pool to say.
pub(crate) async fn custom_message(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    letter: &Letter<'_>,
) -> Result<Response, Error> {
    let for_invitation = letter.reason == MessageReason::AdminCreateUser;
    let envelope = Envelope {
        pool,
        trigger: "CustomMessage",
        version: "1",
        trigger_source: letter.reason.trigger_source(),
        client_id: Some(letter.client_id.unwrap_or(NO_CLIENT)),
        username: &user.username,
    };
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), attributes_of(user));
    request.insert("codeParameter".to_owned(), json!(CODE));
    request.insert("linkParameter".to_owned(), json!("{##Click Here##}"));
    let username = for_invitation.then_some(USERNAME);
    request.insert("usernameParameter".to_owned(), json!(username));
    if let Some(metadata) = letter.client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    let unchanged = json!({"smsMessage": null, "emailMessage": null, "emailSubject": null});
    let mut worded: Response = fire(stand_in, envelope, request, unchanged)
        .await?
        .unwrap_or_default();
    let email = worded.email_message.is_some() || worded.email_subject.is_some();
    if email && !pool.config.own_email_sender {
        let what = "emailMessage or emailSubject";
        stand_in
            .strictness
            .judge("CustomMessage", Doubt::EmailWithoutSender, what)?;
    }
    let inserted = letter.code.chars().count();
    let usable = |text: &Option<String>, longest: usize| {
        text.as_ref().is_none_or(|text| {
            text.contains(CODE)
                && (!for_invitation || text.contains(USERNAME))
                && text.chars().count() - CODE.len() + inserted <= longest
        })
    };
    let email_is_usable = match &worded.email_message {
        Some(text) if letter.by_link(&pool.config) => {
            confirmation_link::has_place(text) && text.chars().count() <= LONGEST_EMAIL
        }
        text => usable(text, LONGEST_EMAIL),
    };
    let short = |subject: &String| subject.chars().count() <= LONGEST_SUBJECT;
    let unusable = [
        ("emailMessage", !email_is_usable),
        ("smsMessage", !usable(&worded.sms_message, LONGEST_SMS)),
        (
            "emailSubject",
            !worded.email_subject.as_ref().is_none_or(short),
        ),
    ];
    for (name, unusable) in unusable {
        if unusable {
            stand_in
                .strictness
                .judge("CustomMessage", Doubt::UnusableMessage, name)?;
            match name {
                "emailMessage" => worded.email_message = None,
                "smsMessage" => worded.sms_message = None,
                _ => worded.email_subject = None,
            }
        }
    }
    Ok(worded)
}
