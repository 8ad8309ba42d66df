//! Condition keys.

use crate::document::Unsupported;

/// The global condition keys that whoever evaluates here has to give where AWS would. One that is real but never given would let
/// `IfExists` and negated operators pass.
const GLOBAL: [&str; 17] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:userid",
    "aws:username",
    "aws:viaawsservice",
];

/// Those that a tag's key follows.
const GLOBAL_TAGS: [&str; 2] = ["aws:principaltag/", "aws:requesttag/"];

/// Keys that can have several values, and whose conditions have to say which of them they are about.
/// Source: Service Authorization Reference, condition keys of the type `ArrayOfString`.
const MULTI_VALUED: [&str; 7] = [
    "aws:tagkeys",
    "cognito-identity.amazonaws.com:amr",
    "dynamodb:attributes",
    "dynamodb:leadingkeys",
    "kms:encryptioncontextkeys",
    "kms:grantoperations",
    "ses:recipients",
];

/// A condition key in lower case, if it is one.
pub(crate) fn parse(key: &str, place: &str) -> Result<String, Unsupported> {
    let lower = key.to_ascii_lowercase();
    let known = match lower.split_once(':') {
        Some(("aws", _)) => {
            let with_tag = |start| lower.strip_prefix(start).is_some_and(|tag| !tag.is_empty());
            GLOBAL.contains(&lower.as_str()) || GLOBAL_TAGS.into_iter().any(with_tag)
        }
        Some((service, name)) => !service.is_empty() && !name.is_empty(),
        None => false,
    };
    if known {
        Ok(lower)
    } else {
        Err(Unsupported::at(
            place,
            format!("the condition key {key} is not known"),
        ))
    }
}

pub(crate) fn is_multi_valued(key: &str) -> bool {
    MULTI_VALUED.contains(&key)
}
