use aws_lambda_events::apigw::ApiGatewayRequestAuthorizerJwtDescription;
use serde_json::{Value, json};

/// Who calls, by the claims that the authorizer has verified; `None` where they are not those of a user's access token.
pub(crate) fn caller(verified: &ApiGatewayRequestAuthorizerJwtDescription) -> Option<Value> {
    let claim = |name: &str| verified.claims.get(name).map(String::as_str);
    // The authorizer takes an ID token as well, which is made to be shown to others.
    if claim("token_use") != Some("access") {
        return None;
    }
    Some(json!({
        "by": "token",
        "subject": claim("sub")?,
        "client": claim("client_id")?,
        "groups": claim("cognito:groups").map_or_else(Vec::new, list),
    }))
}

/// The items of a list, which HTTP APIs write as `[one two]`. Names of groups have no blanks.
fn list(claim: &str) -> Vec<&str> {
    let items = claim.strip_prefix('[').unwrap_or(claim);
    let items = items.strip_suffix(']').unwrap_or(items);
    items.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn a_list_is_read_as_http_apis_write_it() {
        for (claim, expected) in [
            ("[admins members]", &["admins", "members"][..]),
            ("[admins]", &["admins"]),
            ("[]", &[]),
            ("[[odd] name]", &["[odd]", "name"]),
        ] {
            assert_eq!(list(claim), expected, "{claim}");
        }
    }
}
