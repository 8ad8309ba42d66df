//! The operations of `cognito-idp`: one file each, named as AWS names them. Those that make, change and delete one kind of thing share
//! a file, which bears the thing's name.

mod add_custom_attributes;
mod admin_add_user_to_group;
mod admin_confirm_sign_up;
mod admin_create_user;
mod admin_delete_user;
mod admin_delete_user_attributes;
mod admin_disable_provider_for_user;
mod admin_disable_user;
mod admin_enable_user;
mod admin_forget_device;
mod admin_get_device;
mod admin_get_user;
mod admin_initiate_auth;
mod admin_link_provider_for_user;
mod admin_list_devices;
mod admin_list_groups_for_user;
mod admin_remove_user_from_group;
mod admin_reset_user_password;
mod admin_respond_to_auth_challenge;
mod admin_set_user_mfa_preference;
mod admin_set_user_password;
mod admin_update_device_status;
mod admin_update_user_attributes;
mod admin_user_global_sign_out;
mod associate_software_token;
mod change_password;
mod confirm_device;
mod confirm_forgot_password;
mod confirm_sign_up;
mod create_group;
mod delete_group;
mod delete_user;
mod delete_user_attributes;
mod describe_user_pool;
mod describe_user_pool_client;
mod dispatch;
mod forget_device;
mod forgot_password;
mod get_client_token;
mod get_device;
mod get_group;
mod get_tokens_from_refresh_token;
mod get_user;
mod get_user_attribute_verification_code;
mod get_user_pool_mfa_config;
mod global_sign_out;
mod identity_providers;
mod initiate_auth;
mod list_devices;
mod list_groups;
mod list_users;
mod list_users_in_group;
mod members;
mod mfa_settings;
mod resend_confirmation_code;
mod resource_servers;
mod respond_to_auth_challenge;
mod revoke_token;
mod set_user_mfa_preference;
mod set_user_pool_mfa_config;
mod shapes;
mod sign_up;
mod tags;
mod update_device_status;
mod update_group;
mod update_user_attributes;
mod user_pool_clients;
mod user_pool_domains;
mod user_pools;
mod verify_software_token;
mod verify_user_attribute;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use self::confirm_sign_up::confirm_by_link;
use self::dispatch::Operation;
pub(crate) use self::shapes::page_after;
use crate::error::Error;
use crate::stand_in::StandIn;

/// The largest input that is read, in bytes. AWS documents no limit; ours keeps the record of trigger calls small, and lies far above
/// what any operation can use.
const LARGEST_INPUT_BYTES: usize = 256 * 1024;

/// Whether AWS asks for credentials for an operation. One that is not known here is refused for that alone.
pub(crate) fn needs_credentials(operation: &str) -> bool {
    Operation::named(operation).is_some_and(Operation::needs_credentials)
}

/// Answers one call. Whoever makes it may make it.
pub(crate) async fn answer(
    stand_in: &StandIn,
    operation: &str,
    body: &[u8],
) -> Result<Value, Error> {
    let Some(operation) = Operation::named(operation) else {
        return Err(Error::UnsupportedOperation(format!(
            "local-cognito does not support the operation {operation}"
        )));
    };
    let answer = dispatch::run(stand_in, operation, body).await;
    answer.map(without_nulls)
}

/// The operation's input. A null member is an absent one: `amazon-cognito-identity-js` sends nulls.
fn read<Input: DeserializeOwned>(body: &[u8]) -> Result<Input, Error> {
    if body.len() > LARGEST_INPUT_BYTES {
        return Err(Error::Serialization("The request is too large"));
    }
    let input = serde_json::from_slice(body).map(without_nulls);
    input.and_then(serde_json::from_value).map_err(|error| {
        let text = error.to_string();
        match text
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split_once('`'))
        {
            Some((member, _)) => Error::missing(&lower_first(member)),
            None => Error::Serialization("The request could not be read"),
        }
    })
}

/// AWS names members in these texts in lower camel case, whereas the wire has them in upper.
pub(crate) fn lower_first(member: &str) -> String {
    let mut characters = member.chars();
    characters
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(characters)
        .collect()
}

/// AWS's answers carry no null members, and some SDKs stumble over them.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name, without_nulls(member)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Input {
        #[expect(dead_code, reason = "only its presence is looked at")]
        client_id: String,
    }

    #[test]
    fn a_missing_or_null_member_is_named_as_aws_names_it() {
        let refusal = read::<Input>(b"{\"ClientId\": null}").unwrap_err();
        let text = "1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null";
        assert_eq!(refusal, Error::InvalidParameter(text.to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_not_quoted() {
        for body in ["", "[]", "{\"ClientId\": 7}", "{\"ClientId\": \"secret"] {
            assert_eq!(
                read::<Input>(body.as_bytes()).unwrap_err(),
                Error::Serialization("The request could not be read"),
                "{body}"
            );
        }
    }

    #[test]
    fn deep_and_large_requests_are_refused() {
        let deep = format!("{{\"ClientId\": {}", "[".repeat(100_000));
        assert_eq!(
            read::<Input>(deep.as_bytes()).unwrap_err(),
            Error::Serialization("The request could not be read")
        );
        let large = format!("{{\"ClientId\": \"{}\"}}", "x".repeat(LARGEST_INPUT_BYTES));
        assert_eq!(
            read::<Input>(large.as_bytes()).unwrap_err(),
            Error::Serialization("The request is too large")
        );
    }

    #[test]
    fn no_null_leaves() {
        assert_eq!(
            without_nulls(json!({"a": null, "b": [{"c": null, "d": 1}]})),
            json!({"b": [{"d": 1}]})
        );
    }
}
