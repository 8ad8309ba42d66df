//! Writes every message as a person would get it, for the eye: `cargo run --example preview`, then open `target/messages/index.html`.
#![expect(
    clippy::print_stdout,
    reason = "somebody runs it and wants to know where to look"
)]

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use custom_message::{Config, Templates, handle};
use entrypoint::Env;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1);
    let folder = PathBuf::from(folder.unwrap_or_else(|| "target/messages".to_owned()));
    fs::create_dir_all(&folder)?;
    let mut index = String::from(HEAD);
    for language in ["en", "de"] {
        for (source, variant) in MESSAGES {
            let name = format!("{source}.{variant}.{language}");
            let Texts {
                subject,
                email,
                sms,
            } = texts(source, variant, language)?;
            fs::write(folder.join(format!("{name}.html")), email)?;
            writeln!(
                index,
                "<h2>{name}</h2><p>Text message: {sms}</p><p>E-mail: <a href='{name}.html'>{subject}</a></p>"
            )?;
        }
    }
    let place = folder.join("index.html");
    fs::write(&place, index)?;
    println!("{}", place.display());
    Ok(())
}

/// Trigger sources, and how the pool verifies addresses.
const MESSAGES: [(&str, &str); 9] = [
    ("SignUp", "code"),
    ("SignUp", "link"),
    ("AdminCreateUser", "code"),
    ("ResendCode", "code"),
    ("ResendCode", "link"),
    ("ForgotPassword", "code"),
    ("UpdateUserAttribute", "code"),
    ("VerifyUserAttribute", "code"),
    ("Authentication", "code"),
];

const HEAD: &str = "<!doctype html><meta charset='utf-8'><title>Messages</title><body style='font-family: sans-serif; max-width: 50rem; margin: 2rem auto'>\n";

struct Texts {
    subject: String,
    email: String,
    sms: String,
}

fn texts(source: &str, variant: &str, language: &str) -> Result<Texts, Box<dyn Error>> {
    let templates = Templates::embedded();
    let env = Env::of_pairs([
        ("APP_NAME", "Example"),
        ("EMAIL", "on"),
        ("EMAIL_VERIFICATION", variant),
        ("CONFIRM_URL", "https://app.example.com/confirm"),
        ("RESET_URL", "https://app.example.com/reset"),
        ("SIGN_IN_URL", "https://app.example.com/"),
        ("SUPPORT_URL", "https://www.example.com/help"),
    ]);
    let config = Config::from_env(env, &templates)?;
    let event = serde_json::from_value(json!({
        "triggerSource": format!("CustomMessage_{source}"),
        "userName": "ines.falk",
        "request": {
            "userAttributes": {"name": "Ines Falk", "given_name": "Ines", "locale": language},
            "codeParameter": "{####}",
            "linkParameter": "{##Verify Email##}",
            "usernameParameter": "{username}",
        },
    }))?;
    let Ok(answer) = handle(&event, &config, &templates) else {
        return Err("a message is never refused".into());
    };
    let answer = answer.response;
    let code = match source {
        "AdminCreateUser" => "q7-Rm4x!tKw2",
        _ => "482913",
    };
    // What Cognito does with the answer.
    let sent = |text: Option<String>| {
        text.unwrap_or_default()
            .replace("{####}", code)
            .replace("{username}", "ines.falk@example.org")
            .replace(
                "{##Verify Email##}",
                "<a href='https://auth.example.com/'>Verify Email</a>",
            )
    };
    Ok(Texts {
        subject: sent(answer.email_subject),
        email: sent(answer.email_message),
        sms: sent(answer.sms_message),
    })
}
