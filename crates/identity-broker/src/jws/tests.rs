use serde_json::json;

use super::*;
use crate::jwk::PublicKey;

/// The signing input and the signature of published tokens, which have no `kid`: RFC 7515, appendices A.2 and A.3, and RFC 8037, appendix A.4.
#[track_caller]
fn check(jwk: Value, algorithm: Algorithm, token: &str) {
    let keys = json!({"keys": [named(jwk)]}).to_string();
    let keys = KeySet::parse(keys.as_bytes()).unwrap();
    let key = keys.find("published", algorithm).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = decode(signature).unwrap();
    let signed = signed.as_bytes().to_vec();
    assert!(key.verify(algorithm, &signed, &signature));
    for place in 0..signature.len() {
        let mut forged = signature.clone();
        forged[place] ^= 1;
        assert!(!key.verify(algorithm, &signed, &forged), "{place}");
    }
    for place in 0..signed.len() {
        let mut forged = signed.clone();
        forged[place] ^= 1;
        assert!(!key.verify(algorithm, &forged, &signature), "{place}");
    }
    for other in [
        Algorithm::Rs256,
        Algorithm::Rs384,
        Algorithm::Rs512,
        Algorithm::Es256,
        Algorithm::EdDsa,
    ] {
        let is_right = key.verify(other, &signed, &signature);
        assert_eq!(is_right, other == algorithm, "{other:?}");
    }
}

fn named(mut jwk: Value) -> Value {
    jwk["kid"] = "published".into();
    jwk
}

#[test]
fn rs256_as_published() {
    let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    check(
        json!({"kty": "RSA", "n": n, "e": "AQAB"}),
        Algorithm::Rs256,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    );
}

#[test]
fn es256_as_published() {
    check(
        json!({"kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}),
        Algorithm::Es256,
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    );
}

#[test]
fn eddsa_as_published() {
    check(
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
        Algorithm::EdDsa,
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );
}

/// As Wycheproof has them: signatures that a careless verifier takes.
#[test]
fn degenerate_signatures_are_none() {
    let p256 = json!({"kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let p256 = PublicKey::of_device(&p256).unwrap();
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order: Vec<u8> = (0..32)
        .map(|byte| u8::from_str_radix(&order[2 * byte..2 * byte + 2], 16).unwrap())
        .collect();
    let one = [&[0; 31][..], &[1]].concat();
    for (r, s) in [
        (vec![0; 32], vec![0; 32]),
        (one.clone(), vec![0; 32]),
        (vec![0; 32], one.clone()),
        (order.clone(), order.clone()),
        (one.clone(), order),
        (one.clone(), one),
        (vec![], vec![]),
        (vec![0xff; 32], vec![0xff; 32]),
    ] {
        assert!(!p256.verify(Algorithm::Es256, b"message", &[r, s].concat()));
    }
    // The neutral element as the key: every signature of zeros would be right for a careless verifier.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    for x in [neutral, [0; 32]] {
        use base64::Engine;
        let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(x);
        let key = PublicKey::of_device(&json!({"kty": "OKP", "crv": "Ed25519", "x": x})).unwrap();
        assert!(!key.verify(Algorithm::EdDsa, b"message", &[0; 64]));
    }
}

#[test]
fn keys_that_are_not_for_us_are_left_out_and_two_of_a_name_are_none() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let key = |id: &str, more: &str| {
        format!(r#"{{"kty": "OKP", "crv": "Ed25519", "x": "{x}", "kid": "{id}"{more}}}"#)
    };
    let keys = [
        key("good", ""),
        key("encrypts", r#", "use": "enc""#),
        key("twice", ""),
        key("twice", ""),
        key("for-another", r#", "alg": "ES256""#),
        key("for-none-of-ours", r#", "alg": "HS256""#),
        r#"{"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}"#.to_owned(),
        r#"{"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "short"}"#.to_owned(),
        r#"{"kty": "unheard-of", "kid": "new"}"#.to_owned(),
    ];
    let set = format!(r#"{{"keys": [{}]}}"#, keys.join(","));
    let set = KeySet::parse(set.as_bytes()).unwrap();
    for (id, expected) in [
        ("good", true),
        ("encrypts", false),
        ("twice", false),
        ("for-another", false),
        ("for-none-of-ours", false),
        ("secret", false),
        ("short", false),
        ("new", false),
        ("", false),
    ] {
        let is_there = set.find(id, Algorithm::EdDsa).is_some();
        assert_eq!(is_there, expected, "{id}");
    }
    let list = |json: &str| KeySet::of_list(serde_json::from_str(json).unwrap());
    assert!(list(&format!("[{}]", key("good", r#", "alg": "EdDSA""#))).is_some());
    for list_of in [
        "[]",
        &format!("[{}]", key("without", "")),
        r#"[{"kty": "oct"}]"#,
    ] {
        assert!(list(list_of).is_none(), "{list_of}");
    }
}
