//! What a template deploys, as far as the stand-in plays it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{Asynchronous, Bucket, HttpApi, IdentityPool, Key, OpenIdConnectProvider, Role};

/// What a template deploys, as far as the stand-in plays it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stack {
    pub(crate) region: String,
    pub(crate) account_id: String,
    pub(crate) functions: Vec<Function>,
    pub(crate) user_pools: Vec<UserPool>,
    pub(crate) identity_pools: Vec<IdentityPool>,
    pub(crate) open_id_connect_providers: Vec<OpenIdConnectProvider>,
    pub(crate) tables: Vec<Table>,
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) keys: Vec<Key>,
    pub(crate) http_apis: Vec<HttpApi>,
    pub(crate) roles: Vec<Role>,
    pub(crate) outputs: BTreeMap<String, String>,
}

impl Stack {
    /// The ARN of something of the stack.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        super::physical_ids::arn(&self.region, &self.account_id, service, resource)
    }

    /// The same, of something that is in no region.
    pub(crate) fn global_arn(&self, service: &str, resource: &str) -> String {
        super::physical_ids::global_arn(&self.region, &self.account_id, service, resource)
    }
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    /// The binary that Cargo builds for it.
    pub(crate) binary: String,
    /// The variables that the template sets.
    pub(crate) environment: BTreeMap<String, String>,
    /// The ARN of its execution role.
    pub(crate) role: String,
    pub(crate) timeout: Duration,
    pub(crate) memory_mb: u32,
    pub(crate) asynchronous: Asynchronous,
    /// Who may call it, as the template says.
    pub(crate) permissions: Vec<Permission>,
}

/// A statement of a function's resource policy: who may do what with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) statement_id: String,
    pub(crate) action: String,
    pub(crate) principal: String,
    pub(crate) source_arn: Option<String>,
    pub(crate) source_account: Option<String>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    /// The body of DynamoDB's `CreateTable`.
    pub(crate) create_table: Value,
    pub(crate) ttl_attribute: Option<String>,
}

/// A user pool with everything that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct UserPool {
    pub(crate) logical_id: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) username_attributes: Vec<String>,
    pub(crate) alias_attributes: Vec<String>,
    pub(crate) auto_verified_attributes: Vec<String>,
    /// Addresses and numbers of which a new one counts only once it is verified.
    pub(crate) verified_before_update: Vec<String>,
    pub(crate) case_sensitive: bool,
    pub(crate) password_policy: PasswordPolicy,
    /// What the template declares; every pool has the standard attributes besides.
    pub(crate) schema: Vec<SchemaAttribute>,
    pub(crate) admin_create_user_only: bool,
    /// `LITE`, `ESSENTIALS` or `PLUS`.
    pub(crate) tier: String,
    /// Whether the pool sends e-mail by an SES identity of its own (`DEVELOPER`), which messages in one's own words need.
    pub(crate) own_email_sender: bool,
    /// `OFF`, `OPTIONAL` or `ON`.
    pub(crate) mfa_configuration: String,
    /// The second factors on offer: `SMS_MFA`, `SOFTWARE_TOKEN_MFA`, `EMAIL_OTP`.
    pub(crate) enabled_mfas: Vec<String>,
    /// How devices are remembered; `None` where they are not.
    pub(crate) device_configuration: Option<DeviceConfiguration>,
    /// What choice-based sign-in offers: `PASSWORD`, `EMAIL_OTP`, `SMS_OTP`.
    pub(crate) allowed_first_auth_factors: Vec<String>,
    pub(crate) deletion_protection: bool,
    /// The account recovery options, the preferred one first.
    pub(crate) recovery: Vec<String>,
    /// By trigger, such as `PreSignUp` and `PreTokenGeneration`.
    pub(crate) triggers: BTreeMap<String, Trigger>,
    /// The id, alias or ARN of the key with which codes are encrypted for custom senders.
    pub(crate) kms_key_id: Option<String>,
    pub(crate) messages: Messages,
    /// Each shared with the requests that it takes part in.
    pub(crate) clients: Vec<Arc<UserPoolClient>>,
    pub(crate) groups: Vec<Group>,
    pub(crate) resource_servers: Vec<ResourceServer>,
    pub(crate) identity_providers: Vec<IdentityProvider>,
    pub(crate) domains: Vec<Domain>,
    pub(crate) tags: BTreeMap<String, String>,
    /// `None` for what the template made.
    pub(crate) dates: Option<Dates>,
    /// What a client said when it made or last changed the pool, for `DescribeUserPool`; empty where the template described it.
    pub(crate) described: Map<String, Value>,
}

/// When something was made and last changed, in seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dates {
    pub(crate) created: i64,
    pub(crate) modified: i64,
}

/// What a pool asks of passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PasswordPolicy {
    pub(crate) minimum_length: usize,
    pub(crate) require_lowercase: bool,
    pub(crate) require_uppercase: bool,
    pub(crate) require_numbers: bool,
    pub(crate) require_symbols: bool,
    pub(crate) temporary_password_validity_days: u32,
}

