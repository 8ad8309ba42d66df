//! What the kinds have in common that send a code.

use crate::attempt::Attempt;
use crate::challenge::Challenge;
use crate::digits::digits;
use crate::user_secret::UserSecret;

/// The challenge's code. It is kept nowhere: it follows from the user's secret, which KMS makes, and the challenge's random seed. So the
/// table alone tells nothing, and a repeated event finds the code that was sent.
pub(super) fn code(challenge: &Challenge, secret: &UserSecret) -> String {
    digits(challenge.digits, |block| {
        secret.derive(
            "code",
            &[
                challenge.client_id.as_bytes(),
                challenge.kind.as_str().as_bytes(),
                challenge.id.as_bytes(),
                &challenge.seed,
                &block.to_be_bytes(),
            ],
        )
    })
}

/// Whether the answer is the challenge's code, however its digits are set apart.
pub(super) fn is_code(attempt: &Attempt<'_>) -> bool {
    let expected = code(attempt.challenge, attempt.secret);
    attempt
        .secret
        .is_same(&in_digits(attempt.answer()), &expected)
}

/// People type `482 913` and `482-913` too.
fn in_digits(answer: &str) -> String {
    answer
        .chars()
        .filter(|char| !matches!(char, ' ' | '-'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::tests::challenge;
    use crate::kind::Kind;

    #[test]
    fn a_code_is_as_long_as_configured_and_belongs_to_its_challenge() {
        let secret = UserSecret::from([7; 32]);
        let first = code(&challenge(Kind::EmailCode), &secret);
        assert_eq!(first, code(&challenge(Kind::EmailCode), &secret));
        assert_eq!(first.len(), 6);
        let longest = Challenge {
            digits: 10,
            ..challenge(Kind::EmailCode)
        };
        assert_eq!(code(&longest, &secret).len(), 10);
        for (case, other) in [
            (
                "id",
                Challenge {
                    id: "2".to_owned(),
                    ..challenge(Kind::EmailCode)
                },
            ),
            (
                "seed",
                Challenge {
                    seed: vec![8; 16],
                    ..challenge(Kind::EmailCode)
                },
            ),
            (
                "client",
                Challenge {
                    client_id: "app".to_owned(),
                    ..challenge(Kind::EmailCode)
                },
            ),
            ("kind", challenge(Kind::SmsCode)),
        ] {
            assert_ne!(code(&other, &secret), first, "{case}");
        }
        assert_ne!(
            code(&challenge(Kind::EmailCode), &UserSecret::from([8; 32])),
            first
        );
    }

    #[test]
    fn digits_may_be_set_apart() {
        for (answer, expected) in [
            ("482 913", "482913"),
            (" 482-913 ", "482913"),
            ("4829l3", "4829l3"),
            ("４８２９１３", "４８２９１３"),
        ] {
            assert_eq!(in_digits(answer), expected);
        }
    }
}
