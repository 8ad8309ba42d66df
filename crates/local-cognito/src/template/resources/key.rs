//! Keys of KMS and their aliases.

use std::collections::BTreeMap;
use std::sync::Arc;

use iam_policy::{Policy, PolicyKind};
use serde_json::json;

use super::{Resource, policy};
use crate::template::Stack;
use crate::template::properties::Properties;
use crate::template::scope::References;

/// A key of KMS.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// A UUID, the same at each start.
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) spec: KeySpec,
    pub(crate) enabled: bool,
    pub(crate) description: String,
    /// Its other names, each with `alias/` before it.
    pub(crate) aliases: Vec<String>,
    pub(crate) policy: Arc<Policy>,
}

/// What a key is made of, which settles what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeySpec {
    /// `SYMMETRIC_DEFAULT`: AES-256-GCM.
    SymmetricDefault,
    /// `HMAC_256`: HMAC-SHA-256.
    Hmac256,
}

impl KeySpec {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SymmetricDefault => "SYMMETRIC_DEFAULT",
            Self::Hmac256 => "HMAC_256",
        }
    }

    /// The `KeyUsage` of such a key.
    pub(crate) fn usage(self) -> &'static str {
        match self {
            Self::SymmetricDefault => "ENCRYPT_DECRYPT",
            Self::Hmac256 => "GENERATE_VERIFY_MAC",
        }
    }
}

pub(super) fn read(resource: &Resource, properties: &mut Properties) -> (Key, References) {
    properties.ignore(&[
        "BypassPolicyLockoutSafetyCheck",
        "PendingWindowInDays",
        "RotationPeriodInDays",
        "Tags",
    ]);
    properties.word("MultiRegion", &["false"]);
    properties.word("Origin", &["AWS_KMS"]);
    let specs = [KeySpec::SymmetricDefault, KeySpec::Hmac256];
    let spec = properties.word("KeySpec", &specs.map(KeySpec::as_str));
    let spec = specs
        .into_iter()
        .find(|known| spec.as_deref() == Some(known.as_str()));
    let spec = spec.unwrap_or(KeySpec::SymmetricDefault);
    check_usage(spec, properties);
    let settings = resource.settings;
    let id = settings.key_id(resource.logical_id);
    let key = Key {
        arn: settings.arn("kms", &format!("key/{id}")),
        id: id.clone(),
        spec,
        enabled: properties.flag("Enabled").unwrap_or(true),
        description: properties.text("Description").unwrap_or_default(),
        aliases: Vec::new(),
        policy: key_policy(resource, properties),
    };
    let references = References {
        reference: Some(id.clone()),
        attributes: BTreeMap::from([("Arn", key.arn.clone()), ("KeyId", id)]),
    };
    (key, references)
}

fn key_policy(resource: &Resource, properties: &mut Properties) -> Arc<Policy> {
    let place = properties.place("KeyPolicy");
    let document = properties.raw("KeyPolicy");
    let read = document.and_then(|document| {
        policy::document(PolicyKind::ResourceBased, "key policy", &document, &place)
    });
    let root = resource.settings.global_arn("iam", "root");
    read.map_or_else(|| default_key_policy(&root), Arc::new)
}

/// The policy of a key that has none of its own: whatever the account's policies allow.
/// Source: AWS KMS Developer Guide, "Default key policy when you create a KMS key programmatically".
pub(crate) fn default_key_policy(account: &str) -> Arc<Policy> {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow", "Principal": { "AWS": account }, "Action": "kms:*", "Resource": "*",
        },
    });
    let policy = Policy::parse(PolicyKind::ResourceBased, &document);
    Arc::new(policy.expect("the document is fixed but for an ARN"))
}

/// Source: CloudFormation, `AWS::KMS::Key`, `KeyUsage` and `EnableKeyRotation`.
fn check_usage(spec: KeySpec, properties: &mut Properties) {
    let usage = properties.word("KeyUsage", &[spec.usage()]);
    if spec == KeySpec::SymmetricDefault {
        properties.ignore(&["EnableKeyRotation"]);
        return;
    }
    if usage.is_none() {
        let place = properties.place("KeyUsage");
        place.problem(format_args!("expected {}", spec.usage()));
    }
    if properties.flag("EnableKeyRotation") == Some(true) {
        let place = properties.place("EnableKeyRotation");
        place.problem("only keys that encrypt can rotate");
    }
}

/// Gives a key another name.
pub(super) fn alias(properties: &mut Properties, stack: &mut Stack) -> Option<References> {
    let name = properties.required_text("AliasName");
    let reserved = name.starts_with("alias/aws/");
    if !name.strip_prefix("alias/").is_some_and(is_name) || reserved {
        let place = properties.place("AliasName");
        place.problem("expected alias/ and a name behind it that is not AWS's");
    }
    let target = properties.required_text("TargetKeyId");
    let mut keys = stack.keys.iter_mut();
    let Some(key) = keys.find(|key| [&key.id, &key.arn].contains(&&target)) else {
        let place = properties.place("TargetKeyId");
        place.problem("no key of this template has this id");
        return None;
    };
    key.aliases.push(name.clone());
    Some(References {
        reference: Some(name),
        ..References::default()
    })
}

/// The alphabet of aliases (D).
fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    (1..=250).contains(&name.len()) && name.bytes().all(allowed)
}
