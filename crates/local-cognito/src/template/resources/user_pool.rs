use std::collections::BTreeMap;

use serde_json::Map;

use super::factors::{self, Factors};
use super::{Resource, messages, schema, triggers};
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::{Function, PasswordPolicy, UserPool};

pub(super) fn read(
    resource: &Resource,
    properties: &mut Properties,
    functions: &[Function],
) -> (UserPool, References) {
    let settings = resource.settings;
    let id = settings.user_pool_id(resource.logical_id, &resource.place);
    let provider = format!(
        "cognito-idp.{}.{}/{id}",
        settings.region,
        settings.url_suffix()
    );
    let arn = settings.arn("cognito-idp", &format!("userpool/{id}"));
    let references = References {
        reference: Some(id.clone()),
        attributes: BTreeMap::from([
            ("Arn", arn.clone()),
            ("ProviderName", provider.clone()),
            ("ProviderURL", format!("https://{provider}")),
            ("UserPoolId", id.clone()),
        ]),
    };

    let named = Named {
        logical_id: resource.logical_id.to_owned(),
        id,
        arn,
        name: settings.name(resource.logical_id, 128),
    };
    (described(named, properties, functions), references)
}

/// What a pool is called, whatever else is said of it.
pub(in crate::template) struct Named {
    pub(in crate::template) logical_id: String,
    pub(in crate::template) id: String,
    pub(in crate::template) arn: String,
    /// Its name, unless the properties give it one.
    pub(in crate::template) name: String,
}

/// A pool by its properties, which are the same in a template and in `CreateUserPool`.
pub(in crate::template) fn described(
    named: Named,
    properties: &mut Properties,
    functions: &[Function],
) -> UserPool {
    let sends_sms = properties.has("SmsConfiguration");
    properties.ignore(&["SmsConfiguration"]);
    let verified_before_update = properties.within("UserAttributeUpdateSettings", |settings| {
        settings.words("AttributesRequireVerificationBeforeUpdate", &CONTACTS)
    });
    let own_email_sender = properties.within("EmailConfiguration", |email| {
        email.ignore(&[
            "ConfigurationSet",
            "From",
            "ReplyToEmailAddress",
            "SourceArn",
        ]);
        let account = email.word("EmailSendingAccount", &["COGNITO_DEFAULT", "DEVELOPER"]);
        account.is_some_and(|account| account == "DEVELOPER")
    });
    properties.within("UserPoolAddOns", |add_ons| {
        add_ons.word("AdvancedSecurityMode", &["OFF"])
    });
    let tiers = ["LITE", "ESSENTIALS", "PLUS"];
    let tier = properties
        .word("UserPoolTier", &tiers)
        .unwrap_or_else(|| "ESSENTIALS".to_owned());
    let triggers = properties.within("LambdaConfig", |config| {
        let key = triggers::read_key(config);
        (triggers::read(config, functions, &tier), key)
    });
    let (triggers, kms_key_id) = triggers.unwrap_or_default();
    let policies = properties.within("Policies", |policies| {
        let sign_in = policies
            .within("SignInPolicy", factors::read_first)
            .flatten();
        (
            policies.within("PasswordPolicy", read_password_policy),
            sign_in,
        )
    });
    let (password_policy, first_factors) = policies.unwrap_or_default();
    let mut password_policy = password_policy.unwrap_or(DEFAULT_PASSWORD_POLICY);
    let own_email_sender = own_email_sender.unwrap_or(false);
    let factors = Factors::read(properties, first_factors, sends_sms);
    factors.check(&tier, own_email_sender, properties);
    let mut messages = messages::read(properties);
    let admin_create_user_only = properties.within("AdminCreateUserConfig", |config| {
        config.within("InviteMessageTemplate", |template| {
            messages::read_invitation(template, &mut messages);
        });
        // The older place for the validity of temporary passwords.
        if let Some(days) = config.number("UnusedAccountValidityDays", 0..=365) {
            password_policy.temporary_password_validity_days = days;
        }
        config.flag("AllowAdminCreateUserOnly")
    });
    let pool = UserPool {
        logical_id: named.logical_id,
        id: named.id,
        arn: named.arn,
        name: properties.text("UserPoolName").unwrap_or(named.name),
        username_attributes: properties
            .words("UsernameAttributes", &CONTACTS)
            .unwrap_or_default(),
        alias_attributes: properties
            .words(
                "AliasAttributes",
                &["email", "phone_number", "preferred_username"],
            )
            .unwrap_or_default(),
        auto_verified_attributes: properties
            .words("AutoVerifiedAttributes", &CONTACTS)
            .unwrap_or_default(),
        verified_before_update: verified_before_update.flatten().unwrap_or_default(),
        case_sensitive: properties
            .within("UsernameConfiguration", |configuration| {
                configuration.flag("CaseSensitive")
            })
            .flatten()
            .unwrap_or(true),
        password_policy,
        schema: properties.each("Schema", schema::read),
        admin_create_user_only: admin_create_user_only.flatten().unwrap_or(false),
        tier,
        own_email_sender,
        mfa_configuration: factors.mfa_configuration,
        enabled_mfas: factors.enabled_mfas,
        device_configuration: properties.within("DeviceConfiguration", factors::read_devices),
        allowed_first_auth_factors: factors.allowed_first_auth_factors,
        deletion_protection: properties
            .word("DeletionProtection", &["ACTIVE", "INACTIVE"])
            .is_some_and(|protection| protection == "ACTIVE"),
        recovery: properties
            .within("AccountRecoverySetting", read_recovery)
            .unwrap_or_default(),
        triggers,
        kms_key_id,
        messages,
        clients: Vec::new(),
        groups: Vec::new(),
        resource_servers: Vec::new(),
        identity_providers: Vec::new(),
        domains: Vec::new(),
        tags: properties
            .within("UserPoolTags", Properties::take_texts)
            .unwrap_or_default(),
        dates: None,
        described: Map::new(),
    };
    schema::check_all(&pool.schema, &properties.place("Schema"));
    if !pool.username_attributes.is_empty() && !pool.alias_attributes.is_empty() {
        properties
            .place("AliasAttributes")
            .problem("Cognito takes UsernameAttributes or AliasAttributes, not both");
    }
    let sends_code = |attribute| pool.auto_verified_attributes.contains(attribute);
    if !pool.verified_before_update.iter().all(sends_code) {
        properties
            .place("UserAttributeUpdateSettings")
            // W: https://github.com/aws/aws-cli/issues/7151
            .problem("All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes");
    }
    pool
}

