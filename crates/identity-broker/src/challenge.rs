//! Challenges that a device signs, or that a client has its OpenID provider put into a token as the nonce.
//!
//! A challenge is random bytes, the time at which it ends, and a MAC over both: it is kept nowhere until it is answered, so that nobody can fill a
//! table by asking. An answer uses it up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use broker_identities::IdentifierKey;
use time::{Duration, OffsetDateTime};

use crate::jws::decode;
use crate::replays::Once;

/// Long enough to sign in somewhere else, with a second factor.
pub(crate) const VALID_FOR: Duration = Duration::minutes(10);

const RANDOM_BYTES: usize = 16;
const TIME_BYTES: usize = 8;
const MAC_BYTES: usize = 32;
const PURPOSE: &str = "challenge";

/// A new challenge.
pub(crate) fn make(key: &IdentifierKey, now: OffsetDateTime) -> Result<String, getrandom::Error> {
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    let until = (now + VALID_FOR).unix_timestamp().to_be_bytes();
    let message = [&random[..], &until].concat();
    let mac = key.mac(PURPOSE, &message);
    Ok(URL_SAFE_NO_PAD.encode([&message[..], &mac].concat()))
}

/// The challenge as something that can be answered once; `None` if it is none of ours, or its time is over.
pub(crate) fn verify(challenge: &str, key: &IdentifierKey, now: OffsetDateTime) -> Option<Once> {
    let bytes = decode(challenge)?;
    if bytes.len() != RANDOM_BYTES + TIME_BYTES + MAC_BYTES {
        return None;
    }
    let (message, mac) = bytes.split_at(RANDOM_BYTES + TIME_BYTES);
    key.is_mac(PURPOSE, message, mac).then_some(())?;
    let until = i64::from_be_bytes(message[RANDOM_BYTES..].try_into().ok()?);
    let until = OffsetDateTime::from_unix_timestamp(until).ok()?;
    (now < until).then(|| Once {
        kind: "challenge",
        by: String::new(),
        id: challenge.to_owned(),
        until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: IdentifierKey = IdentifierKey::of_bytes([7; 32]);

    #[test]
    fn a_challenge_of_ours_can_be_answered_for_ten_minutes() {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let challenge = make(&KEY, now).unwrap();
        assert_ne!(challenge, make(&KEY, now).unwrap());
        for (seconds, expected) in [(0, true), (599, true), (600, false)] {
            let then = now + Duration::seconds(seconds);
            let answered = verify(&challenge, &KEY, then).is_some();
            assert_eq!(answered, expected, "after {seconds} s");
        }
        let other = IdentifierKey::of_bytes([8; 32]);
        assert_eq!(verify(&challenge, &other, now), None);
        for place in 0..challenge.len() {
            let mut forged = challenge.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(verify(&forged, &KEY, now), None, "{place}");
        }
        for text in ["", "AAAA", &challenge[1..], &format!("{challenge}AAAA")] {
            assert_eq!(verify(text, &KEY, now), None, "{text}");
        }
    }
}
