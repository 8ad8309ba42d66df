mod endpoint;
mod trusted_provider;

use email_address::Domain;
use entrypoint::{Env, Problems};

use crate::captcha::Provider;

pub(crate) use endpoint::Endpoint;
pub(crate) use trusted_provider::TrustedProvider;

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
/// | `LINK_PROVIDERS` | comma list of identity providers whose users are linked to the native user of the same address; `Google`: trusted with an address that it says it verified; `Okta=example.com`: trusted with that domain alone, sub-domains not included; names are spelt as in the pool, and may stand more than once | none |
/// | `CREATE_NATIVE_FIRST` | `true`: where a trusted provider's user has no native user yet, one is made and linked, so that the account outlives the provider | `false` |
/// | `CAPTCHA` | who sets the puzzle that a sign-up has to bring the proof of: `off`, `turnstile`, `hcaptcha`, `recaptcha` | `off` |
/// | `CAPTCHA_SECRET` | name of the SSM parameter (a `SecureString`) with the provider's secret, or `/aws/reference/secretsmanager/<id>`; needed unless `CAPTCHA` is `off` | |
/// | `CAPTCHA_HOSTS` | comma list of the hosts whose pages show the puzzle; a proof from another host does not count; needed unless `CAPTCHA` is `off` | |
/// | `CAPTCHA_ACTION` | the action that the page gives the puzzle, `turnstile` and `recaptcha` | any |
/// | `CAPTCHA_MIN_SCORE` | the least score that passes, from 0 (a robot) to 1 (a person), `recaptcha` version 3 | no score is looked at |
/// | `CAPTCHA_ON_ERROR` | what happens while the provider cannot be reached: `refuse`, or `allow`; a wrong proof is refused all the same | `refuse` |
/// | `CAPTCHA_ENDPOINT` | another address of the same provider, `https`; plain `http` only to a loopback address | the provider's own |
#[derive(Debug, PartialEq)]
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
    /// `None` when `LINK_PROVIDERS` is empty.
    pub linking: Option<LinkRules>,
    /// `None` when `CAPTCHA` is `off`.
    pub captcha: Option<CaptchaRules>,
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

/// Which federated identities become a native user's, instead of users of their own.
#[derive(Debug, PartialEq, Eq)]
pub struct LinkRules {
    /// `LINK_PROVIDERS`.
    pub(crate) trusted: Vec<TrustedProvider>,
    /// `CREATE_NATIVE_FIRST`.
    pub(crate) create_native_first: bool,
}

/// What proves that a person signs up, and no robot.
#[derive(Debug, PartialEq)]
pub struct CaptchaRules {
    /// `CAPTCHA`.
    pub(crate) provider: Provider,
    /// `CAPTCHA_SECRET`.
    pub(crate) secret: String,
    /// `CAPTCHA_HOSTS`.
    pub(crate) hosts: Vec<Domain>,
    /// `CAPTCHA_ACTION`.
    pub(crate) action: Option<String>,
    /// `CAPTCHA_MIN_SCORE`.
    pub(crate) min_score: Option<f64>,
    /// `CAPTCHA_ON_ERROR` is `allow`.
    pub(crate) allow_when_unreachable: bool,
    /// `CAPTCHA_ENDPOINT`, or the provider's own.
    pub(crate) endpoint: Endpoint,
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
            linking: linking(&mut env),
            captcha: captcha(&mut env),
        };
        env.check(config)
    }
}

fn linking(env: &mut Env) -> Option<LinkRules> {
    let rules = LinkRules {
        trusted: env.list("LINK_PROVIDERS"),
        create_native_first: env
            .choice("CREATE_NATIVE_FIRST", [("true", true), ("false", false)])
            .unwrap_or(false),
    };
    if !rules.trusted.is_empty() {
        return Some(rules);
    }
    if rules.create_native_first {
        env.problem("CREATE_NATIVE_FIRST", "needs LINK_PROVIDERS");
    }
    None
}

fn captcha(env: &mut Env) -> Option<CaptchaRules> {
    let providers = [
        ("off", None),
        ("turnstile", Some(Provider::Turnstile)),
        ("hcaptcha", Some(Provider::HCaptcha)),
        ("recaptcha", Some(Provider::ReCaptcha)),
    ];
    let provider = env.choice("CAPTCHA", providers)??;
    let secret = env.required(
        "CAPTCHA_SECRET",
        "the name of the parameter with the secret",
    );
    if !secret.is_empty() && !secret.starts_with('/') {
        env.problem(
            "CAPTCHA_SECRET",
            "expected a parameter's name that begins with a slash, not the secret itself",
        );
    }
    let hosts: Vec<Domain> = env.list("CAPTCHA_HOSTS");
    if hosts.is_empty() {
        env.problem(
            "CAPTCHA_HOSTS",
            "expected the hosts whose pages show the puzzle",
        );
    }
    let action: Option<String> = env.optional("CAPTCHA_ACTION");
    if action.is_some() && !provider.names_actions() {
        env.problem("CAPTCHA_ACTION", "this provider does not name actions");
    }
    let min_score: Option<f64> = env.optional("CAPTCHA_MIN_SCORE");
    if min_score.is_some() && !provider.scores() {
        env.problem("CAPTCHA_MIN_SCORE", "this provider does not give scores");
    }
    if min_score.is_some_and(|score| !(0.0..=1.0).contains(&score)) {
        env.problem("CAPTCHA_MIN_SCORE", "expected a number from 0 to 1");
    }
    let endpoint = env.or("CAPTCHA_ENDPOINT", provider.endpoint());
    if !endpoint.belongs_to(provider.domains()) {
        let domains = provider.domains().join(" or ");
        env.problem(
            "CAPTCHA_ENDPOINT",
            format_args!("expected a host of {domains}, or a loopback address"),
        );
    }
    let allow_when_unreachable = env
        .choice("CAPTCHA_ON_ERROR", [("refuse", false), ("allow", true)])
        .unwrap_or(false);
    Some(CaptchaRules {
        provider,
        secret,
        hosts,
        action,
        min_score,
        allow_when_unreachable,
        endpoint,
    })
}

#[cfg(test)]
mod tests;