const CONTACTS: [&str; 2] = ["email", "phone_number"];

/// Observed: the policy of a pool that is created without one.
const DEFAULT_PASSWORD_POLICY: PasswordPolicy = PasswordPolicy {
    minimum_length: 8,
    require_lowercase: true,
    require_uppercase: true,
    require_numbers: true,
    require_symbols: true,
    temporary_password_validity_days: 7,
};

/// Bounds: Cognito's API reference, `PasswordPolicyType`. A requirement that is not named does not hold.
fn read_password_policy(policy: &mut Properties) -> PasswordPolicy {
    let days = policy.number("TemporaryPasswordValidityDays", 0..=365);
    PasswordPolicy {
        minimum_length: policy
            .number("MinimumLength", 6..=99)
            .map_or(8, |length| length as usize),
        require_lowercase: policy.flag("RequireLowercase").unwrap_or(false),
        require_uppercase: policy.flag("RequireUppercase").unwrap_or(false),
        require_numbers: policy.flag("RequireNumbers").unwrap_or(false),
        require_symbols: policy.flag("RequireSymbols").unwrap_or(false),
        // Cognito takes 0 for the default.
        temporary_password_validity_days: days.filter(|days| *days > 0).unwrap_or(7),
    }
}

fn read_recovery(setting: &mut Properties) -> Vec<String> {
    let names = ["verified_email", "verified_phone_number", "admin_only"];
    let mut options = setting.each("RecoveryMechanisms", |option| {
        let priority = option.number("Priority", 1..=2);
        (priority, option.word("Name", &names))
    });
    options.sort_by_key(|(priority, _)| *priority);
    options.into_iter().filter_map(|(_, name)| name).collect()
}
