//! Authenticator apps: how one is set up, and that a code of it is good once.

use std::cell::Cell;
use std::sync::Barrier;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::stand_in::StandIn;
use tests::totp;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, refused, tokens};
use crate::recovery::{other_than, person};
use crate::second_factors::{answer, begin, ines, prefer, stand_in};

/// An app that goes with the stand-in's clock.
struct Authenticator<'a> {
    stand_in: &'a StandIn,
    secret: String,
    advanced: Cell<u32>,
}

impl<'a> Authenticator<'a> {
    fn new(stand_in: &'a StandIn, associated: &Value) -> Self {
        let secret = associated["SecretCode"].as_str().unwrap().to_owned();
        Self {
            stand_in,
            secret,
            advanced: Cell::new(0),
        }
    }

    /// What it shows.
    fn code(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        totp::code(&self.secret, now.as_secs() + u64::from(self.advanced.get())).unwrap()
    }

    /// What it shows once the last code is over.
    fn next_code(&self) -> String {
        self.advanced.set(self.advanced.get() + 30);
        self.stand_in.advance_clock(30);
        self.code()
    }
}

/// Sets up an app with an access token.
fn enrolled(stand_in: &StandIn) -> Authenticator<'_> {
    let token = tokens(&begin(stand_in, "ines").unwrap())["AccessToken"].clone();
    let associated = idp::call(
        stand_in,
        "AssociateSoftwareToken",
        json!({"AccessToken": token}),
    );
    let app = Authenticator::new(stand_in, &associated.unwrap());
    let verify = |code: &str| {
        let input = json!({"AccessToken": token, "UserCode": code, "FriendlyDeviceName": "phone"});
        idp::call(stand_in, "VerifySoftwareToken", input)
    };
    let code = app.code();
    assert_eq!(verify(other_than(&code)).unwrap_err(), not_enabled());
    assert_eq!(verify(&code).unwrap(), json!({"Status": "SUCCESS"}));
    prefer(stand_in, "ines", &[("SoftwareToken", true)]).unwrap();
    app
}

fn not_enabled() -> Refused {
    let text = "Code mismatch and fail enable Software Token MFA";
    refused("EnableSoftwareTokenMFA", text)
}

fn tell(stand_in: &StandIn, asked: &Value, code: &str) -> Result<Value, Refused> {
    answer(
        stand_in,
        asked,
        "ines",
        &[("SOFTWARE_TOKEN_MFA_CODE", code)],
    )
}

