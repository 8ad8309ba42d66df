//! Refresh tokens that are replaced, tokens that live short, and an app client without revocation.

use serde_json::{Value, json};
use tests::jwt;

use crate::idp::{self, PASSWORD, Refused, get_tokens, refused, sign_in, tokens, user};

fn invalid() -> Refused {
    refused("NotAuthorized", "Invalid Refresh Token.")
}

#[test]
fn a_replaced_refresh_token_is_taken_for_the_grace_period_and_never_after() {
    let stand_in = idp::alias_pool();
    user(&stand_in, "ines", "ines.falk@example.org");
    let client = stand_in.client_id("RotatingClient");
    let signed_in = sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let first = &tokens(&signed_in)["RefreshToken"];
    let renewed = get_tokens(&stand_in, &client, first).unwrap();
    let second = &tokens(&renewed)["RefreshToken"];
    assert!(second.is_string() && second != first);
    let claims = |answer: &Value| jwt::claims(tokens(answer)["AccessToken"].as_str().unwrap());
    assert_eq!(
        claims(&renewed)["origin_jti"],
        claims(&signed_in)["origin_jti"]
    );
    assert_eq!(
        claims(&renewed)["auth_time"],
        claims(&signed_in)["auth_time"]
    );

    // Whoever lost the answer asks again.
    stand_in.advance_clock(5);
    get_tokens(&stand_in, &client, first).unwrap();
    stand_in.advance_clock(10);
    assert_eq!(
        get_tokens(&stand_in, &client, first).unwrap_err(),
        invalid()
    );
    get_tokens(&stand_in, &client, second).unwrap();
    // Replacing makes no token live longer than the first would have.
    let third = get_tokens(&stand_in, &client, second).unwrap();
    stand_in.advance_clock(3_600 - 15);
    let late = get_tokens(&stand_in, &client, &tokens(&third)["RefreshToken"]);
    assert_eq!(late.unwrap_err(), invalid());
}

#[test]
fn revoking_any_of_the_tokens_that_followed_each_other_revokes_all() {
    let stand_in = idp::alias_pool();
    user(&stand_in, "ines", "ines.falk@example.org");
    let client = stand_in.client_id("RotatingClient");
    let signed_in = sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let first = &tokens(&signed_in)["RefreshToken"];
    let renewed = get_tokens(&stand_in, &client, first).unwrap();
    idp::call(
        &stand_in,
        "RevokeToken",
        json!({"ClientId": client, "Token": first}),
    )
    .unwrap();
    let revoked = refused("NotAuthorized", "Refresh Token has been revoked");
    for token in [first, &tokens(&renewed)["RefreshToken"]] {
        assert_eq!(get_tokens(&stand_in, &client, token).unwrap_err(), revoked);
    }
    let get = idp::call(
        &stand_in,
        "GetUser",
        json!({"AccessToken": tokens(&renewed)["AccessToken"]}),
    );
    assert_eq!(
        get.unwrap_err(),
        refused("NotAuthorized", "Access Token has been revoked")
    );
}

#[test]
fn tokens_live_as_long_as_their_client_says() {
    let stand_in = idp::alias_pool();
    user(&stand_in, "ines", "ines.falk@example.org");
    let client = stand_in.client_id("RotatingClient");
    let signed_in = sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let tokens = tokens(&signed_in);
    assert_eq!(tokens["ExpiresIn"], 300);
    for (token, seconds) in [("AccessToken", 300), ("IdToken", 360)] {
        let claims = jwt::claims(tokens[token].as_str().unwrap());
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, seconds, "{token}");
    }
    let get = || {
        idp::call(
            &stand_in,
            "GetUser",
            json!({"AccessToken": tokens["AccessToken"]}),
        )
    };
    get().unwrap();
    stand_in.advance_clock(300);
    assert_eq!(
        get().unwrap_err(),
        refused("NotAuthorized", "Access Token has expired")
    );
}

#[test]
fn a_client_without_revocation_has_tokens_that_only_signing_out_ends() {
    let stand_in = idp::alias_pool();
    user(&stand_in, "ines", "ines.falk@example.org");
    let client = stand_in.client_id("UnrevokableClient");
    let signed_in = sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let tokens = tokens(&signed_in);
    for token in ["AccessToken", "IdToken"] {
        let claims = jwt::claims(tokens[token].as_str().unwrap());
        assert_eq!(claims.get("origin_jti"), None, "{token}");
    }
    let revoke = json!({"ClientId": client, "Token": tokens["RefreshToken"]});
    let refusal = idp::call(&stand_in, "RevokeToken", revoke).unwrap_err();
    assert_eq!(refusal.name, "UnsupportedOperationException");
    let get = || {
        idp::call(
            &stand_in,
            "GetUser",
            json!({"AccessToken": tokens["AccessToken"]}),
        )
    };
    get().unwrap();
    // Disabling ends every access token, also for the time after.
    idp::admin(&stand_in, "AdminDisableUser", "ines", json!({})).unwrap();
    idp::admin(&stand_in, "AdminEnableUser", "ines", json!({})).unwrap();
    let revoked = refused("NotAuthorized", "Access Token has been revoked");
    assert_eq!(get().unwrap_err(), revoked);

    stand_in.advance_clock(1);
    let signed_in = sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let access = json!({"AccessToken": self::tokens(&signed_in)["AccessToken"]});
    idp::call(&stand_in, "GlobalSignOut", access.clone()).unwrap();
    assert_eq!(
        idp::call(&stand_in, "GetUser", access).unwrap_err(),
        revoked
    );
}
