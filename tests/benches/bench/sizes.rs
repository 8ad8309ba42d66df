//! Sizes of what is deployed.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use tests::stand_in::binary;

use crate::report::{Bound, Report};

const MEGABYTE: f64 = 1_048_576.0;

/// Binary and zip of each function. A zip archive with one file is its deflated bytes and some hundred more.
pub(crate) fn measure(report: &mut Report) {
    for name in ["noop-function", "pre-sign-up", "pre-token-generation"] {
        let bytes = std::fs::read(binary(name)).expect("the binary can be read");
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&bytes).expect("memory takes it");
        let zip = encoder.finish().expect("memory takes it");
        let bound = if name == "pre-token-generation" {
            Bound::AtMost(3.0)
        } else {
            Bound::None
        };
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