#[test]
fn an_app_is_set_up_and_each_code_is_good_once() {
    let stand_in = stand_in(&["Mfa=OPTIONAL"]);
    ines(&stand_in);
    let app = enrolled(&stand_in);
    let before = flows::USER_PASSWORD_AUTH.fires.len();
    let before = flows::ASSOCIATE_SOFTWARE_TOKEN.was_fired(&stand_in, before);

    let asked = begin(&stand_in, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let used = refused(
        "ExpiredCode",
        "Your software token has already been used once.",
    );
    // The code that set the app up was seen, too; an observer gets no further with it.
    assert_eq!(tell(&stand_in, &asked, &app.code()).unwrap_err(), used);
    let code = app.next_code();
    let wrong = refused("CodeMismatch", "Invalid code or auth state for the user.");
    assert_eq!(
        tell(&stand_in, &asked, other_than(&code)).unwrap_err(),
        wrong
    );
    let signed_in = tell(&stand_in, &asked, &code).unwrap();
    assert!(tokens(&signed_in)["IdToken"].is_string());
    flows::SOFTWARE_TOKEN_MFA.was_fired(&stand_in, before);

    let again = begin(&stand_in, "ines").unwrap();
    assert_eq!(tell(&stand_in, &again, &code).unwrap_err(), used);
    tell(&stand_in, &again, &app.next_code()).unwrap();
}

#[test]
fn of_one_code_in_many_sessions_one_wins() {
    let stand_in = stand_in(&["Mfa=OPTIONAL"]);
    ines(&stand_in);
    let app = enrolled(&stand_in);
    let sessions: Vec<Value> = (0..4).map(|_| begin(&stand_in, "ines").unwrap()).collect();
    let (code, barrier) = (app.next_code(), Barrier::new(sessions.len()));
    let told: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = sessions
            .iter()
            .map(|asked| {
                scope.spawn(|| {
                    barrier.wait();
                    tell(&stand_in, asked, &code)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
}

#[test]
fn an_app_can_be_set_up_in_the_middle_of_a_sign_in() {
    let stand_in = stand_in(&["Mfa=ON"]);
    person(&stand_in, "jan", &[]);
    let asked = begin(&stand_in, "jan").unwrap();
    assert_eq!(asked["ChallengeName"], "MFA_SETUP");
    let associate = |asked: &Value| {
        let input = json!({"Session": asked["Session"]});
        idp::call(&stand_in, "AssociateSoftwareToken", input)
    };
    let set_up = |step: &Value| {
        let step = json!({"ChallengeName": "MFA_SETUP", "Session": step["Session"]});
        answer(&stand_in, &step, "jan", &[])
    };
    let nothing = refused(
        "InvalidParameter",
        "User has not verified software token mfa",
    );
    assert_eq!(set_up(&asked).unwrap_err(), nothing);
    let associated = associate(&asked).unwrap();
    let invalid = refused("NotAuthorized", "Invalid session for the user.");
    assert_eq!(associate(&asked).unwrap_err(), invalid);
    assert_eq!(set_up(&associated).unwrap_err(), nothing);

    let app = Authenticator::new(&stand_in, &associated);
    let verify = |code: &str| {
        let input = json!({"Session": associated["Session"], "UserCode": code});
        idp::call(&stand_in, "VerifySoftwareToken", input)
    };
    assert_eq!(verify(other_than(&app.code())).unwrap_err(), not_enabled());
    let verified = verify(&app.code()).unwrap();
    assert_eq!(verified["Status"], "SUCCESS");
    assert_eq!(verify(&app.next_code()).unwrap_err(), invalid);
    let signed_in = set_up(&verified).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    assert_eq!(set_up(&verified).unwrap_err(), invalid);
    flows::MFA_SETUP.was_fired(&stand_in, 0);

    let asked = begin(&stand_in, "jan").unwrap();
    assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    // Whoever has only the password cannot put an app of their own in the place of this one.
    assert_eq!(associate(&asked).unwrap_err(), invalid);
    let code = app.next_code();
    answer(
        &stand_in,
        &asked,
        "jan",
        &[("SOFTWARE_TOKEN_MFA_CODE", &code)],
    )
    .unwrap();
}

#[test]
fn whoever_began_with_the_password_alone_replaces_no_app() {
    let stand_in = stand_in(&["Mfa=ON"]);
    person(&stand_in, "jan", &[]);
    let [early, associating, of_jan] = [(); 3].map(|()| begin(&stand_in, "jan").unwrap());
    let associate = |asked: &Value| {
        let input = json!({"Session": asked["Session"]});
        idp::call(&stand_in, "AssociateSoftwareToken", input)
    };
    let verify = |associated: &Value, app: &Authenticator<'_>| {
        let input = json!({"Session": associated["Session"], "UserCode": app.code()});
        idp::call(&stand_in, "VerifySoftwareToken", input)
    };
    let others = associate(&associating).unwrap();
    let others_app = Authenticator::new(&stand_in, &others);
    let associated = associate(&of_jan).unwrap();
    let verified = verify(&associated, &Authenticator::new(&stand_in, &associated)).unwrap();
    let invalid = refused("NotAuthorized", "Invalid session for the user.");
    assert_eq!(associate(&early).unwrap_err(), invalid);
    assert_eq!(verify(&others, &others_app).unwrap_err(), invalid);
    let step = json!({"ChallengeName": "MFA_SETUP", "Session": verified["Session"]});
    answer(&stand_in, &step, "jan", &[]).unwrap();
}

#[test]
fn a_pool_that_offers_no_app_sets_none_up() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let token = tokens(&begin(&stand_in, "ines").unwrap())["AccessToken"].clone();
    let input = json!({"AccessToken": token});
    let text = "Software Token MFA has not been enabled by the userPool";
    assert_eq!(
        idp::call(&stand_in, "AssociateSoftwareToken", input).unwrap_err(),
        refused("SoftwareTokenMFANotFound", text)
    );
    let input = json!({"Session": "made-up", "UserCode": "123456"});
    let invalid = refused("NotAuthorized", "Invalid session for the user.");
    assert_eq!(
        idp::call(&stand_in, "VerifySoftwareToken", input).unwrap_err(),
        invalid
    );
    let input = json!({"AccessToken": token, "UserCode": "123456"});
    assert!(idp::call(&stand_in, "VerifySoftwareToken", input).is_err());
}

#[test]
fn a_new_app_takes_the_old_ones_place_once_it_has_shown_a_code() {
    let stand_in = stand_in(&["Mfa=OPTIONAL"]);
    ines(&stand_in);
    let old = enrolled(&stand_in);
    let asked = begin(&stand_in, "ines").unwrap();
    let signed_in = tell(&stand_in, &asked, &old.next_code()).unwrap();
    let token = &tokens(&signed_in)["AccessToken"];
    let associated = idp::call(
        &stand_in,
        "AssociateSoftwareToken",
        json!({"AccessToken": token}),
    );
    let new = Authenticator::new(&stand_in, &associated.unwrap());
    new.advanced.set(old.advanced.get());
    let asked = begin(&stand_in, "ines").unwrap();
    if new.code() != old.code() {
        assert!(tell(&stand_in, &asked, &new.code()).is_err());
    }
    new.advanced.set(new.advanced.get() + 30);
    tell(&stand_in, &asked, &old.next_code()).unwrap();
    let input = json!({"AccessToken": token, "UserCode": new.code()});
    idp::call(&stand_in, "VerifySoftwareToken", input).unwrap();
    let asked = idp::sign_in(&stand_in, &stand_in.web_client, "ines", PASSWORD).unwrap();
    let code = new.next_code();
    tell(&stand_in, &asked, &code).unwrap();
}
