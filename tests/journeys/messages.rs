//! What users find in their inboxes: the texts of the custom message function, by the real one.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, admin, sign_in, tokens};

const INES: &str = "ines.falk@example.org";
const NEW: &str = "ines.roth@example.org";
const NUMBER: &str = "+4915112345678";

/// A stand-in whose messages are ours, with these parameters besides.
fn stand_in(parameters: &[&str]) -> StandIn {
    let mut options = vec![
        "--parameter",
        "PasswordSignIn=true",
        "--parameter",
        "CustomMessages=on",
    ];
    for parameter in parameters {
        options.extend(["--parameter", *parameter]);
    }
    StandIn::start(&options)
}

/// As far as the template tells, the pool sends through an identity of its own.
const OWN_IDENTITY: [&str; 6] = [
    "AppName=Nordwind & Co",
    "EmailIdentityArn=arn:aws:ses:us-east-1:123456789012:identity/example.org",
    "EmailFrom=Nordwind <no-reply@example.org>",
    "ConfirmUrl=https://app.example.org/confirm",
    "ResetUrl=https://app.example.org/reset",
    "SignInUrl=https://app.example.org/",
];

fn sign_up(stand_in: &StandIn, email: &str, attributes: &[(&str, &str)]) {
    let email_too = [("email", email)];
    let attributes = email_too.iter().chain(attributes);
    let attributes: Value = attributes
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    let input = json!({
        "ClientId": stand_in.web_client, "Username": email, "Password": PASSWORD, "UserAttributes": attributes,
    });
    idp::call(stand_in, "SignUp", input).unwrap();
}

/// The last message.
fn last(stand_in: &StandIn) -> Value {
    stand_in
        .get("outbox")
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone()
}

/// Checks the last message's subject and words, and that the code is in it where ours have it.
#[track_caller]
fn check(stand_in: &StandIn, to: &str, subject: &str, words: &[&str]) {
    let message = last(stand_in);
    assert_eq!(message["to"], to, "{subject}");
    assert_eq!(message["subject"], subject);
    let body = message["body"].as_str().unwrap();
    let code = message["code"].as_str().unwrap();
    for word in words.iter().chain(&[code]) {
        assert!(body.contains(word), "{subject}: {word} is not in {body}");
    }
    for word in ["{####}", "{username}", "{{", "{%"] {
        assert!(!body.contains(word), "{subject}: {word} is in {body}");
    }
}

