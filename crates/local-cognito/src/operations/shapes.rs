//! Shapes that several operations share.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::members;
use crate::error::Error;
use crate::user_pool::{Device, Group, User};

/// `AttributeType`s: names with values.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct AttributeList(Vec<Attribute>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    #[serde(default)]
    value: String,
}

impl From<AttributeList> for BTreeMap<String, String> {
    fn from(list: AttributeList) -> Self {
        list.0
            .into_iter()
            .map(|attribute| (attribute.name, attribute.value))
            .collect()
    }
}

/// A user by an administrator's name for them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserInput {
    pub(super) user_pool_id: String,
    pub(super) username: String,
}

/// A user and a group.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserAndGroupInput {
    pub(super) user_pool_id: String,
    pub(super) username: String,
    pub(super) group_name: String,
}

/// Attributes as answers list them, `sub` first as AWS has it.
pub(super) fn attribute_list(user: &User) -> Value {
    let mut attributes = user.attributes_with_sub();
    let sub = attributes.remove_entry("sub");
    sub.into_iter()
        .chain(attributes)
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect()
}

/// `GroupType`.
pub(super) fn group(pool_id: &str, group: &Group) -> Value {
    json!({
        "GroupName": group.name,
        "UserPoolId": pool_id,
        "Description": group.description,
        "Precedence": group.precedence,
        "RoleArn": group.role_arn,
        "CreationDate": group.created,
        "LastModifiedDate": group.modified.unwrap_or(group.created),
    })
}

/// Whether a device is remembered.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RememberedStatus {
    Remembered,
    NotRemembered,
}

/// `DeviceType`.
pub(super) fn device(device: &Device) -> Value {
    let remembered = if device.remembered {
        "remembered"
    } else {
        "not_remembered"
    };
    let mut attributes = vec![
        json!({ "Name": "device_status", "Value": "valid" }),
        json!({ "Name": "dev:device_remembered_status", "Value": remembered }),
    ];
    if let Some(name) = &device.name {
        attributes.push(json!({ "Name": "device_name", "Value": name }));
    }
    json!({
        "DeviceKey": device.key,
        "DeviceAttributes": attributes,
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.last_authenticated,
    })
}

/// One page of a user's devices.
pub(super) fn devices(
    devices: Vec<Device>,
    token: Option<&str>,
    asked: Option<usize>,
) -> Result<Value, Error> {
    let limit = limit(asked, 60)?;
    let (devices, next) = page(devices, |device| &device.key, token, limit)?;
    let devices: Vec<Value> = devices.iter().map(device).collect();
    Ok(json!({ "Devices": devices, "PaginationToken": next }))
}

/// Which page is asked for of a kind of things that a user pool has.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PageInput {
    pub(super) user_pool_id: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

impl PageInput {
    /// That page of all the items, in the order of their keys: at most `most` of them, also where nothing is said.
    pub(super) fn page_of<T: Clone>(
        &self,
        items: &[T],
        key: impl Fn(&T) -> &str,
        most: usize,
    ) -> Result<(Vec<T>, Option<String>), Error> {
        let limit = members::max_results(self.max_results.unwrap_or(most), most)?;
        let mut items = items.to_vec();
        items.sort_by(|one, other| key(one).cmp(key(other)));
        page(items, key, self.next_token.as_deref(), limit)
    }
}

/// [`page_after`], with the refusal of a wrong token.
pub(super) fn page<T>(
    items: Vec<T>,
    key: impl Fn(&T) -> &str,
    token: Option<&str>,
    limit: usize,
) -> Result<(Vec<T>, Option<String>), Error> {
    let page = page_after(items, key, token, limit);
    page.ok_or_else(|| Error::invalid("Invalid pagination token.")) // P
}

/// One page of a list that is ordered and found again by its keys; `None` when the token is none of ours.
///
/// The token is the key of the first item of the next page, in hexadecimal, so that it means the same after others came and went.
pub(crate) fn page_after<T>(
    items: Vec<T>,
    key: impl Fn(&T) -> &str,
    token: Option<&str>,
    limit: usize,
) -> Option<(Vec<T>, Option<String>)> {
    let from = match token {
        Some(token) => decode(token)?,
        None => String::new(),
    };
    let mut rest = items
        .into_iter()
        .skip_while(|item| key(item) < from.as_str());
    let page: Vec<T> = rest.by_ref().take(limit).collect();
    let next = rest.next().map(|item| {
        key(&item)
            .bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    });
    Some((page, next))
}

fn decode(token: &str) -> Option<String> {
    let digits = token.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let bytes = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

/// The size of a page that was asked for, between one and `most`.
pub(super) fn limit(asked: Option<usize>, most: usize) -> Result<usize, Error> {
    match asked {
        None => Ok(most),
        Some(asked) if (1..=most).contains(&asked) => Ok(asked),
        Some(asked) => Err(Error::invalid(format!(
            "1 validation error detected: Value '{asked}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to {most}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_on_where_the_last_one_ended() {
        let names = || vec!["a", "b", "ü"];
        let (first, token) = page(names(), |name| name, None, 2).unwrap();
        assert_eq!(first, ["a", "b"]);
        let (second, end) = page(names(), |name| name, token.as_deref(), 2).unwrap();
        assert_eq!((second, end), (vec!["ü"], None));
        for token in ["", "a", "zz", "ff"] {
            assert!(
                page(names(), |name| name, Some(token), 2).is_err(),
                "{token}"
            );
        }
    }
}
