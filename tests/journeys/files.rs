//! Files in the template's bucket, by credentials of the identity pool: what is one's own, what is everybody's, and what is somebody else's.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier};
use tests::identity::Identity;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::http_api::tokens_of;

/// A stand-in's bucket.
struct Bucket {
    stand_in: StandIn,
    name: String,
}

impl Bucket {
    fn start(options: &[&str]) -> Self {
        let stand_in = StandIn::start(options);
        let name = stand_in.bucket("FilesBucket");
        Self { stand_in, name }
    }

    /// Somebody who has signed up, and in, and has credentials.
    async fn user(&self, email: &str) -> Identity {
        let (_, id_token) = tokens_of(&User::new(&self.stand_in, email)).await;
        Identity::of_user(&self.stand_in, &id_token).await.unwrap()
    }

    /// Who may do everything.
    fn administrator(&self) -> Client {
        Client::new(&self.stand_in.sdk_config(tests::stand_in::REGION))
    }

    async fn put(&self, client: &Client, key: &str, text: &str) -> Result<(), String> {
        let body = ByteStream::from(text.as_bytes().to_vec());
        let put = client.put_object().bucket(&self.name).key(key).body(body);
        put.send().await.map(drop).map_err(code)
    }

    async fn get(&self, client: &Client, key: &str) -> Result<String, String> {
        let got = client.get_object().bucket(&self.name).key(key);
        let got = got.send().await.map_err(code)?;
        let bytes = got.body.collect().await.unwrap().into_bytes();
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn delete(&self, client: &Client, key: &str) -> Result<(), String> {
        let deleted = client.delete_object().bucket(&self.name).key(key);
        deleted.send().await.map(drop).map_err(code)
    }

    /// The keys of a listing.
    async fn list(&self, client: &Client, prefix: Option<&str>) -> Result<Vec<String>, String> {
        let listed = client.list_objects_v2().bucket(&self.name);
        let listed = listed.set_prefix(prefix.map(str::to_owned));
        let listed = listed.send().await.map_err(code)?;
        let keys = listed.contents.unwrap_or_default().into_iter();
        Ok(keys.filter_map(|object| object.key).collect())
    }

    async fn copy(&self, client: &Client, from: &str, to: &str) -> Result<(), String> {
        let source = format!("{}/{from}", self.name);
        let copied = client.copy_object().copy_source(source);
        let copied = copied.bucket(&self.name).key(to).send().await;
        copied.map(drop).map_err(code)
    }
}

/// The error's name.
#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn code<E: ProvideErrorMetadata>(error: SdkError<E>) -> String {
    error.code().unwrap_or("none").to_owned()
}

fn denied<T>() -> Result<T, String> {
    Err("AccessDenied".to_owned())
}

#[tokio::test]
async fn everybody_has_a_prefix_of_their_own() {
    let bucket = Bucket::start(&[]);
    let ines = bucket.user("ines@example.org").await;
    let s3 = ines.s3();
    let key = |name: &str| format!("users/{}/{name}", ines.id);
    bucket.put(&s3, &key("notes.txt"), "hello").await.unwrap();
    assert_eq!(bucket.get(&s3, &key("notes.txt")).await.unwrap(), "hello");
    bucket
        .copy(&s3, &key("notes.txt"), &key("a b/ü.txt"))
        .await
        .unwrap();
    let own = format!("users/{}/", ines.id);
    assert_eq!(
        bucket.list(&s3, Some(&own)).await.unwrap(),
        [key("a b/ü.txt"), key("notes.txt")]
    );
    let head = s3.head_object().bucket(&bucket.name).key(key("notes.txt"));
    assert_eq!(head.send().await.unwrap().content_length, Some(5));
    let range = s3.get_object().bucket(&bucket.name).key(key("notes.txt"));
    let range = range.range("bytes=1-3").send().await.unwrap();
    let part = range.body.collect().await.unwrap().into_bytes();
    assert_eq!(&*part, b"ell");
    bucket.delete(&s3, &key("notes.txt")).await.unwrap();
    assert_eq!(
        bucket.list(&s3, Some(&own)).await.unwrap(),
        [key("a b/ü.txt")]
    );
}

