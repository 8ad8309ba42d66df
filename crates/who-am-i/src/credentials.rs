use aws_lambda_events::apigw::ApiGatewayRequestAuthorizerIamDescription;
use serde_json::{Value, json};

/// Who calls, by the identity whose credentials have signed; `None` for credentials that no identity pool gave.
pub(crate) fn caller(verified: &ApiGatewayRequestAuthorizerIamDescription) -> Option<Value> {
    let identity = verified.cognito_identity.as_ref()?;
    let pool = identity.identity_pool_id.as_deref()?;
    let methods: Vec<&str> = identity.amr.iter().map(String::as_str).collect();
    let (provider, subject) = match methods[..] {
        ["authenticated", provider, user] => (Some(provider), subject(user, provider, pool)),
        _ => (None, None),
    };
    Some(json!({
        "by": "credentials",
        "identity": identity.identity_id.as_deref()?,
        "signedIn": methods.first() == Some(&"authenticated"),
        "provider": provider,
        "subject": subject,
    }))
}

/// Whom the provider has signed in: what stands behind the provider's own prefix. Nothing is looked for by its colons, since pools' ids and
/// users' ids may have some.
fn subject<'a>(user: &'a str, provider: &str, pool: &str) -> Option<&'a str> {
    if let Some(user) = user.strip_prefix(provider) {
        let of_user_pool = user.strip_prefix(":CognitoSignIn:");
        return of_user_pool.or_else(|| {
            user.strip_prefix(':')?
                .strip_prefix(pool)?
                .strip_prefix(':')
        });
    }
    // Of an OpenID Connect provider in IAM, whose ARN ends in its name.
    let (arn, user) = user.split_once(":OIDC:")?;
    let is_of_provider = arn.strip_suffix(provider)?.ends_with(":oidc-provider/");
    is_of_provider.then_some(user)
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_subject_stands_behind_the_prefix_of_its_provider() {
        let pool = "eu-central-1:5b0c7f6a-1c1e-4d6b-8f0e-9c3a2f1d3c4b";
        let user_pool = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Kx7QmT2Zd";
        let of_user_pool = format!("{user_pool}:CognitoSignIn:7f6a1c1e");
        let of_backend = format!("login.lifeguard:{pool}:crm:42");
        let oidc = "arn:aws:iam::123456789012:oidc-provider/login.example.org:OIDC:a:b";
        for (name, user, provider, expected) in [
            ("user pool", &*of_user_pool, user_pool, Some("7f6a1c1e")),
            (
                "own backend",
                &of_backend,
                "login.lifeguard",
                Some("crm:42"),
            ),
            ("OIDC", oidc, "login.example.org", Some("a:b")),
            ("of another provider", &of_backend, "login", None),
            ("of a longer name", oidc, "example.org", None),
            (
                "of another pool",
                "login.lifeguard:elsewhere:42",
                "login.lifeguard",
                None,
            ),
        ] {
            assert_eq!(subject(user, provider, pool), expected, "{name}");
        }
    }
}
