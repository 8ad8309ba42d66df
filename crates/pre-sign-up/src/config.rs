use entrypoint::{Env, Problems};

use email_address::Domain;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `ALLOWED_DOMAINS` | comma list of e-mail domains; only they, and their sub-domains, may sign up | every domain |
/// | `DENIED_DOMAINS` | comma list of e-mail domains that may not sign up, nor may their sub-domains; wins over `ALLOWED_DOMAINS` | none |
/// | `DISPOSABLE_DOMAINS` | `refuse` or `allow` addresses to be thrown away; `ALLOWED_DOMAINS` wins over it | `refuse` |
/// | `INVITATIONS` | `off`; `optional`: a code that is given must be good; `required`: nobody signs up without one | `off` |
/// | `INVITATIONS_TABLE` | name of the DynamoDB table of invitations; needed unless `INVITATIONS` is `off` | |
/// | `INVITATION_CONFIRMS` | `true`: an invitation bound to an address confirms the user and verifies that address, because the code was sent there | `false` |
/// | `FEDERATED_SIGN_UP` | first sign-in through another identity provider: `domain-rules`, or `refuse` | `refuse` if `INVITATIONS` is `required`, since a federated sign-in cannot bring a code; else `domain-rules` |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `ALLOWED_DOMAINS`; every domain when it is empty.
    pub(crate) allowed_domains: Vec<Domain>,
    /// `DENIED_DOMAINS`.
    pub(crate) denied_domains: Vec<Domain>,
    /// `DISPOSABLE_DOMAINS` is `refuse`.
    pub(crate) refuse_disposable_domains: bool,
    /// `None` when `INVITATIONS` is `off`.
    pub invitations: Option<InvitationRules>,
    /// `FEDERATED_SIGN_UP`.
    pub(crate) federated_sign_up: FederatedSignUp,
}

/// How invitations count.
#[derive(Debug, PartialEq, Eq)]
pub struct InvitationRules {
    /// `INVITATIONS_TABLE`.
    pub table: String,
    /// `INVITATIONS` is `required`.
    pub(crate) required: bool,
    /// `INVITATION_CONFIRMS`.
    pub(crate) confirm: bool,
}

/// What happens at the first sign-in of a federated identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FederatedSignUp {
    /// The rules on e-mail domains hold, for the address that the provider states: whether it verified it is the provider's affair.
    DomainRules,
    /// Nobody gets an account that way.
    Refuse,
}

/// The values of `INVITATIONS`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InvitationPolicy {
    Off,
    Optional,
    Required,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is missing or malformed.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let policies = [
            ("off", InvitationPolicy::Off),
            ("optional", InvitationPolicy::Optional),
            ("required", InvitationPolicy::Required),
        ];
        let policy = env
            .choice("INVITATIONS", policies)
            .unwrap_or(InvitationPolicy::Off);
        let federated_by_default = match policy {
            InvitationPolicy::Off | InvitationPolicy::Optional => FederatedSignUp::DomainRules,
            InvitationPolicy::Required => FederatedSignUp::Refuse,
        };
        let federated = [
            ("domain-rules", FederatedSignUp::DomainRules),
            ("refuse", FederatedSignUp::Refuse),
        ];
        let confirm = env.choice("INVITATION_CONFIRMS", [("true", true), ("false", false)]);
        let config = Self {
            allowed_domains: env.list("ALLOWED_DOMAINS"),
            denied_domains: env.list("DENIED_DOMAINS"),
            refuse_disposable_domains: env
                .choice("DISPOSABLE_DOMAINS", [("refuse", true), ("allow", false)])
                .unwrap_or(true),
            invitations: (policy != InvitationPolicy::Off).then(|| InvitationRules {
                table: env.required("INVITATIONS_TABLE", "the name of the table of invitations"),
                required: policy == InvitationPolicy::Required,
                confirm: confirm.unwrap_or(false),
            }),
            federated_sign_up: env
                .choice("FEDERATED_SIGN_UP", federated)
                .unwrap_or(federated_by_default),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests {
    use entrypoint::Env;

    use super::{Config, FederatedSignUp, InvitationRules};

    #[test]
    fn nothing_set_refuses_only_disposable_domains() {
        let config = Config::from_env(Env::of_pairs([])).unwrap();
        let expected = Config {
            allowed_domains: vec![],
            denied_domains: vec![],
            refuse_disposable_domains: true,
            invitations: None,
            federated_sign_up: FederatedSignUp::DomainRules,
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
}
