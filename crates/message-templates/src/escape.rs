//! How a value enters a text, by the ending of the template's name. Template authors need not think of it, and cannot switch it off.

use std::borrow::Cow;
use std::fmt;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State};

use crate::message::Channel;

/// Has this environment escape every value that is not one of our own placeholders and links.
pub(crate) fn by_context(environment: &mut Environment<'_>) {
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::Custom(PLAIN.into())
        }
    });
    environment.set_formatter(write);
}

const PLAIN: &str = "plain";

fn write(output: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let text = match value.as_str() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(value.to_string()),
    };
    if value.is_safe() {
        output.write_str(&text)?;
        return Ok(());
    }
    let written = match state.auto_escape() {
        AutoEscape::Html => write_replaced(output, &text, in_html),
        AutoEscape::Custom(name) if *name == PLAIN => write_replaced(output, &text, in_plain),
        _ => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "`autoescape` is not for messages",
            ));
        }
    };
    Ok(written?)
}

/// Writes the text, with what takes the place of some of its characters.
fn write_replaced(
    output: &mut impl fmt::Write,
    text: &str,
    replacement: impl Fn(char) -> Option<&'static str>,
) -> fmt::Result {
    let mut written = 0;
    for (at, char) in text.char_indices() {
        if let Some(replacement) = replacement(char) {
            output.write_str(&text[written..at])?;
            output.write_str(replacement)?;
            written = at + char.len_utf8();
        }
    }
    output.write_str(&text[written..])
}

/// For HTML text and quoted attributes. Braces too, so that no value becomes a placeholder of Cognito's.
fn in_html(char: char) -> Option<&'static str> {
    match char {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        '{' => Some("&#123;"),
        '}' => Some("&#125;"),
        _ => unless_visible(char),
    }
}

/// For subjects and text messages, which have no way to escape: there, braces are left out.
fn in_plain(char: char) -> Option<&'static str> {
    match char {
        '{' | '}' => Some(""),
        _ => unless_visible(char),
    }
}

/// Appends what a value becomes in a text of this channel.
pub(crate) fn push(text: &mut String, value: &str, channel: Channel) {
    let replacement = match channel {
        Channel::Email => in_html,
        Channel::Subject | Channel::Sms => in_plain,
    };
    write_replaced(text, value, replacement).expect("a string takes everything");
}

/// What a value becomes in HTML.
pub(crate) fn html(text: &str) -> String {
    let mut escaped = String::new();
    push(&mut escaped, text, Channel::Email);
    escaped
}

/// What a value becomes in a text message that Cognito inserts nothing into: its braces stay.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .filter(|char| unless_visible(*char).is_none())
        .collect()
}

/// Leaves out what is not seen and changes how the rest is read: line breaks and other controls, directions, blanks without width, tags.
/// The joiners U+200C and U+200D stay, since names in Arabic and Indic scripts need them.
fn unless_visible(char: char) -> Option<&'static str> {
    // Nearly all are of these, and every event has hundreds.
    if (' '..='~').contains(&char) {
        return None;
    }
    let is_hidden = char.is_control()
        || matches!(
            char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        );
    is_hidden.then_some("")
}

#[cfg(test)]
mod tests {
    use minijinja::value::Value;
    use minijinja::{Environment, UndefinedBehavior, context};

    use super::by_context;

    fn render(name: &str, template: &str, value: Value) -> Result<String, String> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        by_context(&mut environment);
        environment
            .render_named_str(name, template, context! { value })
            .map_err(|error| error.to_string())
    }

    #[track_caller]
    fn check(value: &str, html: &str, plain: &str) {
        for (name, expected) in [("a.html", html), ("a.txt", plain)] {
            let rendered = render(name, "{{ value }}", value.into());
            assert_eq!(rendered.as_deref(), Ok(expected), "{value:?} in {name}");
        }
    }

    #[test]
    fn a_value_is_text_and_nothing_else() {
        check("Ines Falk", "Ines Falk", "Ines Falk");
        check("Zoë O'Hara", "Zoë O&#39;Hara", "Zoë O'Hara");
        check(
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "<script>alert(1)</script>",
        );
        check("\" onclick=\"x", "&quot; onclick=&quot;x", "\" onclick=\"x");
        check("a&amp;b", "a&amp;amp;b", "a&amp;b");
    }

    #[test]
    fn a_value_is_no_placeholder_and_no_template() {
        check("{####}", "&#123;####&#125;", "####");
        check("{username}", "&#123;username&#125;", "username");
        check("{##x##}", "&#123;##x##&#125;", "##x##");
        check("{##", "&#123;##", "##");
        check("{{ 7*7 }}", "&#123;&#123; 7*7 &#125;&#125;", " 7*7 ");
        check("{% raw %}", "&#123;% raw %&#125;", "% raw %");
    }

    #[test]
    fn a_value_has_one_line_and_one_direction() {
        check("Ines\r\nBcc: x", "InesBcc: x", "InesBcc: x");
        check("a\u{85}\u{2028}\u{2029}\0b", "ab", "ab");
        check("a\u{202e}b\u{2066}c\u{200f}d\u{200b}e", "abcde", "abcde");
        check("ن\u{200c}م", "ن\u{200c}م", "ن\u{200c}م");
    }

    #[test]
    fn what_is_ours_is_left_as_it_is() {
        let placeholder = Value::from_safe_string("{####}".to_owned());
        for name in ["a.html", "a.txt"] {
            let rendered = render(name, "{{ value }}", placeholder.clone());
            assert_eq!(rendered.as_deref(), Ok("{####}"));
        }
    }

    #[test]
    fn escaping_cannot_be_switched_off() {
        for template in [
            "{% autoescape false %}{{ value }}{% endautoescape %}",
            "{{ value|safe }}",
        ] {
            assert!(
                render("a.html", template, "<b>".into()).is_err(),
                "{template}"
            );
        }
    }
}
