use super::*;

#[test]
fn a_problem_says_it_as_rfc_9457_does() {
    let response = problem(404, "not-found", "There is nothing here");
    assert_eq!(response.status_code, 404);
    assert_eq!(response.headers["content-type"], "application/problem+json");
    let Some(Body::Text(body)) = response.body else {
        panic!("it says nothing")
    };
    let expected = json!({
        "type": "urn:lifeguard:problem:not-found", "status": 404,
        "title": "There is nothing here", "code": "not-found",
    });
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
}

#[test]
fn nothing_is_kept_by_a_cache_or_taken_for_something_else() {
    for response in [done(), json(&json!({})), problem(401, "a", "b")] {
        assert_eq!(response.headers["cache-control"], "no-store");
        if response.body.is_some() {
            assert_eq!(response.headers["x-content-type-options"], "nosniff");
        }
    }
}
