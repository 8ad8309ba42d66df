use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Resource, asynchronous};
use crate::template::Function;
use crate::template::properties::Properties;
use crate::template::scope::References;

/// `role` is the ARN of its execution role.
pub(super) fn read(
    resource: &Resource,
    role: String,
    properties: &mut Properties,
) -> (Function, References) {
    properties.word("Runtime", &["provided.al2023", "provided.al2"]);
    properties.word("PackageType", &["Zip"]);
    properties.ignore(&[
        "Architectures",
        "CodeUri",
        "Description",
        "EphemeralStorage",
        "Handler",
        "LoggingConfig",
        "PropagateTags",
        "RolePath",
        "Tags",
        "Tracing",
        "VpcConfig",
    ]);
    let environment = properties.within("Environment", |environment| {
        environment.within("Variables", Properties::take_texts)
    });
    let settings = resource.settings;
    let name = properties
        .text("FunctionName")
        .unwrap_or_else(|| settings.name(resource.logical_id, 64));
    let function = Function {
        logical_id: resource.logical_id.to_owned(),
        arn: settings.arn("lambda", &format!("function:{name}")),
        name,
        binary: binary(resource),
        environment: environment.flatten().unwrap_or_default(),
        role,
        // Defaults and bounds: AWS::Lambda::Function, `Timeout` and `MemorySize`.
        timeout: Duration::from_secs(properties.number("Timeout", 1..=900).unwrap_or(3).into()),
        memory_mb: properties.number("MemorySize", 128..=10_240).unwrap_or(128),
        asynchronous: asynchronous::read(properties),
        // Known only when all permissions are.
        permissions: Vec::new(),
    };
    let references = References {
        reference: Some(function.name.clone()),
        attributes: BTreeMap::from([("Arn", function.arn.clone())]),
    };
    (function, references)
}

/// The binary that `sam build` would have Cargo build.
fn binary(resource: &Resource) -> String {
    let place = resource.place.member("Metadata");
    if resource.metadata.get("BuildMethod").and_then(Value::as_str) != Some("rust-cargolambda") {
        place.problem("expected BuildMethod: rust-cargolambda");
    }
    let binary = resource.metadata.get("BuildProperties");
    let binary = binary.and_then(|properties| properties.get("Binary")?.as_str());
    // The name becomes part of a path.
    let is_name = |name: &&str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let binary = binary.filter(is_name);
    if binary.is_none() {
        place.problem("expected BuildProperties with the name of a Binary");
    }
    binary.unwrap_or_default().to_owned()
}
