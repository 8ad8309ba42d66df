use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::{self, STANDARD_ATTRIBUTES, SchemaAttribute};
use crate::user_pool::UserPool;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    Ok(json!({ "UserPool": shown(stand_in, &pool) }))
}

/// `UserPoolType`: what is, and besides it what a client said of things that mean nothing here.
pub(super) fn shown(stand_in: &StandIn, pool: &UserPool) -> Value {
    let described = Value::Object(pool.config.described.clone());
    let mut shown = laid_over(described, settings(stand_in, pool));
    if let Some(members) = shown.as_object_mut() {
        // `CreateUserPool` names them otherwise.
        members.remove("Schema");
    }
    shown
}

/// The members of both, mapping by mapping; where they differ, those on top.
fn laid_over(below: Value, top: Value) -> Value {
    match (below, top) {
        (Value::Object(mut members), Value::Object(top)) => {
            for (name, member) in top {
                let below = members.remove(&name).unwrap_or_default();
                members.insert(name, laid_over(below, member));
            }
            Value::Object(members)
        }
        (below, Value::Null) => below,
        (_, top) => top,
    }
}

fn settings(stand_in: &StandIn, pool: &UserPool) -> Value {
    let config = &pool.config;
    let policy = &config.password_policy;
    let users = pool.state().users.iter().count();
    let recovery = config
        .recovery
        .iter()
        .zip(1..)
        .map(|(name, priority)| json!({ "Name": name, "Priority": priority }));
    json!({
        "Id": config.id,
        "Name": config.name,
        "Arn": config.arn,
        "UserPoolTier": config.tier,
        "MfaConfiguration": config.mfa_configuration,
        "DeletionProtection": if config.deletion_protection { "ACTIVE" } else { "INACTIVE" },
        "UsernameAttributes": some(&config.username_attributes),
        "AliasAttributes": some(&config.alias_attributes),
        "AutoVerifiedAttributes": some(&config.auto_verified_attributes),
        "UserAttributeUpdateSettings": some(&config.verified_before_update)
            .map(|names| json!({ "AttributesRequireVerificationBeforeUpdate": names })),
        "UsernameConfiguration": { "CaseSensitive": config.case_sensitive },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": config.admin_create_user_only },
        "AccountRecoverySetting": { "RecoveryMechanisms": recovery.collect::<Vec<_>>() },
        "EstimatedNumberOfUsers": users,
        "LambdaConfig": lambda_config(stand_in, config),
        "DeviceConfiguration": config.device_configuration.map(|devices| json!({
            "ChallengeRequiredOnNewDevice": devices.challenge_required_on_new_device,
            "DeviceOnlyRememberedOnUserPrompt": devices.device_only_remembered_on_user_prompt,
        })),
        "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": config.allowed_first_auth_factors }, "PasswordPolicy": {
            "MinimumLength": policy.minimum_length,
            "RequireLowercase": policy.require_lowercase,
            "RequireUppercase": policy.require_uppercase,
            "RequireNumbers": policy.require_numbers,
            "RequireSymbols": policy.require_symbols,
            "TemporaryPasswordValidityDays": policy.temporary_password_validity_days,
        }},
        "EmailConfiguration": {
            "EmailSendingAccount": if config.own_email_sender { "DEVELOPER" } else { "COGNITO_DEFAULT" },
        },
        "SchemaAttributes": schema(config),
        "UserPoolTags": config.tags,
        "Domain": config.domains.iter().find(|domain| domain.certificate_arn.is_none()).map(|domain| &domain.name),
        "CustomDomain": config.domains.iter().find(|domain| domain.certificate_arn.is_some()).map(|domain| &domain.name),
        "CreationDate": config.dates.map(|dates| dates.created),
        "LastModifiedDate": config.dates.map(|dates| dates.modified),
    })
}

/// AWS leaves out lists that are empty.
fn some(list: &[String]) -> Option<&[String]> {
    (!list.is_empty()).then_some(list)
}

pub(super) fn lambda_config(
    stand_in: &StandIn,
    pool: &template::UserPool,
) -> BTreeMap<String, Value> {
    let mut config = BTreeMap::new();
    for (trigger, wired) in &pool.triggers {
        let function = stand_in
            .stack
            .functions
            .iter()
            .find(|function| function.logical_id == wired.function);
        let Some(arn) = function.map(|function| &function.arn) else {
            continue;
        };
        let with_version = json!({ "LambdaArn": arn, "LambdaVersion": wired.version });
        let wired_as = match trigger.as_str() {
            "CustomEmailSender" | "CustomSMSSender" | "InboundFederation" => with_version.clone(),
            _ => json!(arn),
        };
        config.insert(trigger.clone(), wired_as);
        if trigger == "PreTokenGeneration" {
            config.insert("PreTokenGenerationConfig".to_owned(), with_version);
        }
    }
    if let Some(key) = &pool.kms_key_id {
        config.insert("KMSKeyID".to_owned(), json!(key));
    }
    config
}

/// Every attribute that users of the pool can have: the standard ones as every pool has them, unless the pool declares them otherwise.
fn schema(pool: &template::UserPool) -> Vec<Value> {
    let standard = STANDARD_ATTRIBUTES.iter().map(|name| {
        let data_type = match *name {
            "email_verified" | "phone_number_verified" => "Boolean",
            "updated_at" => "Number",
            _ => "String",
        };
        SchemaAttribute {
            name: (*name).to_owned(),
            data_type: data_type.to_owned(),
            mutable: true,
            required: false,
            min: None,
            max: None,
        }
    });
    let declared = |name: &str| pool.schema.iter().any(|attribute| attribute.name == name);
    let sub = SchemaAttribute {
        name: "sub".to_owned(),
        data_type: "String".to_owned(),
        mutable: false,
        required: true,
        min: Some(1),
        max: Some(2_048),
    };
    let undeclared = standard.filter(|attribute| !declared(&attribute.name));
    let all = [sub].into_iter().chain(undeclared);
    all.chain(pool.schema.iter().cloned())
        .map(|attribute| shown_attribute(&attribute))
        .collect()
}

/// `SchemaAttributeType`.
fn shown_attribute(attribute: &SchemaAttribute) -> Value {
    let text = |bound: Option<i64>| bound.map(|bound| bound.to_string());
    let (min, max) = (text(attribute.min), text(attribute.max));
    let is = |data_type: &str| attribute.data_type == data_type;
    json!({
        "Name": attribute.name,
        "AttributeDataType": attribute.data_type,
        "DeveloperOnlyAttribute": attribute.name.starts_with("dev:"),
        "Mutable": attribute.mutable,
        "Required": attribute.required,
        "StringAttributeConstraints": is("String").then(|| json!({ "MinLength": min, "MaxLength": max })),
        "NumberAttributeConstraints": is("Number").then(|| json!({ "MinValue": min, "MaxValue": max })),
    })
}