/// How a pool remembers the devices of its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeviceConfiguration {
    /// Whether a remembered device stands in for the second factor.
    pub(crate) challenge_required_on_new_device: bool,
    /// Whether a device is remembered only once its user says so, not as soon as it is confirmed.
    pub(crate) device_only_remembered_on_user_prompt: bool,
}

/// The attributes that every pool has. Source: Cognito Developer Guide, "Standard attributes".
pub(crate) const STANDARD_ATTRIBUTES: [&str; 19] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];

/// A user attribute that the template declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemaAttribute {
    /// As in AWS: with `custom:` or `dev:` before it, unless it is a standard attribute.
    pub(crate) name: String,
    /// `String`, `Number`, `DateTime` or `Boolean`.
    pub(crate) data_type: String,
    pub(crate) mutable: bool,
    pub(crate) required: bool,
    /// The smallest number, or the least characters.
    pub(crate) min: Option<i64>,
    /// The largest number, or the most characters.
    pub(crate) max: Option<i64>,
}

/// A function that a pool calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trigger {
    /// The function's logical id.
    pub(crate) function: String,
    /// `V1_0`, `V2_0` or `V3_0`.
    pub(crate) version: String,
}

/// The texts that a pool sends. `{####}` stands for the code or temporary password, `{username}` for the user name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Messages {
    pub(crate) verification_email_subject: String,
    pub(crate) verification_email_body: String,
    pub(crate) verification_sms: String,
    /// Whether a new user's address is verified by a link (`CONFIRM_WITH_LINK`) in place of a code.
    pub(crate) by_link: bool,
    pub(crate) link_email_subject: String,
    /// `{##words##}` stands for the link.
    pub(crate) link_email_body: String,
    pub(crate) invitation_email_subject: String,
    pub(crate) invitation_email_body: String,
    pub(crate) invitation_sms: String,
    pub(crate) authentication_email_subject: String,
    pub(crate) authentication_email_body: String,
    pub(crate) authentication_sms: String,
}

impl Messages {
    /// The longest subject, in characters. This and the others: API reference, `VerificationMessageTemplateType`.
    pub(crate) const MOST_IN_SUBJECT: usize = 140;
    /// The longest e-mail, in characters.
    pub(crate) const MOST_IN_EMAIL: usize = 20_000;
    /// The longest SMS, in characters.
    pub(crate) const MOST_IN_SMS: usize = 140;
}

/// An app client.
#[derive(Debug, Clone)]
pub(crate) struct UserPoolClient {
    pub(crate) logical_id: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: Option<SecretString>,
    pub(crate) explicit_auth_flows: BTreeSet<String>,
    pub(crate) prevent_user_existence_errors: bool,
    pub(crate) access_token_validity: Duration,
    pub(crate) id_token_validity: Duration,
    pub(crate) refresh_token_validity: Duration,
    pub(crate) auth_session_validity: Duration,
    pub(crate) enable_token_revocation: bool,
    /// How long a refresh token still works after it was replaced; `None` when refresh tokens are not replaced.
    pub(crate) refresh_token_rotation: Option<Duration>,
    pub(crate) oauth_flows: Vec<String>,
    pub(crate) oauth_scopes: Vec<String>,
    /// `None` for the standard attributes.
    pub(crate) read_attributes: Option<Vec<String>>,
    /// `None` for the standard attributes.
    pub(crate) write_attributes: Option<Vec<String>>,
    /// `COGNITO` for the pool's own users, and names of the pool's identity providers.
    pub(crate) supported_identity_providers: Vec<String>,
    /// `None` for what the template made.
    pub(crate) dates: Option<Dates>,
    /// What a client said when it made or last changed this one, for `DescribeUserPoolClient`; empty where the template described it.
    pub(crate) described: Map<String, Value>,
}

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The lowest number goes first.
    pub(crate) precedence: Option<u32>,
    pub(crate) role_arn: Option<String>,
}

/// A protected API, whose scopes are `<identifier>/<scope>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResourceServer {
    pub(crate) identifier: String,
    pub(crate) name: String,
    /// Names with their descriptions.
    pub(crate) scopes: BTreeMap<String, String>,
}

/// Where users of a pool can come from, besides the pool itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdentityProvider {
    pub(crate) name: String,
    /// `SAML`, `OIDC`, `Google`, `Facebook`, `LoginWithAmazon` or `SignInWithApple`.
    pub(crate) provider_type: String,
    /// May hold a client secret.
    pub(crate) details: BTreeMap<String, String>,
    /// The pool's attributes by name, each with the provider's name for it.
    pub(crate) attribute_mapping: BTreeMap<String, String>,
    pub(crate) identifiers: Vec<String>,
    pub(crate) dates: Option<Dates>,
}

/// Where a pool's sign-in pages and token endpoint are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Domain {
    /// A prefix of AWS's own domain, or a domain of one's own.
    pub(crate) name: String,
    /// The ARN of the certificate, for a domain of one's own.
    pub(crate) certificate_arn: Option<String>,
    /// 1 for the older pages, 2 for managed login.
    pub(crate) managed_login_version: u32,
}
