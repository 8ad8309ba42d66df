//! Files in the template's bucket that are somebody else's, everybody's or nobody's.

use std::io::{Read, Write};
use std::net::TcpStream;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use tests::identity::Identity;

use crate::files::{Bucket, code, denied};

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

/// The object that was to come stays with the client, which must not take the connection for one that goes on.
#[test]
fn a_refusal_before_the_object_has_come_ends_the_connection_and_says_so() {
    let bucket = Bucket::start(&[]);
    let host = bucket.stand_in.endpoint.trim_start_matches("http://");
    let mut connection = TcpStream::connect(host).unwrap();
    let request = format!(
        "PUT /{}/users/somebody/notes.txt HTTP/1.1\r\nhost: {host}\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n",
        bucket.name
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    // Until the other side has closed it.
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}
