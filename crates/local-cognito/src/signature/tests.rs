//! AWS's published test suite of Signature Version 4, as far as requests can be received like that, and what is refused.

use axum::http::Request;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SCOPE: &str = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
const DATE: &str = "20150830T123600Z";
const VANILLA: &str = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

fn now() -> OffsetDateTime {
    OffsetDateTime::parse("2015-08-30T12:36:00Z", &Rfc3339).unwrap()
}

fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

/// A request with its date and host, which are signed with whatever other headers it has.
fn signed(method: &str, uri: &str, more: &[(&str, &str)], signature: &str) -> Parts {
    let mut headers = vec![("host", "example.amazonaws.com"), ("x-amz-date", DATE)];
    headers.extend_from_slice(more);
    let mut names: Vec<String> = headers
        .iter()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    names.sort();
    names.dedup();
    let names = names.join(";");
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders={names}, Signature={signature}"
    );
    headers.push(("authorization", &authorization));
    request(method, uri, &headers)
}

fn verify(request: &Parts, body: &[u8], now: OffsetDateTime) -> Result<(), Refused> {
    let authorization = Authorization::of(&request.headers)?.unwrap();
    authorization.verify(SECRET, request, body, now)
}

/// The suite `aws-sig-v4-test-suite`, by the names of its cases.
#[test]
fn published_requests_are_signed_as_published() {
    let form = ("content-type", "application/x-www-form-urlencoded");
    let letters = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let cases: [(&str, Parts, &[u8]); 11] = [
        ("get-vanilla", signed("GET", "/", &[], VANILLA), b""),
        (
            "get-relative",
            signed("GET", "/example/..", &[], VANILLA),
            b"",
        ),
        (
            "get-slash-dot-slash",
            signed("GET", "/./", &[], VANILLA),
            b"",
        ),
        (
            "get-slash-pointless-dot",
            signed(
                "GET",
                "/./example",
                &[],
                "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
            ),
            b"",
        ),
        (
            "get-slashes",
            signed(
                "GET",
                "/example//",
                &[],
                "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
            ),
            b"",
        ),
        (
            "get-unreserved",
            signed(
                "GET",
                letters,
                &[],
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
            b"",
        ),
        (
            "get-vanilla-query-order-key-case",
            signed(
                "GET",
                "/?Param2=value2&Param1=value1",
                &[],
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            b"",
        ),
        (
            "get-header-value-trim",
            signed(
                "GET",
                "/",
                &[("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            ),
            b"",
        ),
        (
            "get-header-key-duplicate",
            signed(
                "GET",
                "/",
                &[
                    ("My-Header1", "value2"),
                    ("My-Header1", "value2"),
                    ("My-Header1", "value1"),
                ],
                "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            ),
            b"",
        ),
        (
            "post-vanilla",
            signed(
                "POST",
                "/",
                &[],
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            b"",
        ),
        (
            "post-x-www-form-urlencoded",
            signed(
                "POST",
                "/",
                &[form],
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
            b"Param1=value1",
        ),
    ];
    for (name, request, body) in cases {
        assert_eq!(verify(&request, body, now()), Ok(()), "{name}");
        let changed = [body, b"x"].concat();
        assert_eq!(
            verify(&request, &changed, now()),
            Err(Refused::WrongSignature),
            "{name}"
        );
    }
}

#[test]
fn whatever_is_changed_is_not_signed() {
    let other_query = signed("GET", "/?a=b", &[], VANILLA);
    let other_method = signed("POST", "/", &[], VANILLA);
    let other_path = signed("GET", "/a", &[], VANILLA);
    let other_header = signed("GET", "/", &[("x-amz-target", "a.B")], VANILLA);
    let other_signature = signed("GET", "/", &[], &VANILLA.replace('5', "6"));
    let cut = signed("GET", "/", &[], &VANILLA[..63]);
    for request in [
        other_query,
        other_method,
        other_path,
        other_header,
        other_signature,
        cut,
    ] {
        assert_eq!(
            verify(&request, b"", now()),
            Err(Refused::WrongSignature),
            "{}",
            request.uri
        );
    }
}

#[test]
fn what_matters_has_to_be_signed() {
    let with = |names: &str, more: &[(&str, &str)]| {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders={names}, Signature={VANILLA}"
        );
        let mut headers = vec![
            ("host", "example.amazonaws.com"),
            ("x-amz-date", DATE),
            ("authorization", &authorization),
        ];
        headers.extend_from_slice(more);
        verify(&request("GET", "/", &headers), b"", now())
    };
    assert_eq!(with("host;x-amz-date", &[("accept", "*/*")]), Ok(()));
    assert_eq!(with("x-amz-date", &[]), Err(Refused::HostNotSigned));
    let not_signed = |name: &str| Err(Refused::NotSigned(name.to_owned()));
    assert_eq!(with("host", &[]), not_signed("x-amz-date"));
    let target = [("x-amz-target", "DynamoDB_20120810.Scan")];
    assert_eq!(with("host;x-amz-date", &target), not_signed("x-amz-target"));
}

#[test]
fn a_signature_is_good_for_five_minutes_either_way() {
    let request = signed("GET", "/", &[], VANILLA);
    let minutes = Duration::minutes(5);
    for now in [now() - minutes, now() + minutes] {
        assert_eq!(verify(&request, b"", now), Ok(()));
    }
    let second = Duration::seconds(1);
    let old = verify(&request, b"", now() + minutes + second).unwrap_err();
    assert_eq!(
        old.to_string(),
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
    );
    let new = verify(&request, b"", now() - minutes - second).unwrap_err();
    assert_eq!(
        new.to_string(),
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"
    );
}

#[test]
fn a_header_that_is_no_signature_of_this_kind() {
    let of = |value: &str| {
        let request = request(
            "GET",
            "/",
            &[
                ("authorization", value),
                ("x-amz-date", DATE),
                ("host", "h"),
            ],
        );
        match Authorization::of(&request.headers) {
            Ok(None) => None,
            Ok(Some(authorization)) => Some(authorization.verify(SECRET, &request, b"", now())),
            Err(refused) => Some(Err(refused)),
        }
    };
    for none in ["", "Bearer abc", "Basic abc"] {
        assert_eq!(of(none), None, "{none}");
    }
    let full =
        format!("AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature=00");
    assert_eq!(of(&full), Some(Err(Refused::WrongSignature)));
    assert_eq!(
        of(&full.replace(", ", ",")),
        Some(Err(Refused::WrongSignature))
    );
    for (from, to, expected) in [
        (
            " Credential=",
            " Credentials=",
            Refused::Incomplete("Credential"),
        ),
        (
            "SignedHeaders=host;x-amz-date",
            "SignedHeaders=",
            Refused::Incomplete("SignedHeaders"),
        ),
        (
            "Signature=00",
            "Signature",
            Refused::Incomplete("Signature"),
        ),
        ("/aws4_request", "/aws4", Refused::MalformedCredential),
        ("/service", "", Refused::MalformedCredential),
    ] {
        assert_eq!(of(&full.replace(from, to)), Some(Err(expected)), "{to}");
    }
    let other_day = full.replace("20150830", "20150829");
    assert!(matches!(
        of(&other_day),
        Some(Err(Refused::OtherDay { .. }))
    ));
}

#[test]
fn a_date_has_one_form() {
    for date in [
        "",
        "20150830",
        "2015-08-30T12:36:00Z",
        "20150830T123600",
        "20151330T123600Z",
        "2015083012360000Z",
        "20150830T1236é",
    ] {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature={VANILLA}"
        );
        let headers = [
            ("host", "example.amazonaws.com"),
            ("x-amz-date", date),
            ("authorization", &authorization),
        ];
        let verified = verify(&request("GET", "/", &headers), b"", now());
        assert_eq!(verified, Err(Refused::NoDate), "{date}");
    }
}
