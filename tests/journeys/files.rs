//! Files in the template's bucket, by credentials of the identity pool: what everybody does with their own.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use tests::identity::{Identity, WITHOUT_GROUPS};
use tests::stand_in::StandIn;
use tests::user::User;

use crate::http_api::tokens_of;

/// A stand-in's bucket.
pub(crate) struct Bucket {
    pub(crate) stand_in: StandIn,
    pub(crate) name: String,
}

impl Bucket {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::of(StandIn::start(&[&WITHOUT_GROUPS, options].concat()))
    }

    pub(crate) fn of(stand_in: StandIn) -> Self {
        let name = stand_in.bucket("FilesBucket");
        Self { stand_in, name }
    }

    /// Somebody who has signed up, and in, and has credentials.
    pub(crate) async fn user(&self, email: &str) -> Identity {
        let (_, id_token) = tokens_of(&User::new(&self.stand_in, email)).await;
        Identity::of_user(&self.stand_in, &id_token).await.unwrap()
    }

    /// Who may do everything.
    pub(crate) fn administrator(&self) -> Client {
        Client::new(&self.stand_in.sdk_config(tests::stand_in::REGION))
    }

    pub(crate) async fn put(&self, client: &Client, key: &str, text: &str) -> Result<(), String> {
        let body = ByteStream::from(text.as_bytes().to_vec());
        let put = client.put_object().bucket(&self.name).key(key).body(body);
        put.send().await.map(drop).map_err(code)
    }

    pub(crate) async fn get(&self, client: &Client, key: &str) -> Result<String, String> {
        let got = client.get_object().bucket(&self.name).key(key);
        let got = got.send().await.map_err(code)?;
        let bytes = got.body.collect().await.unwrap().into_bytes();
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    }

    pub(crate) async fn delete(&self, client: &Client, key: &str) -> Result<(), String> {
        let deleted = client.delete_object().bucket(&self.name).key(key);
        deleted.send().await.map(drop).map_err(code)
    }

    /// The keys of a listing.
    pub(crate) async fn list(
        &self,
        client: &Client,
        prefix: Option<&str>,
    ) -> Result<Vec<String>, String> {
        let listed = client.list_objects_v2().bucket(&self.name);
        let listed = listed.set_prefix(prefix.map(str::to_owned));
        let listed = listed.send().await.map_err(code)?;
        let keys = listed.contents.unwrap_or_default().into_iter();
        Ok(keys.filter_map(|object| object.key).collect())
    }

    pub(crate) async fn copy(&self, client: &Client, from: &str, to: &str) -> Result<(), String> {
        let source = format!("{}/{from}", self.name);
        let copied = client.copy_object().copy_source(source);
        let copied = copied.bucket(&self.name).key(to).send().await;
        copied.map(drop).map_err(code)
    }
}

/// The error's name.
#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
pub(crate) fn code<E: ProvideErrorMetadata>(error: SdkError<E>) -> String {
    error.code().unwrap_or("none").to_owned()
}

pub(crate) fn denied<T>() -> Result<T, String> {
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
