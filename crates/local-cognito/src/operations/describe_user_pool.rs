use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let config = &pool.config;
    let policy = &config.password_policy;
    let users = pool.state().users.iter().count();
    let recovery = config
        .recovery
        .iter()
        .zip(1..)
        .map(|(name, priority)| json!({ "Name": name, "Priority": priority }));
    Ok(json!({ "UserPool": {
        "Id": config.id,
        "Name": config.name,
        "Arn": config.arn,
        "UserPoolTier": config.tier,
        "MfaConfiguration": config.mfa_configuration,
        "DeletionProtection": if config.deletion_protection { "ACTIVE" } else { "INACTIVE" },
        "UsernameAttributes": some(&config.username_attributes),
        "AliasAttributes": some(&config.alias_attributes),
        "AutoVerifiedAttributes": some(&config.auto_verified_attributes),
        "UsernameConfiguration": { "CaseSensitive": config.case_sensitive },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": config.admin_create_user_only },
        "AccountRecoverySetting": { "RecoveryMechanisms": recovery.collect::<Vec<_>>() },
        "EstimatedNumberOfUsers": users,
        "LambdaConfig": lambda_config(stand_in, config),
        "Policies": { "PasswordPolicy": {
            "MinimumLength": policy.minimum_length,
            "RequireLowercase": policy.require_lowercase,
            "RequireUppercase": policy.require_uppercase,
            "RequireNumbers": policy.require_numbers,
            "RequireSymbols": policy.require_symbols,
            "TemporaryPasswordValidityDays": policy.temporary_password_validity_days,
        }},
    }}))
}

/// AWS leaves out lists that are empty.
fn some(list: &[String]) -> Option<&[String]> {
    (!list.is_empty()).then_some(list)
}

fn lambda_config(stand_in: &StandIn, pool: &template::UserPool) -> BTreeMap<String, Value> {
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
        config.insert(trigger.clone(), json!(arn));
        if trigger == "PreTokenGeneration" {
            config.insert(
                "PreTokenGenerationConfig".to_owned(),
                json!({ "LambdaArn": arn, "LambdaVersion": wired.version }),
            );
        }
    }
    config
}
