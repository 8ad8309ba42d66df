use std::str::FromStr;

use entrypoint::Env;

use crate::templates::Templates;
use crate::url::{HttpsUrl, SupportUrl};

/// What all messages have in common, as the operator decided.
#[derive(Debug, PartialEq, Eq)]
pub struct Letterhead {
    /// The name of the app.
    pub app_name: AppName,
    /// The language of those who want none that has templates; one of [`Templates::languages`](crate::Templates::languages).
    pub default_language: &'static str,
    /// Where help is.
    pub support_url: Option<SupportUrl>,
    /// The page that takes `#username=…&code=…` and confirms a sign-up.
    pub confirm_url: Option<HttpsUrl>,
    /// The page that takes `#username=…&code=…` and asks for a new password.
    pub reset_url: Option<HttpsUrl>,
    /// The page where those sign in whom an administrator created.
    pub sign_in_url: Option<HttpsUrl>,
}

impl Letterhead {
    /// Reads `APP_NAME`, which is required, `DEFAULT_LOCALE` and `SUPPORT_URL`; messages lead to no page of the app.
    pub fn from_env(env: &mut Env, templates: &Templates) -> Self {
        Self {
            app_name: app_name(env),
            default_language: default_language(env, templates),
            support_url: env.optional("SUPPORT_URL"),
            confirm_url: None,
            reset_url: None,
            sign_in_url: None,
        }
    }
}

fn app_name(env: &mut Env) -> AppName {
    let name = env.required("APP_NAME", "the name of the app");
    name.parse().unwrap_or_else(|problem| {
        env.problem("APP_NAME", problem);
        AppName::default()
    })
}

fn default_language(env: &mut Env, templates: &Templates) -> &'static str {
    let wanted = env.or("DEFAULT_LOCALE", "en".to_owned());
    templates.language(&wanted).unwrap_or_else(|| {
        let languages = Vec::from_iter(templates.languages()).join(", ");
        env.problem(
            "DEFAULT_LOCALE",
            format_args!("expected one of {languages}"),
        );
        ""
    })
}

/// The name of the app in its messages: at most 32 characters, since every text message has to have room for it, without braces and line
/// breaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppName(String);

impl AppName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

const MOST_CHARACTERS: usize = 32;

impl FromStr for AppName {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let is_harmless =
            !name.contains(|char: char| char.is_control() || ['{', '}'].contains(&char));
        if is_harmless && name.encode_utf16().count() <= MOST_CHARACTERS {
            Ok(Self(name.to_owned()))
        } else {
            Err("expected at most 32 characters, without braces and line breaks")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AppName;

    #[test]
    fn an_app_name_is_short_and_plain() {
        for (name, is_name) in [
            ("A name of as many as 32 letters!", true),
            ("A name of as many as 33 letters!!", false),
            ("{####}", false),
            ("two\nlines", false),
            ("<b>", true),
        ] {
            assert_eq!(name.parse::<AppName>().is_ok(), is_name, "{name:?}");
        }
    }
}
