//! A provider that is slow, large, elsewhere, out of order or not there.

use std::time::Duration;

use function_tests::Log;
use serde_json::json;
use tokio::time::timeout;

use crate::function::{Function, check_internal};
use crate::siteverify::{Behaviour, Provider, ok};

#[tokio::test]
async fn only_an_outage_lets_a_sign_up_pass_and_only_if_allowed() {
    let success = json!({"success": true, "hostname": "www.example.org"});
    let says = |answer: &str| Behaviour::Says(answer.to_owned());
    let huge =
        ok(&json!({"success": true, "hostname": "www.example.org", "cdata": "x".repeat(16_384)}));
    // To where the answer would be good, if it were followed.
    let elsewhere = Provider::start(Behaviour::Says(ok(&success))).await;
    let redirection = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        elsewhere.endpoint()
    );
    let cannot_be_read = "the CAPTCHA provider's answer cannot be read";
    for (case, behaviour, allowed, cause) in [
        (
            "500",
            says("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"),
            true,
            "the CAPTCHA provider answers with status 500",
        ),
        (
            "out of order",
            Behaviour::Says(ok(
                &json!({"success": false, "error-codes": ["internal-error"]}),
            )),
            true,
            "the CAPTCHA provider is out of order",
        ),
        (
            "not HTTP",
            says("220 mail.example.org ready\r\n"),
            true,
            "failed to reach the CAPTCHA provider",
        ),
        (
            "403",
            says("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"),
            false,
            "the CAPTCHA provider answers with status 403",
        ),
        (
            "400 without an answer",
            says("HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nbad"),
            false,
            "the CAPTCHA provider answers with status 400",
        ),
        (
            "a redirection",
            Behaviour::Says(redirection),
            false,
            "the CAPTCHA provider answers with status 302",
        ),
        (
            "huge",
            Behaviour::Says(huge),
            false,
            "the CAPTCHA provider's answer is longer than 16 KiB",
        ),
        (
            "garbage",
            Behaviour::Says(ok(&json!("private"))),
            false,
            cannot_be_read,
        ),
        (
            "another shape",
            Behaviour::Says(ok(&json!({"success": "true"}))),
            false,
            cannot_be_read,
        ),
    ] {
        for on_error in ["refuse", "allow"] {
            let function = Function::with("turnstile", on_error, behaviour.clone()).await;
            let answer = function.sign_up("good").await;
            if allowed && on_error == "allow" {
                assert_eq!(answer.unwrap(), "DomainRules", "{case}");
            } else {
                check_internal(case, answer, cause);
            }
        }
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_sign_up_that_passes_without_its_captcha_is_logged_without_its_data() {
    let says = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";
    let function = Function::with("turnstile", "allow", Behaviour::Says(says.to_owned())).await;
    let log = Log::start();
    function.sign_up("good").await.unwrap();

    let [line] = &log.lines()[..] else {
        panic!("not one line: {}", log.text())
    };
    assert_eq!(line["level"], "WARN");
    assert_eq!(
        line["fields"],
        json!({
            "message": "letting a sign-up pass without its CAPTCHA",
            "cause": "the CAPTCHA provider answers with status 500",
        })
    );
}

/// The clock is Tokio's: it stands still, and moves to the next limit when all wait.
#[tokio::test(start_paused = true)]
async fn a_provider_that_is_silent_is_given_up_below_the_deadline() {
    let below_the_deadline = Duration::from_secs(2);
    for (on_error, passes) in [("refuse", false), ("allow", true)] {
        let function = Function::with("hcaptcha", on_error, Behaviour::IsSilent).await;
        let in_time = timeout(below_the_deadline, function.sign_up("good")).await;
        let answer = in_time.unwrap();
        if passes {
            assert_eq!(answer.unwrap(), "DomainRules");
        } else {
            check_internal(
                "silent",
                answer,
                "failed to reach the CAPTCHA provider within 1.5 s",
            );
        }
    }
}