#[tokio::test]
async fn a_large_file_comes_in_parts() {
    let bucket = Bucket::start(&[]);
    let ines = bucket.user("ines@example.org").await;
    let (s3, key) = (ines.s3(), format!("users/{}/film", ines.id));
    let upload = s3.create_multipart_upload().bucket(&bucket.name).key(&key);
    let upload = upload.send().await.unwrap().upload_id.unwrap();
    let mut parts = CompletedMultipartUpload::builder();
    for (number, size) in [(1, 5 * 1024 * 1024), (2, 7)] {
        let part = s3.upload_part().bucket(&bucket.name).key(&key);
        let part = part.upload_id(&upload).part_number(number);
        let part = part.body(ByteStream::from(vec![b'x'; size])).send();
        let tag = part.await.unwrap().e_tag.unwrap();
        let part = CompletedPart::builder().part_number(number).e_tag(tag);
        parts = parts.parts(part.build());
    }
    // Not in somebody else's place.
    let elsewhere = s3.complete_multipart_upload().bucket(&bucket.name);
    let elsewhere = elsewhere.key("users/else/film").upload_id(&upload);
    let elsewhere = elsewhere.multipart_upload(parts.clone().build()).send();
    assert_eq!(elsewhere.await.map(drop).map_err(code), denied());
    let whole = s3.complete_multipart_upload().bucket(&bucket.name);
    let whole = whole.key(&key).upload_id(&upload);
    let whole = whole.multipart_upload(parts.build()).send();
    whole.await.unwrap();
    let size = bucket.get(&s3, &key).await.unwrap().len();
    assert_eq!(size, 5 * 1024 * 1024 + 7);
}

/// Row 25 of `docs/SECURITY.md`, at the bucket.
#[tokio::test]
async fn what_is_somebody_elses_is_denied() {
    let bucket = Bucket::start(&[]);
    let (ines, kim) = (
        bucket.user("ines@example.org").await,
        bucket.user("kim@example.org").await,
    );
    let theirs = format!("users/{}/secret.txt", ines.id);
    let own = format!("users/{}/copy.txt", kim.id);
    bucket.put(&ines.s3(), &theirs, "secret").await.unwrap();
    let s3 = kim.s3();
    bucket.put(&s3, &own, "mine").await.unwrap();
    assert_eq!(bucket.get(&s3, &theirs).await, denied());
    // What there is not looks the same.
    let missing = format!("users/{}/none.txt", ines.id);
    assert_eq!(bucket.get(&s3, &missing).await, denied());
    assert_eq!(bucket.get(&s3, &format!("{own}.none")).await, denied());
    assert_eq!(bucket.put(&s3, &theirs, "x").await, denied());
    assert_eq!(bucket.delete(&s3, &theirs).await, denied());
    assert_eq!(bucket.copy(&s3, &theirs, &own).await, denied());
    assert_eq!(bucket.copy(&s3, &own, &theirs).await, denied());
    let both = [&own, &theirs].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let both = Delete::builder().set_objects(Some(both.into())).build();
    let both = s3
        .delete_objects()
        .bucket(&bucket.name)
        .delete(both.unwrap());
    assert_eq!(both.send().await.map(drop).map_err(code), denied());

    for prefix in [
        None,
        Some(""),
        Some("users/"),
        Some(&*format!("users/{}/", ines.id)),
        Some(&*format!("users/{}", kim.id)),
    ] {
        assert_eq!(bucket.list(&s3, prefix).await, denied(), "{prefix:?}");
    }
    // Nothing was changed by any of that.
    assert_eq!(bucket.get(&s3, &own).await.unwrap(), "mine");
    assert_eq!(bucket.get(&ines.s3(), &theirs).await.unwrap(), "secret");
}