/// Every message that the function has templates for, in one language.
fn every_message(locale: &str, greeting: &str, subjects: [&str; 7]) {
    let stand_in = stand_in(&OWN_IDENTITY);
    let web = &stand_in.web_client;
    let [
        signed_up,
        resent,
        forgotten,
        updated,
        verified,
        invited,
        second,
    ] = subjects;
    let language = &*format!("<html lang='{}'", &locale[..2]);
    let name = [
        ("name", "Ines Falk"),
        ("given_name", "Ines"),
        ("locale", locale),
    ];
    sign_up(&stand_in, INES, &name);
    let escaped = "Nordwind &amp; Co";
    let link = "https://app.example.org/confirm#username=";
    check(
        &stand_in,
        INES,
        signed_up,
        &[language, greeting, escaped, link],
    );
    let again = json!({"ClientId": web, "Username": INES});
    idp::call(&stand_in, "ResendConfirmationCode", again.clone()).unwrap();
    check(&stand_in, INES, resent, &[language, greeting, link]);
    idp::confirm(&stand_in, INES, INES, false).unwrap();

    idp::call(&stand_in, "ForgotPassword", again).unwrap();
    let link = "https://app.example.org/reset#username=";
    check(&stand_in, INES, forgotten, &[language, greeting, link]);

    let signed_in = sign_in(&stand_in, web, INES, PASSWORD).unwrap();
    let token = &tokens(&signed_in)["AccessToken"];
    let verify = json!({"AccessToken": token, "AttributeName": "email"});
    idp::call(&stand_in, "GetUserAttributeVerificationCode", verify).unwrap();
    check(&stand_in, INES, verified, &[language, greeting]);
    let attributes = json!([{"Name": "email", "Value": NEW}]);
    let update = json!({"AccessToken": token, "UserAttributes": attributes});
    idp::call(&stand_in, "UpdateUserAttributes", update).unwrap();
    check(&stand_in, NEW, updated, &[language, greeting]);

    let jan = "jan.roth@example.org";
    let attributes = json!([
        {"Name": "email", "Value": jan}, {"Name": "name", "Value": "Ines Falk"}, {"Name": "given_name", "Value": "Ines"}, {"Name": "locale", "Value": locale},
    ]);
    let create = json!({"UserAttributes": attributes, "DesiredDeliveryMediums": ["EMAIL"]});
    admin(&stand_in, "AdminCreateUser", jan, create).unwrap();
    check(
        &stand_in,
        jan,
        invited,
        &[language, greeting, jan, "https://app.example.org/"],
    );

    // The template's pool has no second factor, so the operator gives it one.
    let factor = json!({"UserPoolId": stand_in.pool, "MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {}});
    idp::call(&stand_in, "SetUserPoolMfaConfig", factor).unwrap();
    let preference = json!({"EmailMfaSettings": {"Enabled": true, "PreferredMfa": true}});
    admin(&stand_in, "AdminSetUserMFAPreference", INES, preference).unwrap();
    let asked = sign_in(&stand_in, web, INES, PASSWORD).unwrap();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
    check(&stand_in, INES, second, &[language, greeting]);
}

#[test]
fn every_message_in_english() {
    every_message(
        "en-GB",
        "Hello Ines,",
        [
            "Confirm your Nordwind & Co account",
            "Here it is again: confirm your Nordwind & Co account",
            "Set a new Nordwind & Co password",
            "Confirm your new e-mail address for Nordwind & Co",
            "Confirm your e-mail address for Nordwind & Co",
            "Your Nordwind & Co account is ready",
            "Your Nordwind & Co sign-in code",
        ],
    );
}

#[test]
fn every_message_in_german() {
    every_message(
        "de_AT",
        "Guten Tag Ines Falk,",
        [
            "Bestätigen Sie Ihr Konto bei Nordwind & Co",
            "Noch einmal: Bestätigen Sie Ihr Konto bei Nordwind & Co",
            "Legen Sie ein neues Passwort für Nordwind & Co fest",
            "Bestätigen Sie Ihre neue E-Mail-Adresse bei Nordwind & Co",
            "Bestätigen Sie Ihre E-Mail-Adresse bei Nordwind & Co",
            "Ihr Konto bei Nordwind & Co ist bereit",
            "Ihr Anmeldecode für Nordwind & Co",
        ],
    );
}

#[test]
fn a_hostile_name_is_no_part_of_a_message() {
    let stand_in = stand_in(&OWN_IDENTITY);
    for (number, name) in [
        "<script>alert(1)</script>",
        "Win at evil.example now",
        "{####} {username}",
        "{{ app_name }}{% raw %}",
        "Ines\r\nBcc: eve@example.com",
    ]
    .iter()
    .enumerate()
    {
        let email = format!("guest{number}@example.org");
        sign_up(&stand_in, &email, &[("name", name), ("given_name", name)]);
        check(
            &stand_in,
            &email,
            "Confirm your Nordwind & Co account",
            &["Hello,"],
        );
        let message = last(&stand_in);
        let body = message["body"].as_str().unwrap();
        for part in ["script", "evil", "Bcc", "eve@"] {
            assert!(!body.contains(part), "{name}: {body}");
        }
    }
}

#[test]
fn without_an_identity_of_the_pools_own_only_text_messages_are_ours() {
    let stand_in = stand_in(&["AppName=Nordwind"]);
    sign_up(&stand_in, INES, &[]);
    let email = last(&stand_in);
    assert_eq!(email["subject"], "Your verification code");
    let code = email["code"].as_str().unwrap();
    assert_eq!(email["body"], format!("Your verification code is {code}. "));

    let attributes =
        json!([{"Name": "email", "Value": NEW}, {"Name": "phone_number", "Value": NUMBER}]);
    let create = json!({"UserAttributes": attributes, "DesiredDeliveryMediums": ["SMS"]});
    admin(&stand_in, "AdminCreateUser", NEW, create).unwrap();
    let message = last(&stand_in);
    assert_eq!(
        (&message["medium"], &message["to"]),
        (&json!("SMS"), &json!(NUMBER))
    );
    let password = message["code"].as_str().unwrap();
    let expected =
        format!("Nordwind: your user name is {NUMBER}, your temporary password {password}");
    assert_eq!(message["body"], expected);
}
