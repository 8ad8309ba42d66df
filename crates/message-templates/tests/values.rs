//! Messages that a function of ours sends: the values stand in the texts themselves.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use message_templates::{
    Contents, EmailTexts, Letterhead, Message, Occasion, Person, Templates, Values,
};

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

fn values() -> Values {
    Values {
        code: text("482913"),
        minutes: Some(5),
        ..Values::default()
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The e-mail and the text message, or what is wrong with them.
fn written(
    message: Message,
    person: Person<'_>,
    values: Values,
) -> (Result<EmailTexts, String>, Result<String, String>) {
    let occasion = Occasion {
        message,
        client_id: Some("7web"),
        person,
        contents: Contents::Values(values),
    };
    let templates = Templates::embedded();
    let draft = templates.draft(&letterhead(), occasion);
    let email = draft.email().map(|email| email.texts);
    let sms = draft.sms().map(|sms| sms.texts);
    (
        email.map_err(|unfit| unfit.to_string()),
        sms.map_err(|unfit| unfit.to_string()),
    )
}

fn ines() -> Person<'static> {
    Person {
        user_name: "ines@example.org",
        given_name: Some("Ines"),
        ..Person::default()
    }
}

#[test]
fn a_code_is_shown_with_the_minutes_that_it_is_good_for() {
    let (email, sms) = written(Message::SignInCode, ines(), values());
    assert_eq!(
        sms.unwrap(),
        "482913 is your sign-in code for Example, good for 5 min. Do not share it."
    );
    let email = email.unwrap();
    assert_eq!(email.subject, "Your Example sign-in code");
    for part in ["Hello Ines,", ">482913</p>", "Your code, good for 5 min"] {
        assert!(email.body.contains(part), "{part} in {}", email.body);
    }
}

#[test]
fn the_language_is_the_persons() {
    let german = Person {
        locales: [Some("fr"), Some("de-AT")],
        ..ines()
    };
    let (email, sms) = written(Message::SignInCode, german, values());
    assert_eq!(email.unwrap().subject, "Ihr Anmeldecode für Example");
    assert!(sms.unwrap().starts_with("482913 ist Ihr Anmeldecode"));
}

#[test]
fn a_link_is_shown_with_its_number_where_it_has_one() {
    let link = |number| Values {
        code: None,
        sign_in_link: text("https://app.example.com/sign-in#token=k3"),
        number,
        ..values()
    };
    let (email, sms) = written(Message::SignInLink, ines(), link(None));
    let email = email.unwrap();
    assert!(
        email
            .body
            .contains("href='https://app.example.com/sign-in#token=k3'")
    );
    assert!(!email.body.contains("The number of your sign-in"));
    assert!(
        sms.unwrap()
            .contains(": https://app.example.com/sign-in#token=k3 Do not")
    );

    let (email, sms) = written(Message::SignInLink, ines(), link(text("42")));
    let email = email.unwrap();
    assert!(email.body.contains("The number of your sign-in") && email.body.contains(">42</p>"));
    assert!(sms.unwrap().contains("the number 42"));
}

#[test]
fn what_could_break_out_of_a_link_is_no_link() {
    for link in [
        "http://app.example.com/#token=k3",
        "javascript:alert(1)",
        "https://app.example.com/#token=k3' onclick='x",
        "https://app.example.com/#token=<b>",
        "https://app.example.com/\r\n",
        "",
    ] {
        let values = Values {
            code: None,
            sign_in_link: text(link),
            ..values()
        };
        let (email, sms) = written(Message::SignInLink, ines(), values);
        let expected = "en/sign-in-link.email.html: the link must be in it";
        assert_eq!(email.err().as_deref(), Some(expected), "{link:?}");
        assert!(sms.is_err(), "{link:?}");
    }
}

#[test]
fn a_temporary_password_is_shown_exactly() {
    let invitation = Values {
        code: text("<{####}&'\"q7>"),
        username: text("ines@example.org"),
        ..Values::default()
    };
    let (email, sms) = written(Message::AdminCreateUser, ines(), invitation);
    let body = email.unwrap().body;
    assert!(
        body.contains(">&lt;&#123;####&#125;&amp;&#39;&quot;q7&gt;</p>"),
        "{body}"
    );
    assert!(
        sms.unwrap()
            .ends_with("your temporary password <{####}&'\"q7>")
    );
}

#[test]
fn a_code_in_a_link_into_the_app_is_the_code() {
    let (email, _) = written(Message::SignUp, ines(), values());
    let link = "href='https://app.example.com/confirm#username=ines%40example.org&code=482913'";
    assert!(email.unwrap().body.contains(link));
}

#[test]
fn what_somebody_else_wrote_is_text_or_is_left_out() {
    for hostile in [
        "https://evil.example",
        "Call 0900 12345",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "Lisbon\r\nBcc: everybody@example.org",
    ] {
        let person = Person {
            user_name: hostile,
            name: Some(hostile),
            given_name: Some(hostile),
            family_name: Some(hostile),
            locales: [Some(hostile), None],
        };
        let notification = Values {
            place: text(hostile),
            blocked: true,
            ..Values::default()
        };
        let message = Message::AccountTakeOverNotification;
        let (email, sms) = written(message, person.clone(), notification);
        let email = email.unwrap();
        assert_eq!(email.subject, "Unusual sign-in to your Example account");
        assert!(email.body.contains("This sign-in was blocked."));
        assert!(!email.body.contains(", from"), "{hostile:?}");
        assert!(!email.body.contains(hostile), "{hostile:?}");
        assert!(sms.is_err(), "there is no such text message");

        let (email, sms) = written(Message::SignInCode, person, values());
        assert!(!email.unwrap().body.contains(hostile), "{hostile:?}");
        assert!(!sms.unwrap().contains(hostile), "{hostile:?}");
    }
}

#[test]
fn a_code_that_is_missing_is_named_and_nothing_is_sent() {
    let (email, sms) = written(Message::SignInCode, ines(), Values::default());
    let expected = "en/sign-in-code.email.html: the code must be in it";
    assert_eq!(email.err().as_deref(), Some(expected));
    let expected = "en/sign-in-code.sms.txt: the code must be in it";
    assert_eq!(sms.err().as_deref(), Some(expected));
}
