use super::*;

/// `printf '%s' ines4q2n8v0c6t1m9s3k5r7p2d8f0h | openssl dgst -sha256 -hmac not-so-secret -binary | base64`
const HASH: &str = "b/ZSW6ihtckU5k7K2caywuGlJ7FAI35Ue1oz6CFrJUo=";

#[test]
fn a_hash_fits_one_secret_user_and_client() {
    let client = "4q2n8v0c6t1m9s3k5r7p2d8f0h";
    let secret = SecretString::from("not-so-secret");
    let other = SecretString::from("another-secret");
    for (name, secret, client, username, sent, expected) in [
        (
            "right",
            Some(&secret),
            client,
            "ines",
            Some(HASH),
            Verdict::Right,
        ),
        (
            "other secret",
            Some(&other),
            client,
            "ines",
            Some(HASH),
            Verdict::Wrong,
        ),
        (
            "other user",
            Some(&secret),
            client,
            "Ines",
            Some(HASH),
            Verdict::Wrong,
        ),
        (
            "other client",
            Some(&secret),
            "another",
            "ines",
            Some(HASH),
            Verdict::Wrong,
        ),
        (
            "cut off",
            Some(&secret),
            client,
            "ines",
            Some(&HASH[..20]),
            Verdict::Wrong,
        ),
        (
            "empty",
            Some(&secret),
            client,
            "ines",
            Some(""),
            Verdict::Wrong,
        ),
        (
            "not base64",
            Some(&secret),
            client,
            "ines",
            Some("no base64!"),
            Verdict::Wrong,
        ),
        (
            "missing",
            Some(&secret),
            client,
            "ines",
            None,
            Verdict::Missing,
        ),
        ("public client", None, client, "ines", None, Verdict::Right),
        (
            "public client that sends one",
            None,
            client,
            "ines",
            Some(HASH),
            Verdict::Wrong,
        ),
    ] {
        assert_eq!(verdict(secret, client, username, sent), expected, "{name}");
    }
}
