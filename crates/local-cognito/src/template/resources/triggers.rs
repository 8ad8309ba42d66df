use std::collections::BTreeMap;

use crate::template::properties::Properties;
use crate::template::{Function, Trigger};

/// The keys of `LambdaConfig` that hold nothing but a function's ARN.
const WITH_ARN: [&str; 9] = [
    "CreateAuthChallenge",
    "CustomMessage",
    "DefineAuthChallenge",
    "PostAuthentication",
    "PostConfirmation",
    "PreAuthentication",
    "PreSignUp",
    "UserMigration",
    "VerifyAuthChallengeResponse",
];

/// The keys of `LambdaConfig` that hold a function's ARN and the only version of its event.
const WITH_VERSION: [&str; 3] = ["CustomEmailSender", "CustomSMSSender", "InboundFederation"];

/// Reads the triggers of `LambdaConfig`.
pub(super) fn read(
    properties: &mut Properties,
    functions: &[Function],
    tier: &str,
) -> BTreeMap<String, Trigger> {
    let mut triggers = BTreeMap::new();
    for name in WITH_ARN {
        let trigger = wired(properties, name, "V1_0", functions);
        triggers.extend(trigger.map(|trigger| (name.to_owned(), trigger)));
    }
    triggers.extend(
        pre_token_generation(properties, functions, tier)
            .map(|trigger| ("PreTokenGeneration".to_owned(), trigger)),
    );
    for name in WITH_VERSION {
        let trigger = properties.within(name, |config| {
            config.word("LambdaVersion", &["V1_0"]);
            wired(config, "LambdaArn", "V1_0", functions)
        });
        triggers.extend(trigger.flatten().map(|trigger| (name.to_owned(), trigger)));
    }
    triggers
}

/// The key with which codes are encrypted for custom senders, which AWS wants wherever there is one (D).
pub(super) fn read_key(properties: &mut Properties) -> Option<String> {
    let key = properties.text("KMSKeyID");
    let sends = ["CustomEmailSender", "CustomSMSSender"];
    if key.is_none() && sends.iter().any(|name| properties.has(name)) {
        properties
            .place("KMSKeyID")
            .problem("a custom sender needs the key that codes are encrypted with");
    }
    key
}

/// Pre token generation has two keys: one for the first event version alone, and one for all of them.
fn pre_token_generation(
    properties: &mut Properties,
    functions: &[Function],
    tier: &str,
) -> Option<Trigger> {
    let legacy = wired(properties, "PreTokenGeneration", "V1_0", functions);
    let configured = properties.within("PreTokenGenerationConfig", |config| {
        let version = config.word("LambdaVersion", &["V1_0", "V2_0", "V3_0"]);
        let version = version.unwrap_or_else(|| "V1_0".to_owned());
        if version != "V1_0" && tier == "LITE" {
            config.place("LambdaVersion").problem(format_args!(
                "{version} needs UserPoolTier ESSENTIALS or PLUS"
            ));
        }
        wired(config, "LambdaArn", &version, functions)
    });
    let configured = configured.flatten();
    if let (Some(legacy), Some(configured)) = (&legacy, &configured)
        && legacy.function != configured.function
    {
        properties
            .place("PreTokenGeneration")
            .problem("expected the same function as in PreTokenGenerationConfig");
    }
    configured.or(legacy)
}

/// The function that this property's ARN belongs to.
fn wired(
    properties: &mut Properties,
    name: &str,
    version: &str,
    functions: &[Function],
) -> Option<Trigger> {
    let arn = properties.text(name)?;
    let Some(function) = functions.iter().find(|function| function.arn == arn) else {
        properties
            .place(name)
            .problem("no function of this template has this ARN");
        return None;
    };
    Some(Trigger {
        function: function.logical_id.clone(),
        version: version.to_owned(),
    })
}