/// To policies a key is a text, to file systems it is a way.
#[tokio::test]
async fn no_way_leads_out_of_ones_own_prefix() {
    let bucket = Bucket::start(&[]);
    let (ines, kim) = (
        bucket.user("ines@example.org").await,
        bucket.user("kim@example.org").await,
    );
    let theirs = format!("users/{}/secret.txt", ines.id);
    bucket.put(&ines.s3(), &theirs, "secret").await.unwrap();
    let (s3, own) = (kim.s3(), format!("users/{}", kim.id));
    bucket
        .put(&s3, &format!("{own}/file"), "mine")
        .await
        .unwrap();
    let not_kept = |result: Result<String, String>| {
        assert_eq!(result, Err("NotImplemented".to_owned()));
    };
    for way in [
        format!("{own}/../{}/secret.txt", ines.id),
        format!("{own}/./../{}/secret.txt", ines.id),
        format!("{own}//../{}/secret.txt", ines.id),
        format!("{own}/../../../tables.sqlite"),
    ] {
        not_kept(bucket.get(&s3, &way).await);
        not_kept(bucket.put(&s3, &way, "x").await.map(|()| String::new()));
        let to = format!("{own}/copy");
        not_kept(bucket.copy(&s3, &way, &to).await.map(|()| String::new()));
        let object = ObjectIdentifier::builder().key(&way).build().unwrap();
        let delete = Delete::builder().objects(object).build().unwrap();
        let deleted = s3.delete_objects().bucket(&bucket.name).delete(delete);
        let deleted = deleted.send().await.map_err(code);
        not_kept(deleted.map(|_| String::new()));
    }
    // What is in a file's way is named, and is no error of the disk.
    let below = format!("{own}/file/below");
    not_kept(bucket.put(&s3, &below, "x").await.map(|()| String::new()));
    assert_eq!(bucket.get(&ines.s3(), &theirs).await.unwrap(), "secret");
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
async fn a_guest_reads_what_is_public_and_nothing_else() {
    let bucket = Bucket::start(&["--parameter", "AllowGuests=true"]);
    let administrator = bucket.administrator();
    let ines = bucket.user("ines@example.org").await;
    let theirs = format!("users/{}/notes.txt", ines.id);
    bucket.put(&ines.s3(), &theirs, "hello").await.unwrap();
    let put = bucket.put(&administrator, "public/welcome.txt", "welcome");
    put.await.unwrap();
    let guest = Identity::of_guest(&bucket.stand_in).await.unwrap();
    let s3 = guest.s3();
    assert_eq!(
        bucket.get(&s3, "public/welcome.txt").await.unwrap(),
        "welcome"
    );
    assert_eq!(bucket.get(&s3, &theirs).await, denied());
    let own = format!("users/{}/notes.txt", guest.id);
    assert_eq!(bucket.put(&s3, &own, "x").await, denied());
    assert_eq!(bucket.put(&s3, "public/welcome.txt", "x").await, denied());
    assert_eq!(bucket.list(&s3, Some("public/")).await, denied());
}

/// Who may know what there is hears of what is not.
#[tokio::test]
async fn what_is_not_there_is_told_to_whoever_may_list() {
    let bucket = Bucket::start(&[]);
    let administrator = bucket.administrator();
    let missing = bucket.get(&administrator, "public/none.txt").await;
    assert_eq!(missing, Err("NoSuchKey".to_owned()));
    let other = administrator.get_object().bucket("elsewhere").key("a");
    let other = other.send().await.map(drop).map_err(code);
    // Its name stands in the path alone, so it is another service's to say that there is nothing.
    assert_eq!(other, Err("NoSuchBucket".to_owned()));
    let made = administrator.create_bucket().bucket("another-bucket");
    let made = made.send().await.map(drop).map_err(code);
    assert_eq!(made, Err("NotImplemented".to_owned()));
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
async fn the_data_directory_keeps_files() {
    let directory = tempfile::tempdir().unwrap();
    let options = ["--data-dir", directory.path().to_str().unwrap()];
    let bucket = Bucket::start(&options);
    let administrator = bucket.administrator();
    let put = bucket.put(&administrator, "public/a.txt", "hello");
    put.await.unwrap();
    bucket.stand_in.stop();
    let bucket = Bucket::start(&options);
    let got = bucket.get(&bucket.administrator(), "public/a.txt").await;
    assert_eq!(got.unwrap(), "hello");
}
