//! Writes every message as a person would get it, for the eye: `cargo run --example preview`, then open `target/messages/index.html`.
#![expect(
    clippy::print_stdout,
    reason = "somebody runs it and wants to know where to look"
)]

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use message_templates::{
    Contents, Letterhead, Message, Occasion, Person, Placeholders, Templates, Values,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1);
    let folder = PathBuf::from(folder.unwrap_or_else(|| "target/messages".to_owned()));
    fs::create_dir_all(&folder)?;
    let templates = Templates::embedded();
    let letterhead = letterhead()?;
    let mut index = String::from(HEAD);
    for language in ["en", "de"] {
        for (name, message, contents) in messages() {
            let person = Person {
                user_name: "ines.falk",
                name: Some("Ines Falk"),
                given_name: Some("Ines"),
                locales: [Some(language), None],
                ..Person::default()
            };
            let draft = templates.draft(
                &letterhead,
                Occasion {
                    message,
                    client_id: None,
                    person,
                    contents,
                },
            );
            let email = draft.email()?.texts;
            let sms = draft.sms().map(|sms| sms.texts).unwrap_or_default();
            let file = format!("{name}.{language}.html");
            // What Cognito does with its placeholder.
            let link = "<a href='https://auth.example.com/'>Verify Email</a>";
            fs::write(folder.join(&file), email.body.replace(COGNITO_LINK, link))?;
            let subject = email.subject;
            writeln!(
                index,
                "<h2>{name}, {language}</h2><p>Text message: {sms}</p><p>E-mail: <a href='{file}'>{subject}</a></p>"
            )?;
        }
    }
    let place = folder.join("index.html");
    fs::write(&place, index)?;
    println!("{}", place.display());
    Ok(())
}

const HEAD: &str = "<!doctype html><meta charset='utf-8'><title>Messages</title><body style='font-family: sans-serif; max-width: 50rem; margin: 2rem auto'>\n";

const COGNITO_LINK: &str = "{##Verify Email##}";

fn letterhead() -> Result<Letterhead, &'static str> {
    Ok(Letterhead {
        app_name: "Example".parse()?,
        default_language: "en",
        support_url: Some("https://www.example.com/help".parse()?),
        confirm_url: Some("https://app.example.com/confirm".parse()?),
        reset_url: Some("https://app.example.com/reset".parse()?),
        sign_in_url: Some("https://app.example.com/".parse()?),
    })
}

fn messages() -> Vec<(&'static str, Message, Contents)> {
    let text = |text: &str| Some(text.to_owned());
    let code = || Values {
        code: text("482913"),
        minutes: Some(5),
        ..Values::default()
    };
    let link = |number| Values {
        sign_in_link: text("https://app.example.com/sign-in#token=k3-w8_Zq"),
        number,
        minutes: Some(15),
        ..Values::default()
    };
    let values = [
        ("sign-up", Message::SignUp, code()),
        ("resend-code", Message::ResendCode, code()),
        ("forgot-password", Message::ForgotPassword, code()),
        (
            "update-user-attribute",
            Message::UpdateUserAttribute,
            code(),
        ),
        (
            "verify-user-attribute",
            Message::VerifyUserAttribute,
            code(),
        ),
        ("authentication", Message::Authentication, code()),
        (
            "admin-create-user",
            Message::AdminCreateUser,
            Values {
                code: text("q7-Rm4x!tKw2"),
                username: text("ines.falk@example.org"),
                ..Values::default()
            },
        ),
        (
            "account-take-over-notification",
            Message::AccountTakeOverNotification,
            Values {
                place: text("Lisbon, Portugal"),
                blocked: true,
                ..Values::default()
            },
        ),
        ("sign-in-code", Message::SignInCode, code()),
        ("sign-in-link", Message::SignInLink, link(None)),
        (
            "sign-in-link-with-number",
            Message::SignInLink,
            link(text("42")),
        ),
    ];
    let mut messages = values
        .map(|(name, message, values)| (name, message, Contents::Values(values)))
        .to_vec();
    let by_link = Placeholders {
        code: "{####}".to_owned(),
        link: text(COGNITO_LINK),
        username: None,
        longest_username: 0,
    };
    messages.push((
        "sign-up-by-link",
        Message::SignUp,
        Contents::Placeholders(by_link),
    ));
    messages
}
