//! The groups of one user, a page at a time, of a user pool in this process.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use aws_sdk_cognitoidentityprovider::Client;
use function_tests::{Answer, service};
use serde_json::{Value, json};
use user_groups::UserGroups;

const POOL: &str = "eu-central-1_Kx7QmT2Zd";

/// What is known of the user in a pool that answers so, or why nothing is, with the names of the causes.
async fn groups(
    answer: impl Fn(&Value) -> Answer + Send + Sync + 'static,
) -> Result<Option<Vec<String>>, String> {
    let connection = service(move |operation, call| {
        assert_eq!(operation, "AdminListGroupsForUser");
        assert_eq!(
            (&call["UserPoolId"], &call["Username"]),
            (&json!(POOL), &json!("u-1"))
        );
        answer(&call)
    });
    let groups = UserGroups::new(Client::new(&connection));
    groups.of(POOL, "u-1").await.map_err(|error| {
        let cause = std::error::Error::source(&error);
        cause.map_or(error.to_string(), |cause| format!("{error}: {cause}"))
    })
}

/// The groups of the names, so many a page.
fn paged(names: Vec<String>, a_page: usize) -> impl Fn(&Value) -> Answer {
    move |call| {
        let token = call["NextToken"].as_str().unwrap_or("0");
        let start: usize = token.parse().unwrap();
        let end = names.len().min(start + a_page);
        let page = names[start..end].iter();
        let page: Vec<_> = page.map(|name| json!({"GroupName": name})).collect();
        let mut answer = json!({"Groups": page});
        if end < names.len() {
            answer["NextToken"] = end.to_string().into();
        }
        Ok(answer)
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("group-{number}")).collect()
}

#[tokio::test]
async fn all_pages_are_read_in_their_order() {
    for count in [0, 1, 60, 61, 100] {
        let expected = names(count);
        assert_eq!(
            groups(paged(names(count), 60)).await,
            Ok(Some(expected)),
            "{count}"
        );
    }
}

#[tokio::test]
async fn pages_without_end_are_given_up() {
    let expected = "failed to list the user's groups: there is no end of them";
    assert_eq!(groups(paged(names(9), 1)).await, Err(expected.to_owned()));
}

#[tokio::test]
async fn a_user_who_does_not_exist_is_told_apart_from_one_in_no_group() {
    assert_eq!(groups(|_| Err("UserNotFoundException")).await, Ok(None));
    assert_eq!(groups(paged(Vec::new(), 60)).await, Ok(Some(Vec::new())));
}

#[tokio::test]
async fn any_other_exception_is_named_and_not_taken_for_no_group() {
    for exception in [
        "TooManyRequestsException",
        "AccessDeniedException",
        "ResourceNotFoundException",
    ] {
        let expected = format!("failed to list the user's groups: {exception}");
        assert_eq!(groups(move |_| Err(exception)).await, Err(expected));
    }
}
