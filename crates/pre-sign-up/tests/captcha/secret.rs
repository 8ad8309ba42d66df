//! The secret, which is read once for some time, and again when it changed.

use time::Duration;

use crate::function::{CHECKS, Function, check_internal, now};
use crate::siteverify::SECRET;

#[tokio::test]
async fn a_changed_secret_is_read_again_and_a_wrong_one_refuses() {
    let function = Function::with("turnstile", "allow", CHECKS).await;
    function.provider.set_parameter(Some("old"));
    check_internal(
        "wrong",
        function.sign_up("good-1").await,
        "the CAPTCHA provider does not take the secret",
    );
    assert_eq!(
        (
            function.provider.reads(),
            function.provider.requests().len()
        ),
        (2, 1)
    );

    // A line break at the end is what an editor leaves.
    function
        .provider
        .set_parameter(Some(&format!("{SECRET}\n")));
    function.sign_up("good-1").await.unwrap();
    assert_eq!(
        (
            function.provider.reads(),
            function.provider.requests().len()
        ),
        (3, 3)
    );

    function.sign_up("good-2").await.unwrap();
    assert_eq!(function.provider.reads(), 3);
}

#[tokio::test]
async fn the_secret_is_kept_for_ten_minutes() {
    let mut function = Function::with("turnstile", "allow", CHECKS).await;
    for (minutes, token, reads) in [(0, "good-0", 1), (9, "good-9", 1), (10, "good-10", 2)] {
        function.now = now() + Duration::minutes(minutes);
        function.sign_up(token).await.unwrap();
        assert_eq!(function.provider.reads(), reads, "after {minutes} minutes");
    }
    function.now = now() + Duration::minutes(20);
    for (parameter, cause) in [
        (None, "failed to read the secret of the CAPTCHA provider"),
        (
            Some(" "),
            "failed to read the secret of the CAPTCHA provider: the parameter is empty",
        ),
    ] {
        function.provider.set_parameter(parameter);
        check_internal("no secret", function.sign_up("good-20").await, cause);
    }
}
