use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::User;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    filter: Option<String>,
    attributes_to_get: Option<Vec<String>>,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let filter = match input.filter.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => {
            Some(Filter::read(text).ok_or_else(|| Error::invalid("Error while parsing filter."))?)
        } // P
    };
    let users: Vec<User> = pool
        .state()
        .users
        .iter()
        .filter(|user| filter.as_ref().is_none_or(|filter| filter.takes(user)))
        .cloned()
        .collect();
    let limit = shapes::limit(input.limit, 60)?;
    let (users, next) = shapes::page(
        users,
        |user| &user.username,
        input.pagination_token.as_deref(),
        limit,
    )?;
    let users: Vec<Value> = users
        .iter()
        .map(|user| shown(user, input.attributes_to_get.as_deref()))
        .collect();
    Ok(json!({ "Users": users, "PaginationToken": next }))
}

pub(super) fn shown(user: &User, wanted: Option<&[String]>) -> Value {
    let attributes = user.attributes_with_sub().into_iter();
    let attributes =
        attributes.filter(|(name, _)| wanted.is_none_or(|wanted| wanted.contains(name)));
    let attributes: Vec<Value> = attributes
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    json!({
        "Username": user.username,
        "Attributes": attributes,
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status.as_str(),
    })
}

/// `attribute = "value"` or `attribute ^= "prefix"`, over the attributes that AWS can search.
struct Filter {
    attribute: String,
    prefix: bool,
    value: String,
}

/// The attributes that a filter can name (D); custom ones cannot be searched.
const SEARCHABLE: [&str; 12] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
    "middle_name",
    "nickname",
];

impl Filter {
    fn read(text: &str) -> Option<Self> {
        let (attribute, rest) = text.split_at(text.find(['=', '^', ' '])?);
        let rest = rest.trim_start();
        let (prefix, rest) = match rest.strip_prefix("^=") {
            Some(rest) => (true, rest),
            None => (false, rest.strip_prefix('=')?),
        };
        let quoted = rest.trim().strip_prefix('"')?.strip_suffix('"')?;
        let attribute = attribute.trim_matches('"').to_owned();
        if !SEARCHABLE.contains(&attribute.as_str()) {
            return None;
        }
        Some(Self {
            attribute,
            prefix,
            value: unescape(quoted)?,
        })
    }

    fn takes(&self, user: &User) -> bool {
        let value = match self.attribute.as_str() {
            "username" => Some(user.username.as_str()),
            "sub" => Some(user.sub.as_str()),
            "cognito:user_status" => Some(user.status.as_str()),
            "status" => Some(if user.enabled { "Enabled" } else { "Disabled" }),
            name => user.attributes.get(name).map(String::as_str),
        };
        let folds = self.attribute == "cognito:user_status" || self.attribute == "status";
        value.is_some_and(|value| match (self.prefix, folds) {
            (_, true) => value.eq_ignore_ascii_case(&self.value),
            (true, _) => value.starts_with(&self.value),
            (false, _) => value == self.value,
        })
    }
}

/// A quotation mark inside the value is escaped by a backslash (D); a bare one ends the filter, so it cannot stand there.
fn unescape(quoted: &str) -> Option<String> {
    let mut value = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?),
            '"' => return None,
            other => value.push(other),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_as_aws_documents_them() {
        let cases = [
            (
                r#"email = "a@example.org""#,
                Some(("email", false, "a@example.org")),
            ),
            (
                r#"email="a@example.org""#,
                Some(("email", false, "a@example.org")),
            ),
            (r#"name ^= "In""#, Some(("name", true, "In"))),
            (
                r#""family_name" = "Fa\"lk""#,
                Some(("family_name", false, "Fa\"lk")),
            ),
            (r#"email = "a" or email ^= """#, None),
            (r#"custom:team = "a""#, None),
            (r#"email = a"#, None),
            (r#"email"#, None),
            (r#"email = "a\"#, None),
        ];
        for (text, expected) in cases {
            let read = Filter::read(text);
            let read = read.as_ref().map(|filter| {
                (
                    filter.attribute.as_str(),
                    filter.prefix,
                    filter.value.as_str(),
                )
            });
            assert_eq!(read, expected, "{text}");
        }
    }
}
