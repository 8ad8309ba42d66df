//! Identities of external providers that lead to a user of the pool: who can be linked to whom.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in, tokens};
use crate::recovery::{EMAIL, ines, person, stand_in};

const ABSENT: &str = "User does not exist.";

/// Makes an identity provider.
pub(crate) fn provider(stand_in: &StandIn, name: &str, provider_type: &str) {
    let details = match provider_type {
        "OIDC" => json!({
            "client_id": "web", "client_secret": "invented", "attributes_request_method": "GET",
            "oidc_issuer": "https://id.example.com", "authorize_scopes": "openid",
        }),
        _ => json!({"client_id": "web", "client_secret": "invented", "authorize_scopes": "openid"}),
    };
    let input = json!({
        "UserPoolId": stand_in.pool, "ProviderName": name, "ProviderType": provider_type, "ProviderDetails": details,
    });
    idp::call(stand_in, "CreateIdentityProvider", input).unwrap();
}

/// A pool with Google, another provider and `ines`.
fn pool() -> StandIn {
    let stand_in = stand_in(&[]);
    provider(&stand_in, "Google", "Google");
    provider(&stand_in, "Intranet", "OIDC");
    ines(&stand_in);
    stand_in
}

fn identity(provider: &str, attribute: &str, value: &str) -> Value {
    json!({"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value})
}

fn google(value: &str) -> Value {
    identity("Google", "Cognito_Subject", value)
}

fn link(stand_in: &StandIn, username: &str, source: Value) -> Result<Value, Refused> {
    let destination = json!({"ProviderName": "Cognito", "ProviderAttributeValue": username});
    let input =
        json!({"UserPoolId": stand_in.pool, "DestinationUser": destination, "SourceUser": source});
    idp::call(stand_in, "AdminLinkProviderForUser", input)
}

fn unlink(stand_in: &StandIn, user: Value) -> Result<Value, Refused> {
    let input = json!({"UserPoolId": stand_in.pool, "User": user});
    idp::call(stand_in, "AdminDisableProviderForUser", input)
}

/// The user's identities as the attribute has them: provider and the provider's own name for the user.
fn identities(attributes: &Value) -> Vec<(String, String)> {
    let mut attributes = attributes.as_array().unwrap().iter();
    let Some(found) = attributes.find(|attribute| attribute["Name"] == "identities") else {
        return Vec::new();
    };
    let listed: Vec<Value> = serde_json::from_str(found["Value"].as_str().unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pairs = listed
        .iter()
        .map(|one| (text(&one["providerName"]), text(&one["userId"])));
    pairs.collect()
}

pub(crate) fn identities_of(stand_in: &StandIn, username: &str) -> Vec<(String, String)> {
    let user = admin(stand_in, "AdminGetUser", username, json!({})).unwrap();
    identities(&user["UserAttributes"])
}

#[test]
fn a_link_shows_wherever_the_user_does() {
    let stand_in = pool();
    assert_eq!(link(&stand_in, "ines", google("10845")), Ok(json!({})));
    let expected = [("Google".to_owned(), "10845".to_owned())];
    assert_eq!(identities_of(&stand_in, "ines"), expected);
    let input = json!({"UserPoolId": stand_in.pool, "Filter": format!("email = \"{EMAIL}\"")});
    let users = idp::call(&stand_in, "ListUsers", input).unwrap();
    assert_eq!(identities(&users["Users"][0]["Attributes"]), expected);

    // The user still signs in with the password, and functions are told.
    let open = stand_in.client_id("OpenClient");
    let signed_in = sign_in(&stand_in, &open, "ines", PASSWORD).unwrap();
    let request = crate::recorded::last_request(&stand_in, "TokenGeneration_Authentication");
    assert!(
        request["userAttributes"]["identities"]
            .as_str()
            .unwrap()
            .contains("10845")
    );
    let token = json!({"AccessToken": tokens(&signed_in)["AccessToken"]});
    let own = idp::call(&stand_in, "GetUser", token).unwrap();
    assert_eq!(identities(&own["UserAttributes"]), expected);
    // A client that lists what it reads, and not this, is not.
    let signed_in = sign_in(&stand_in, &stand_in.web_client, "ines", PASSWORD).unwrap();
    let token = json!({"AccessToken": tokens(&signed_in)["AccessToken"]});
    let own = idp::call(&stand_in, "GetUser", token).unwrap();
    assert_eq!(identities(&own["UserAttributes"]), []);

    assert_eq!(
        unlink(&stand_in, google("other")).unwrap_err(),
        refused("UserNotFound", ABSENT)
    );
    assert_eq!(unlink(&stand_in, google("10845")), Ok(json!({})));
    assert_eq!(identities_of(&stand_in, "ines"), []);
}

#[test]
fn a_link_that_aws_refuses_is_refused() {
    let stand_in = pool();
    person(&stand_in, "jan", &[("email", "jan.roth@example.org")]);
    person(&stand_in, "fixed", &[("custom:badge", "77")]);
    let invalid = |text: &str| refused("InvalidParameter", text);
    let native = "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser";
    let missing = "1 validation error detected: Value null at 'sourceUser.providerAttributeValue' failed to satisfy constraint: Member must not be null";
    for (username, source, expected) in [
        ("nobody", google("1"), refused("UserNotFound", ABSENT)),
        // An alias can be another's tomorrow.
        (EMAIL, google("1"), refused("UserNotFound", ABSENT)),
        (
            "ines",
            identity("Cognito", "Cognito_Subject", "jan"),
            invalid(native),
        ),
        (
            "ines",
            identity("Google", "email", EMAIL),
            invalid("Invalid SourceUser: ProviderAttributeName must be Cognito_Subject for Google"),
        ),
        (
            "ines",
            identity("Facebook", "Cognito_Subject", "1"),
            refused(
                "ResourceNotFound",
                "Identity provider Facebook does not exist.",
            ),
        ),
        ("ines", google(""), invalid(missing)),
        (
            "ines",
            google(&"1".repeat(108)),
            invalid("Invalid SourceUser: its parts have more than 128 characters"),
        ),
        (
            "fixed",
            google("1"),
            invalid("user.custom:badge: Attribute cannot be updated.\n"),
        ),
    ] {
        let linked = link(&stand_in, username, source.clone());
        assert_eq!(linked.unwrap_err(), expected, "{username} {source}");
    }
    assert_eq!(identities_of(&stand_in, "ines"), []);

    link(&stand_in, "ines", google("1")).unwrap();
    let again = link(&stand_in, "ines", google("1")).unwrap_err();
    assert_eq!(
        again,
        invalid("SourceUser is already linked to DestinationUser")
    );
    let taken = link(&stand_in, "jan", google("1")).unwrap_err();
    let text = "Already found an entry for the provided username.";
    assert_eq!(taken, refused("AliasExists", text));
    // Another provider may call somebody else by the same name.
    link(&stand_in, "jan", identity("Intranet", "employee", "1")).unwrap();
    for number in 2..=5 {
        link(&stand_in, "ines", google(&number.to_string())).unwrap();
    }
    let sixth = link(&stand_in, "ines", google("6")).unwrap_err();
    assert_eq!(sixth.name, "LimitExceededException");
    assert_eq!(identities_of(&stand_in, "ines").len(), 5);
}

#[test]
fn whose_own_sign_in_was_disabled_has_no_password_any_more() {
    let stand_in = pool();
    let open = &stand_in.client_id("OpenClient");
    let signed_in = sign_in(&stand_in, open, "ines", PASSWORD).unwrap();
    let own = identity("Cognito", "Cognito_Subject", "ines");
    assert_eq!(unlink(&stand_in, own), Ok(json!({})));
    let text = "Incorrect username or password.";
    let shut_out = sign_in(&stand_in, open, "ines", PASSWORD).unwrap_err();
    assert_eq!(shut_out, refused("NotAuthorized", text));
    // Nor a way to a new one.
    let forgot = json!({"ClientId": open, "Username": "ines"});
    let text = "User password cannot be reset in the current state.";
    let forgot = idp::call(&stand_in, "ForgotPassword", forgot).unwrap_err();
    assert_eq!(forgot, refused("NotAuthorized", text));
    let token = &tokens(&signed_in)["AccessToken"];
    let change = json!({"AccessToken": token, "ProposedPassword": PASSWORD});
    assert!(idp::call(&stand_in, "ChangePassword", change).is_err());
}
