use std::fmt;
use std::str::FromStr;

/// A parameter's name as a variable has it, which begins with a slash: secrets that were put there by mistake do not.
pub struct ParameterName(pub String);

impl FromStr for ParameterName {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        text.starts_with('/')
            .then(|| Self(text.to_owned()))
            .ok_or(NoName)
    }
}

/// Not a parameter's name. It may be a secret, so nothing of it is said.
#[derive(Debug)]
pub struct NoName;

impl fmt::Display for NoName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "expected a parameter's name that begins with a slash, not the secrets themselves",
        )
    }
}
