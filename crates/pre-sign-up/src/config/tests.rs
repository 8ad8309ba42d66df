use entrypoint::Env;

use super::{CaptchaRules, Config, FederatedSignUp, InvitationRules, LinkRules};
use crate::captcha::Provider;

#[test]
fn nothing_set_refuses_only_disposable_domains() {
    let config = Config::from_env(Env::of_pairs([])).unwrap();
    let expected = Config {
        allowed_domains: vec![],
        denied_domains: vec![],
        refuse_disposable_domains: true,
        invitations: None,
        federated_sign_up: FederatedSignUp::DomainRules,
        linking: None,
        captcha: None,
    };
    assert_eq!(config, expected);
}

#[test]
fn everything_set() {
    let config = Config::from_env(Env::of_pairs([
        ("ALLOWED_DOMAINS", "Example.com, münchen.example,"),
        ("DENIED_DOMAINS", "bad.example.com."),
        ("DISPOSABLE_DOMAINS", "allow"),
        ("INVITATIONS", "required"),
        ("INVITATIONS_TABLE", "invitations"),
        ("INVITATION_CONFIRMS", "true"),
        ("FEDERATED_SIGN_UP", "domain-rules"),
        ("LINK_PROVIDERS", "Google, Okta=example.com,"),
        ("CREATE_NATIVE_FIRST", "true"),
        ("CAPTCHA", "recaptcha"),
        ("CAPTCHA_SECRET", "/lifeguard/captcha"),
        ("CAPTCHA_HOSTS", "www.example.com"),
        ("CAPTCHA_ACTION", "sign-up"),
        ("CAPTCHA_MIN_SCORE", "0.5"),
        ("CAPTCHA_ON_ERROR", "allow"),
        (
            "CAPTCHA_ENDPOINT",
            "https://www.recaptcha.net/recaptcha/api/siteverify",
        ),
    ]));
    let expected = Config {
        allowed_domains: ["example.com", "xn--mnchen-3ya.example"]
            .map(|name| name.parse().unwrap())
            .into(),
        denied_domains: vec!["bad.example.com".parse().unwrap()],
        refuse_disposable_domains: false,
        invitations: Some(InvitationRules {
            table: "invitations".to_owned(),
            required: true,
            confirm: true,
        }),
        federated_sign_up: FederatedSignUp::DomainRules,
        linking: Some(LinkRules {
            trusted: ["Google", "Okta=example.com"]
                .map(|entry| entry.parse().unwrap())
                .into(),
            create_native_first: true,
        }),
        captcha: Some(CaptchaRules {
            provider: Provider::ReCaptcha,
            secret: "/lifeguard/captcha".to_owned(),
            hosts: vec!["www.example.com".parse().unwrap()],
            action: Some("sign-up".to_owned()),
            min_score: Some(0.5),
            allow_when_unreachable: true,
            endpoint: "https://www.recaptcha.net/recaptcha/api/siteverify"
                .parse()
                .unwrap(),
        }),
    };
    assert_eq!(config, Ok(expected));
}

#[test]
fn required_invitations_close_the_way_around_them() {
    for (invitations, expected) in [
        ("off", FederatedSignUp::DomainRules),
        ("optional", FederatedSignUp::DomainRules),
        ("required", FederatedSignUp::Refuse),
    ] {
        let config = Config::from_env(Env::of_pairs([
            ("INVITATIONS", invitations),
            ("INVITATIONS_TABLE", "invitations"),
        ]))
        .unwrap();
        assert_eq!(config.federated_sign_up, expected, "{invitations}");
    }
}

#[test]
fn all_problems_are_named_at_once() {
    let problems = Config::from_env(Env::of_pairs([
        (
            "ALLOWED_DOMAINS",
            "example.com, @example.com, *.example.com",
        ),
        ("DENIED_DOMAINS", "192.0.2.1"),
        ("DISPOSABLE_DOMAINS", "perhaps"),
        ("INVITATIONS", "optional"),
        ("INVITATION_CONFIRMS", "yes"),
        ("FEDERATED_SIGN_UP", "allow"),
    ]))
    .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "the configuration has 7 problem(s)
  INVITATION_CONFIRMS: expected one of true, false
  ALLOWED_DOMAINS: `@example.com` is not a domain name; expected one such as example.com
  ALLOWED_DOMAINS: `*.example.com` is not a domain name; expected one such as example.com
  DENIED_DOMAINS: `192.0.2.1` is not a domain name; expected one such as example.com
  DISPOSABLE_DOMAINS: expected one of refuse, allow
  INVITATIONS_TABLE: not set; expected the name of the table of invitations
  FEDERATED_SIGN_UP: expected one of domain-rules, refuse"
    );
}

#[test]
fn what_linking_and_the_captcha_need_is_said() {
    check_problems(
        [("CREATE_NATIVE_FIRST", "true")],
        "the configuration has 1 problem(s)
  CREATE_NATIVE_FIRST: needs LINK_PROVIDERS",
    );
    check_problems(
        [("LINK_PROVIDERS", "Ok ta, Okta=*.example.com")],
        "the configuration has 2 problem(s)
  LINK_PROVIDERS: `Ok ta` is not a provider; expected one such as Google, or Okta=example.com
  LINK_PROVIDERS: `Okta=*.example.com` is not a provider; expected one such as Google, or Okta=example.com",
    );
    check_problems(
        [("CAPTCHA", "turnstile")],
        "the configuration has 2 problem(s)
  CAPTCHA_SECRET: not set; expected the name of the parameter with the secret
  CAPTCHA_HOSTS: expected the hosts whose pages show the puzzle",
    );
    check_problems(
        [
            ("CAPTCHA", "hcaptcha"),
            ("CAPTCHA_SECRET", "0x-the-secret-itself"),
            ("CAPTCHA_HOSTS", "example.org"),
            ("CAPTCHA_ACTION", "sign-up"),
            ("CAPTCHA_MIN_SCORE", "NaN"),
            ("CAPTCHA_ENDPOINT", "https://evil.example/siteverify"),
        ],
        "the configuration has 5 problem(s)
  CAPTCHA_SECRET: expected a parameter's name that begins with a slash, not the secret itself
  CAPTCHA_ACTION: this provider does not name actions
  CAPTCHA_MIN_SCORE: this provider does not give scores
  CAPTCHA_MIN_SCORE: expected a number from 0 to 1
  CAPTCHA_ENDPOINT: expected a host of hcaptcha.com, or a loopback address",
    );
}

#[track_caller]
fn check_problems<const N: usize>(variables: [(&str, &str); N], expected: &str) {
    let problems = Config::from_env(Env::of_pairs(variables)).unwrap_err();
    assert_eq!(problems.to_string(), expected);
}
