//! A link by e-mail.
//!
//! The token stands in the fragment, which no browser sends to a server and no scanner of mail acts on: the page takes it from there and
//! answers the challenge with it. It is good for the challenge of the session that asked, so a link that was stolen, or sent to somebody to
//! sign them in as another, opens nothing elsewhere.
//!
//! Where links may be opened on another device, the fragment also has a number and a code. The page there has no session: it shows both,
//! and nothing can be done with it. The person compares the number with the one on the device where they asked, and types the code there.
//!
//! As an e-mail it deviates from NIST SP 800-63B-4 just as a code by e-mail does.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;

use super::code;
use crate::attempt::Attempt;
use crate::challenge::Challenge;
use crate::config::Lifetimes;
use crate::digits::digits;
use crate::kind::{Channel, Content, Offer};
use crate::user_secret::UserSecret;

pub(crate) fn offer(lifetimes: &Lifetimes) -> Offer {
    Offer {
        lifetime: lifetimes.link,
        channel: Some(Channel::Email),
        // Each session has its own link: several are good at a time, and none is another's.
        is_shared: false,
    }
}

pub(crate) fn create(challenge: &Challenge, secret: &UserSecret) -> Content {
    let Some(redirect) = &challenge.redirect else {
        return Content::default();
    };
    let mut link = format!("{redirect}#token={}", token(challenge, secret));
    let number = challenge.cross_device.then(|| number(challenge, secret));
    if let Some(number) = &number {
        let code = code::code(challenge, secret);
        link.push_str(&format!("&number={number}&code={code}"));
    }
    Content {
        code: None,
        link: Some(SecretString::from(link)),
        number,
    }
}

pub(crate) fn verify(attempt: &Attempt<'_>) -> bool {
    let token = token(attempt.challenge, attempt.secret);
    let is_token = attempt.secret.is_same(attempt.answer(), &token);
    let is_code = code::is_code(attempt);
    is_token || is_code && attempt.challenge.cross_device
}

/// What a token looks like: 32 bytes in base64.
pub(crate) fn is_token(answer: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    answer.len() == 43 && answer.bytes().all(is_base64)
}

/// The pool and the user are in the secret.
fn token(challenge: &Challenge, secret: &UserSecret) -> String {
    let redirect = challenge.redirect.as_deref().unwrap_or_default();
    URL_SAFE_NO_PAD.encode(secret.derive(
        "link",
        &[
            challenge.client_id.as_bytes(),
            redirect.as_bytes(),
            challenge.id.as_bytes(),
            &challenge.seed,
            &challenge.expires_at.to_be_bytes(),
        ],
    ))
}

/// Two digits that say which request it is. They protect nothing by themselves.
fn number(challenge: &Challenge, secret: &UserSecret) -> String {
    digits(2, |block| {
        let fields: [&[u8]; 2] = [challenge.id.as_bytes(), &block.to_be_bytes()];
        secret.derive("number", &fields)
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::challenge::tests::challenge;
    use crate::kind::Kind;

    fn link(challenge: &Challenge) -> (String, Option<String>) {
        let content = create(challenge, &UserSecret::from([7; 32]));
        (
            content.link.unwrap().expose_secret().to_owned(),
            content.number,
        )
    }

    #[test]
    fn the_token_stands_in_the_fragment_alone() {
        let (link, number) = link(&challenge(Kind::MagicLink));
        let (page, token) = link.split_once("#token=").unwrap();
        assert_eq!(page, "https://app.example.com/sign-in");
        assert!(is_token(token), "{token}");
        assert_eq!(number, None);
    }

    #[test]
    fn another_device_gets_a_number_and_a_code_besides() {
        let challenge = Challenge {
            cross_device: true,
            ..challenge(Kind::MagicLink)
        };
        let (link, number) = link(&challenge);
        let code = code::code(&challenge, &UserSecret::from([7; 32]));
        let number = number.unwrap();
        assert_eq!(number.len(), 2);
        assert!(
            link.ends_with(&format!("&number={number}&code={code}")),
            "{link}"
        );
    }

    #[test]
    fn a_token_belongs_to_all_that_it_was_made_for() {
        let secret = UserSecret::from([7; 32]);
        let first = token(&challenge(Kind::MagicLink), &secret);
        for (case, other) in [
            (
                "id",
                Challenge {
                    id: "2".to_owned(),
                    ..challenge(Kind::MagicLink)
                },
            ),
            (
                "client",
                Challenge {
                    client_id: "app".to_owned(),
                    ..challenge(Kind::MagicLink)
                },
            ),
            (
                "redirect",
                Challenge {
                    redirect: Some("https://app.example.com/other".to_owned()),
                    ..challenge(Kind::MagicLink)
                },
            ),
            (
                "expiry",
                Challenge {
                    expires_at: 1,
                    ..challenge(Kind::MagicLink)
                },
            ),
            (
                "seed",
                Challenge {
                    seed: vec![8; 16],
                    ..challenge(Kind::MagicLink)
                },
            ),
        ] {
            assert_ne!(token(&other, &secret), first, "{case}");
        }
        assert_ne!(
            token(&challenge(Kind::MagicLink), &UserSecret::from([8; 32])),
            first
        );
    }
}
