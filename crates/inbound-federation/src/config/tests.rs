use std::collections::BTreeMap;

use cognito_events::inbound_federation::ProviderType;
use entrypoint::Env;

use super::{Config, UnlistedProviders};
use crate::provider::{GroupFilter, GroupPattern, Mapping, ProviderRule};

#[test]
fn nothing_set_lets_nobody_in() {
    let expected = Config {
        providers: BTreeMap::new(),
        unlisted_providers: UnlistedProviders::Refuse,
    };
    assert_eq!(Config::from_env(Env::of_pairs([])), Ok(expected));
}

#[test]
fn everything_set() {
    let config = Config::from_env(Env::of_pairs([
        (
            "PROVIDERS",
            r#"{
                "Okta": {
                    "type": "OIDC",
                    "attributes": ["sub", "email", "email_verified"],
                    "rename": {"department": "custom:department"},
                    "groups": {"from": "groups", "to": "custom:groups", "keep": ["app-*", "staff"]},
                    "domains": ["Example.com", "münchen.example"],
                    "requireVerifiedEmail": false
                },
                "Partner": {}
            }"#,
        ),
        ("UNLISTED_PROVIDERS", "pass"),
    ]));
    let okta = Mapping {
        provider_type: ProviderType::Oidc,
        attributes: names(&[
            ("custom:department", "department"),
            ("email", "email"),
            ("email_verified", "email_verified"),
            ("sub", "sub"),
        ]),
        groups: Some(GroupFilter {
            from: "groups".to_owned(),
            to: "custom:groups".to_owned(),
            keep: vec![
                GroupPattern::Beginning("app-".to_owned()),
                GroupPattern::Name("staff".to_owned()),
            ],
        }),
        domains: ["example.com", "xn--mnchen-3ya.example"]
            .map(|name| name.parse().unwrap())
            .into(),
        require_verified_email: false,
    };
    let expected = Config {
        providers: BTreeMap::from([
            ("Okta".to_owned(), ProviderRule::Map(okta)),
            ("Partner".to_owned(), ProviderRule::KeepAll),
        ]),
        unlisted_providers: UnlistedProviders::Pass,
    };
    assert_eq!(config, Ok(expected));
}

