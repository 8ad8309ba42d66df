//! What the files in `vectors/` hold.

use std::fs;
use std::path::Path;

use legacy_password::{Fallback, Format, LegacyHash, Limits, Pepper, Preparation, Unsupported};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Vectors {
    generator: String,
    vectors: Vec<Vector>,
}

/// A hash, a password, and whether they belong together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vector {
    pub(crate) format: String,
    how: How,
    pub(crate) hash: String,
    #[serde(default)]
    with: Map<String, Value>,
    password: Option<String>,
    password_hex: Option<String>,
    pub(crate) correct: bool,
    /// It is not even read.
    #[serde(default)]
    pub(crate) refused: bool,
    #[serde(default)]
    note: String,
    /// Other implementations that agree.
    #[serde(default)]
    checked_by: Vec<String>,
    /// Who made it.
    #[serde(skip)]
    generator: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum How {
    Prefix,
    Configured,
}

pub(crate) fn all() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> impl Iterator<Item = Vector> {
    let text = fs::read_to_string(path).unwrap();
    let file: Vectors =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let generator = file.generator;
    file.vectors.into_iter().map(move |vector| Vector {
        generator: generator.clone(),
        ..vector
    })
}

impl Vector {
    /// For the messages of tests.
    pub(crate) fn name(&self) -> String {
        let Self {
            generator,
            format,
            hash,
            note,
            ..
        } = self;
        let others = self.checked_by.join(", ");
        format!("{generator} ({others}), {format}: {hash} {note}")
    }

    pub(crate) fn parse(&self) -> Result<LegacyHash, Unsupported> {
        self.parse_other(&self.hash, &self.settings())
    }

    /// Another text in the way that this one is read.
    pub(crate) fn parse_other(
        &self,
        text: &str,
        settings: &Value,
    ) -> Result<LegacyHash, Unsupported> {
        let limits = Limits::default();
        match self.how {
            How::Prefix => LegacyHash::parse(text, &limits),
            How::Configured => {
                let format: Format = self.format.parse().unwrap();
                LegacyHash::parse_as(format, text, settings, &limits)
            }
        }
    }

    pub(crate) fn settings(&self) -> Value {
        let mut settings = self.with.clone();
        settings.remove("pepper");
        settings.remove("fallbacks");
        settings.into()
    }

    pub(crate) fn password(&self) -> Vec<u8> {
        match (&self.password, &self.password_hex) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(hex)) => (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect(),
            _ => panic!("{}: one password each", self.name()),
        }
    }

    pub(crate) fn is_prepared(&self) -> bool {
        self.with.contains_key("pepper") || self.with.contains_key("fallbacks")
    }

    pub(crate) fn preparation(&self) -> Preparation {
        let pepper = self.with.get("pepper").map(|pepper| {
            let value = pepper["value"].as_str().unwrap().into();
            match pepper["how"].as_str().unwrap() {
                "append" => Pepper::Append(value),
                "prepend" => Pepper::Prepend(value),
                "hmac-sha256" => Pepper::HmacSha256(value),
                "hmac-sha256-hex" => Pepper::HmacSha256Hex(value),
                other => panic!("no pepper is {other}"),
            }
        });
        let fallbacks = self.with.get("fallbacks").and_then(Value::as_array);
        let fallbacks = fallbacks.into_iter().flatten();
        let fallbacks = fallbacks.map(|fallback| match fallback.as_str().unwrap() {
            "trimmed" => Fallback::Trimmed,
            "nfkc" => Fallback::Nfkc,
            "latin-1" => Fallback::Latin1,
            "utf-16le" => Fallback::Utf16Le,
            other => panic!("no fall-back is {other}"),
        });
        Preparation {
            pepper,
            fallbacks: fallbacks.collect(),
        }
    }
}
