//! Messages by somebody who has a data key: each is right in all but one thing, so that no check can lean on another.

mod forgery;

use super::super::MessageError::{self, Malformed};
use super::super::suite::Suite;
use super::open;
use forgery::{DATA_KEY, Forgery, frame, right};

#[track_caller]
fn check(case: &str, forge: impl Fn(&mut Forgery), expected: Result<&str, MessageError>) {
    for suite in [Suite::WithoutCommitment, Suite::WithCommitment] {
        let mut forgery = right(suite);
        forge(&mut forgery);
        let opened = open(&forgery.message(), &DATA_KEY);
        let expected = expected.map(|text| text.as_bytes().to_vec());
        assert_eq!(opened, expected, "{case}, {suite:?}");
    }
}

#[test]
fn what_is_right_is_read_with_a_key_of_either_sign() {
    for _ in 0..8 {
        check("nothing is wrong", |_| {}, Ok("4829134829"));
    }
}

#[test]
fn frames_have_their_places() {
    const OUT_OF_ORDER: MessageError = Malformed("its frames are out of order");
    check("swapped", |it| it.frames.swap(0, 1), Err(OUT_OF_ORDER));
    check(
        "swapped, and numbered as if they were not",
        |it| {
            it.frames.swap(0, 1);
            (it.frames[0].written, it.frames[1].written) = (1, 2);
        },
        Err(MessageError::FrameTag),
    );
    check(
        "one is missing",
        |it| {
            it.frames.remove(1);
        },
        Err(OUT_OF_ORDER),
    );
    check(
        "the first is missing",
        |it| {
            it.frames.remove(0);
        },
        Err(OUT_OF_ORDER),
    );
    check(
        "one comes twice",
        |it| it.frames.insert(1, frame(1, false, "4829")),
        Err(OUT_OF_ORDER),
    );
    check(
        "they count from 0",
        |it| it.frames = vec![frame(0, true, "29")],
        Err(OUT_OF_ORDER),
    );
    check(
        "the end is cut off, and a frame made the last",
        |it| {
            it.frames.truncate(1);
            it.frames[0].is_last = true;
        },
        Err(MessageError::FrameTag),
    );
    check(
        "the last is longer than the others",
        |it| it.frames[2].text = "48291",
        Err(Malformed("its last frame is too long")),
    );
    check(
        "there is no last",
        |it| {
            it.frames.pop();
        },
        Err(OUT_OF_ORDER),
    );
}

#[test]
fn the_header_has_its_tag_and_the_message_its_signature() {
    check(
        "the header was changed after its tag was made",
        |it| {
            it.tagged = |header| replace(header, "eu-central-1_Kx7QmT2Zd", "eu-central-1_Another42")
        },
        Err(MessageError::HeaderTag),
    );
    check(
        "another key has signed",
        |it| it.signed_by_another = true,
        Err(MessageError::Signature),
    );
    check(
        "no key is named",
        |it| it.names_its_key = false,
        Err(MessageError::Signature),
    );
}

#[test]
fn a_commitment_to_another_data_key_is_refused() {
    let mut forgery = right(Suite::WithCommitment);
    forgery.header = |header| *header.last_mut().unwrap() ^= 1;
    let opened = open(&forgery.message(), &DATA_KEY);
    assert_eq!(opened, Err(MessageError::Commitment));
}

#[test]
fn a_header_is_read_strictly() {
    check(
        "a name of the context comes twice",
        |it| it.context.push(("userpool-id", "eu-central-1_Another42")),
        Err(Malformed("its context has a name twice")),
    );
    check(
        "the context is no text",
        |it| it.header = |header| replace_bytes(header, b"userpool", b"userp\xff\xffl"),
        Err(Malformed("its context is not text")),
    );
    check(
        "frames have no length",
        |it| it.header = |header| replace_bytes(header, &[0, 0, 0, 4], &[0; 4]),
        Err(MessageError::NotFramed),
    );
    check(
        "there are many data keys",
        |it| {
            it.header =
                |header| replace_bytes(header, b"\0\x01\0\x07aws-kms", b"\0\x09\0\x07aws-kms")
        },
        Err(Malformed("it has too many data keys")),
    );
}

fn replace(header: &mut [u8], old: &str, new: &str) {
    replace_bytes(header, old.as_bytes(), new.as_bytes());
}

/// Replaces what occurs once.
fn replace_bytes(header: &mut [u8], old: &[u8], new: &[u8]) {
    let places = header.windows(old.len()).enumerate();
    let places: Vec<usize> = places
        .filter(|(_, window)| *window == old)
        .map(|(place, _)| place)
        .collect();
    assert_eq!(places.len(), 1, "{}", old.escape_ascii());
    header[places[0]..][..new.len()].copy_from_slice(new);
}