#[test]
fn a_social_provider_has_the_type_of_its_name_and_its_own_claim() {
    for (provider, claim, expected) in [
        ("Facebook", "id", ProviderType::Facebook),
        ("Google", "sub", ProviderType::Google),
        ("SignInWithApple", "sub", ProviderType::SignInWithApple),
        ("LoginWithAmazon", "user_id", ProviderType::LoginWithAmazon),
        ("Okta", "sub", ProviderType::Oidc),
    ] {
        let mapping = mapping(provider, &format!(r#"{{"attributes": ["{claim}"]}}"#));
        assert_eq!(mapping.provider_type, expected);
        assert_eq!(mapping.attributes, names(&[(claim, claim)]), "{provider}");
    }
}

#[test]
fn a_saml_provider_keeps_its_name_id_unasked() {
    let mapping = mapping("AD", r#"{"type": "SAML", "attributes": ["mail"]}"#);
    let expected = names(&[("NameID", "NameID"), ("mail", "mail")]);
    assert_eq!(mapping.attributes, expected);
}

#[test]
fn who_is_pinned_to_domains_must_say_that_an_address_is_verified_where_there_is_a_word_for_it() {
    for (rule, expected) in [
        (r#""attributes": ["sub", "email", "email_verified"]"#, false),
        (
            r#""attributes": ["sub", "email", "email_verified"], "domains": ["example.com"]"#,
            true,
        ),
        (
            r#""attributes": ["sub", "email"], "domains": ["example.com"], "requireVerifiedEmail": false"#,
            false,
        ),
        (
            r#""type": "SAML", "attributes": ["email"], "domains": ["example.com"]"#,
            false,
        ),
    ] {
        let mapping = mapping("AD", &format!("{{{rule}}}"));
        assert_eq!(mapping.require_verified_email, expected, "{rule}");
    }
}

#[test]
fn all_problems_are_named_at_once() {
    let providers = r#"{
        "A": {"attribute": ["sub"], "groups": {"from": "", "keep": [], "fold": true}, "domains": []},
        "Facebook": {"attributes": ["sub", ""], "rename": ["id"]},
        "B": {"type": "OpenID", "attributes": ["sub", "groups", "cognito:groups"], "rename": {"sub": "id", "mail": 1, "title": "groups"}},
        "C": {"attributes": ["email_verified"], "rename": {"upn": "sub", "groups": "identities", "email_verified": "verified"}},
        "D": {
            "attributes": ["sub", "custom:role"], "groups": {"from": "roles", "to": "custom:groups", "keep": ["*-app", "a,b", "c*"]},
            "requireVerifiedEmail": true
        },
        "E": {"attributes": ["sub", "memberOf"], "groups": {"from": "memberOf", "to": "sub", "keep": ["*"]}, "domains": ["example.com", "@example.com"]},
        "F": [],
        "G": {"attributes": ["sub"], "attributes": ["sub", "email"], "requireVerifiedEmail": "no"},
        "G": {},
        "H": {"type": "SAML", "attributes": [], "rename": {"mail": "NameID"}},
        "I": {"type": "SAML", "attributes": ["email"], "groups": {"from": "groups", "to": "NameID", "keep": ["*"]}}
    }"#;
    let problems = Config::from_env(Env::of_pairs([
        ("PROVIDERS", providers),
        ("UNLISTED_PROVIDERS", "allow"),
    ]))
    .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "the configuration has 38 problem(s)
  PROVIDERS: `G` is there twice
  PROVIDERS: A.attributes: expected a list of the attributes to keep, since what it does not name is dropped
  PROVIDERS: A.groups.from: expected a name
  PROVIDERS: A.groups.to: expected a name
  PROVIDERS: A.groups.keep: expected a list of groups, each a name or a beginning such as app-*
  PROVIDERS: A.groups: `fold` is not understood
  PROVIDERS: A.domains: expected a list of e-mail domains
  PROVIDERS: A: `attribute` is not understood
  PROVIDERS: B.type: expected one of OIDC, SAML, Facebook, Google, SignInWithApple, LoginWithAmazon
  PROVIDERS: B: `cognito:groups` is Cognito's to set
  PROVIDERS: B.rename: expected a name for each name
  PROVIDERS: B.rename: `sub` is kept under its own name too
  PROVIDERS: B: `sub` must stay as it is, since Cognito makes the user's name of it
  PROVIDERS: B: `groups` would be answered twice
  PROVIDERS: C.attributes: expected `sub` among them, of which Cognito makes the user's name
  PROVIDERS: C.rename: `email_verified` is kept under its own name too
  PROVIDERS: C: `identities` is Cognito's to set
  PROVIDERS: C: `sub` must stay as it is, since Cognito makes the user's name of it
  PROVIDERS: C: `email_verified` says nothing without `email`
  PROVIDERS: D.groups.keep: `*-app` is not a group's name or a beginning such as app-*, without commas
  PROVIDERS: D.groups.keep: `a,b` is not a group's name or a beginning such as app-*, without commas
  PROVIDERS: D: rules on addresses need `email` in the answer
  PROVIDERS: D: requireVerifiedEmail needs `email_verified` in the answer
  PROVIDERS: D: `custom:groups` needs `domains`, since apps authorise by such attributes
  PROVIDERS: D: `custom:role` needs `domains`, since apps authorise by such attributes
  PROVIDERS: E: `memberOf` is kept unfiltered too
  PROVIDERS: E: `sub` must stay as it is, since Cognito makes the user's name of it
  PROVIDERS: E: `sub` would be answered twice
  PROVIDERS: E.domains: `@example.com` is not a domain name; expected one such as example.com
  PROVIDERS: E: rules on addresses need `email` in the answer
  PROVIDERS: E: requireVerifiedEmail needs `email_verified` in the answer
  PROVIDERS: F: expected a JSON object
  PROVIDERS: Facebook.attributes: expected a list of the attributes to keep, since what it does not name is dropped
  PROVIDERS: Facebook.rename: expected a JSON object
  PROVIDERS: H.attributes: expected a list of the attributes to keep, since what it does not name is dropped
  PROVIDERS: H: `NameID` must stay as it is, since Cognito makes the user's name of it
  PROVIDERS: I: `NameID` must stay as it is, since Cognito makes the user's name of it
  UNLISTED_PROVIDERS: expected one of refuse, pass"
    );
}

#[test]
fn what_is_no_object_is_a_problem() {
    for json in ["[]", "{", "Okta", r#"{"Okta": {}}, {}"#, r#"{"Okta": {},}"#] {
        let problems = Config::from_env(Env::of_pairs([("PROVIDERS", json)])).unwrap_err();
        assert_eq!(
            problems.to_string(),
            "the configuration has 1 problem(s)\n  PROVIDERS: expected a JSON object",
            "{json}"
        );
    }
}

/// The example in the documentation, which has every member.
#[test]
fn the_documented_example_is_understood() {
    let document = include_str!("../../../../docs/CONFIGURATION.md");
    let (_, rest) = document.split_once("```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let example = example.to_owned().leak();
    Config::from_env(Env::of_pairs([("PROVIDERS", example)])).unwrap();
    for member in [
        "type",
        "attributes",
        "rename",
        "groups",
        "domains",
        "requireVerifiedEmail",
    ] {
        assert!(example.contains(&format!("\"{member}\"")), "{member}");
        let row = format!("| `{member}` |");
        assert!(document.contains(&row), "{member} has no row");
    }
}

fn mapping(provider: &str, rule: &str) -> Mapping {
    let providers = format!(r#"{{"{provider}": {rule}}}"#);
    let mut config = Config::from_env(Env::of_pairs([("PROVIDERS", &providers)])).unwrap();
    match config.providers.remove(provider) {
        Some(ProviderRule::Map(mapping)) => mapping,
        other => panic!("{other:?}"),
    }
}

fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(to, from)| ((*to).to_owned(), (*from).to_owned()))
        .collect()
}
