//! Sizes of what is deployed.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use tests::stand_in::binary;

use crate::report::{Bound, Report};

const MEGABYTE: f64 = 1_048_576.0;

/// What is deployed, with the most megabytes that its zip may have; noop-function is their yardstick. `make bench` builds user-migration with
/// its features too, and keeps that under a name of its own.
const FUNCTIONS: [(&str, Option<f64>); 20] = [
    ("noop-function", None),
    ("authenticator-enrolment", Some(3.5)),
    ("challenge-sender", Some(3.5)),
    ("create-auth-challenge", Some(3.5)),
    ("custom-email-sender", Some(3.5)),
    ("custom-message", Some(3.0)),
    ("custom-sms-sender", Some(3.5)),
    ("define-auth-challenge", Some(3.5)),
    ("identity-broker", Some(4.0)),
    ("identity-operator", Some(4.0)),
    ("inbound-federation", Some(3.0)),
    ("post-authentication", Some(3.5)),
    ("post-confirmation", Some(3.5)),
    ("pre-authentication", Some(3.5)),
    ("pre-sign-up", Some(3.5)),
    ("pre-token-generation", Some(3.0)),
    ("user-migration", Some(4.0)),
    ("user-migration-with-every-source", Some(5.0)),
    ("verify-auth-challenge-response", Some(3.5)),
    ("who-am-i", Some(3.0)),
];

/// Binary and zip of each function. A zip archive with one file is its deflated bytes and some hundred more.
pub(crate) fn measure(report: &mut Report) {
    for (name, most) in FUNCTIONS {
        let bytes = std::fs::read(binary(name)).expect("the binary can be read");
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&bytes).expect("memory takes it");
        let zip = encoder.finish().expect("memory takes it");
        let bound = most.map_or(Bound::None, Bound::AtMost);
        report.add(
            &format!("{name}: binary"),
            bytes.len() as f64 / MEGABYTE,
            "MB",
            Bound::None,
        );
        report.add(
            &format!("{name}: zip"),
            zip.len() as f64 / MEGABYTE,
            "MB",
            bound,
        );
    }
}
