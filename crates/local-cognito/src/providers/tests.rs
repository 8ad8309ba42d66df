use axum::http::HeaderValue;

use super::*;

#[test]
fn a_signature_names_the_region() {
    let region = |value: &'static str| {
        let value = HeaderValue::from_static(value);
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
        region_of(&headers).map(str::to_owned)
    };
    let signed = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261121/eu-west-1/ses/aws4_request, SignedHeaders=host, Signature=00";
    assert_eq!(region(signed).as_deref(), Some("eu-west-1"));
    for unsigned in [
        "",
        "Bearer eu-west-1",
        "AWS4-HMAC-SHA256 unchecked",
        "AWS4-HMAC-SHA256 Credential=A/b",
    ] {
        assert_eq!(region(unsigned), None, "{unsigned}");
    }
    assert_eq!(region_of(&HeaderMap::new()), None);
}

#[test]
fn a_number_begins_with_a_country() {
    for number in ["+4915112345678", "+12", "+123456789012345"] {
        assert!(is_number(number), "{number}");
    }
    for other in [
        "",
        "+",
        "4915112345678",
        "+0491511",
        "+49 151",
        "+1234567890123456",
        "+1",
        "+١٢٣",
    ] {
        assert!(!is_number(other), "{other}");
    }
}
