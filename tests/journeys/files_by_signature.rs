//! Whose signature a bucket takes, and for how long: keys, secrets and tokens, and addresses that are signed.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::PresigningConfig;
use tests::identity::Identity;

use crate::files::Bucket;

#[tokio::test]
async fn only_the_right_key_secret_and_token_count_in_the_bucket_s_region() {
    let bucket = Bucket::start(&[]);
    let ines = bucket.user("ines@example.org").await;
    let key = format!("users/{}/notes.txt", ines.id);
    bucket.put(&ines.s3(), &key, "hello").await.unwrap();
    let (id, secret) = (
        ines.credentials.access_key_id(),
        ines.credentials.secret_access_key(),
    );
    let token = ines.credentials.session_token();
    for (id, secret, token, expected) in [
        (id, "another", token, "SignatureDoesNotMatch"),
        ("ASIAEXAMPLE", secret, None, "InvalidAccessKeyId"),
        (id, secret, None, "InvalidAccessKeyId"),
        (id, secret, Some("another"), "InvalidToken"),
        ("local", "local", token, "InvalidToken"),
    ] {
        let token = token.map(str::to_owned);
        let credentials = aws_sdk_s3::config::Credentials::new(id, secret, token, None, "test");
        let somebody = Identity::with(&bucket.stand_in, String::new(), credentials);
        let refused = bucket.get(&somebody.s3(), &key).await;
        assert_eq!(refused, Err(expected.to_owned()), "{id}");
    }
    let elsewhere = Client::new(&bucket.stand_in.sdk_config("eu-west-1"));
    let refused = bucket.get(&elsewhere, &key).await;
    assert_eq!(refused, Err("AuthorizationHeaderMalformed".to_owned()));
}

#[tokio::test]
async fn credentials_are_good_for_an_hour() {
    let bucket = Bucket::start(&[]);
    let ines = bucket.user("ines@example.org").await;
    let key = format!("users/{}/notes.txt", ines.id);
    bucket.put(&ines.s3(), &key, "hello").await.unwrap();
    bucket.stand_in.advance_clock(3_601);
    let expired = Err("ExpiredToken".to_owned());
    assert_eq!(bucket.get(&ines.s3(), &key).await, expired);
}

#[tokio::test]
async fn a_signed_address_works_in_a_browser_and_a_changed_one_does_not() {
    let bucket = Bucket::start(&["--parameter", "AppOrigins=https://app.example.com"]);
    let ines = bucket.user("ines@example.org").await;
    let key = format!("users/{}/notes.txt", ines.id);
    bucket.put(&ines.s3(), &key, "hello").await.unwrap();
    let minute = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let signed = ines.s3().get_object().bucket(&bucket.name).key(&key);
    let signed = signed.presigned(minute).await.unwrap();
    let fetched = fetch(
        "GET",
        signed.uri(),
        &[("origin", "https://app.example.com")],
    );
    assert_eq!((fetched.status, &*fetched.body), (200, "hello"));
    assert_eq!(fetched.origin, "https://app.example.com");
    let other = signed.uri().replace("notes.txt", "other.txt");
    let fetched = fetch("GET", &other, &[]);
    assert_eq!(fetched.status, 403);
    assert!(fetched.body.contains("<Code>SignatureDoesNotMatch</Code>"));
    // Nobody, and an older way to sign.
    let plain = format!("{}/{}/{key}", bucket.stand_in.endpoint, bucket.name);
    let fetched = fetch("GET", &plain, &[]);
    assert_eq!(fetched.status, 403);
    assert!(fetched.body.contains("<Code>AccessDenied</Code>"));
    let old = fetch(
        "GET",
        &plain,
        &[("authorization", "AWS local:c2lnbmF0dXJl")],
    );
    assert_eq!(old.status, 400);
    assert!(old.body.contains("<Code>InvalidRequest</Code>"));

    let asked = |origin| {
        [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "authorization,x-amz-date"),
        ]
    };
    let allowed = fetch("OPTIONS", &plain, &asked("https://app.example.com"));
    assert_eq!(
        (allowed.status, &*allowed.origin),
        (200, "https://app.example.com")
    );
    let refused = fetch("OPTIONS", &plain, &asked("https://evil.example"));
    assert_eq!((refused.status, &*refused.origin), (403, ""));
}

struct Fetched {
    status: u16,
    origin: String,
    body: String,
}

fn fetch(method: &str, uri: &str, headers: &[(&str, &str)]) -> Fetched {
    let request = ureq::http::Request::builder().method(method).uri(uri);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let agent = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = agent.build().new_agent();
    let mut answer = agent.run(request.body(()).unwrap()).unwrap();
    let origin = answer.headers().get("access-control-allow-origin");
    let origin = origin.and_then(|origin| origin.to_str().ok());
    Fetched {
        status: answer.status().as_u16(),
        origin: origin.unwrap_or_default().to_owned(),
        body: answer.body_mut().read_to_string().unwrap(),
    }
}
