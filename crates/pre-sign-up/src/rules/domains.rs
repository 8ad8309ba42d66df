use super::{Email, Refusal};
use crate::config::Config;
use crate::disposable::is_disposable;
use email_address::Domain;

/// The rules on the domain of the e-mail address.
///
/// Without an address only the allow list refuses: the other rules speak against some domains, not for having one.
pub(super) fn allowed(config: &Config, email: &Email) -> Result<(), Refusal> {
    let only_some = !config.allowed_domains.is_empty();
    let any_rule =
        only_some || !config.denied_domains.is_empty() || config.refuse_disposable_domains;
    match email {
        Email::Missing if only_some => Err(Refusal::EmailMissing),
        Email::Unreadable if any_rule => Err(Refusal::EmailUnreadable),
        Email::Missing | Email::Unreadable => Ok(()),
        Email::Address(address) => {
            not_denied(config, address.domain())?;
            if only_some {
                // A domain that the operator names is welcome, whatever a list made by others says about it.
                on_allow_list(config, address.domain())
            } else {
                not_disposable(config, address.domain())
            }
        }
    }
}

fn not_denied(config: &Config, domain: &Domain) -> Result<(), Refusal> {
    if covered(&config.denied_domains, domain) {
        return Err(Refusal::DomainDenied);
    }
    Ok(())
}

fn on_allow_list(config: &Config, domain: &Domain) -> Result<(), Refusal> {
    if covered(&config.allowed_domains, domain) {
        return Ok(());
    }
    Err(Refusal::DomainNotAllowed)
}

fn not_disposable(config: &Config, domain: &Domain) -> Result<(), Refusal> {
    if config.refuse_disposable_domains && is_disposable(domain) {
        return Err(Refusal::DomainDisposable);
    }
    Ok(())
}

fn covered(list: &[Domain], domain: &Domain) -> bool {
    list.iter().any(|listed| listed.covers(domain))
}

#[cfg(test)]
mod tests {
    use entrypoint::Env;

    use super::{Email, Refusal, allowed};
    use crate::config::Config;
    use email_address::EmailAddress;

    const ALLOWED: &[(&str, &str)] = &[("ALLOWED_DOMAINS", "example.com, münchen.example")];
    const DENIED: &[(&str, &str)] = &[("DENIED_DOMAINS", "example.com, münchen.example")];
    const BOTH: &[(&str, &str)] = &[
        ("ALLOWED_DOMAINS", "example.com"),
        ("DENIED_DOMAINS", "lab.example.com"),
    ];
    const DENIED_ABOVE: &[(&str, &str)] = &[
        ("ALLOWED_DOMAINS", "lab.example.com"),
        ("DENIED_DOMAINS", "example.com"),
    ];
    const WELCOME_DISPOSABLE: &[(&str, &str)] = &[("ALLOWED_DOMAINS", "mailinator.com")];
    const NO_RULE: &[(&str, &str)] = &[("DISPOSABLE_DOMAINS", "allow")];
    const DEFAULT: &[(&str, &str)] = &[];

    #[track_caller]
    fn check(variables: &[(&str, &str)], email: &str, expected: Result<(), Refusal>) {
        let none = ("", "");
        let pair = |place: usize| variables.get(place).copied().unwrap_or(none);
        let config = Config::from_env(Env::of_pairs([pair(0), pair(1)])).unwrap();
        let parsed = match email {
            "" => Email::Missing,
            text => EmailAddress::parse(text).map_or(Email::Unreadable, Email::Address),
        };
        assert_eq!(
            allowed(&config, &parsed),
            expected,
            "{variables:?}, {email:?}"
        );
    }

    #[test]
    fn the_allow_list() {
        let refused = Err(Refusal::DomainNotAllowed);
        for (email, expected) in [
            ("ines@example.com", Ok(())),
            ("ines@EXAMPLE.com.", Ok(())),
            ("ines@mail.example.com", Ok(())),
            ("ines@xn--mnchen-3ya.example", Ok(())),
            ("ines@MÜNCHEN.example", Ok(())),
            ("\"a@evil.example\"@example.com", Ok(())),
            ("ines@badexample.com", refused),
            ("ines@example.com.evil.example", refused),
            ("ines@example.co", refused),
            ("ines@com", refused),
            ("ines@munchen.example", refused),
            ("ines@ехample.com", refused),
            ("\"a@example.com\"@evil.example", refused),
            ("example.com@evil.example", refused),
            (
                "ines@evil.example@example.com",
                Err(Refusal::EmailUnreadable),
            ),
            ("ines@[192.0.2.1]", Err(Refusal::EmailUnreadable)),
            (" ", Err(Refusal::EmailUnreadable)),
            ("", Err(Refusal::EmailMissing)),
        ] {
            check(ALLOWED, email, expected);
        }
    }

    #[test]
    fn the_deny_list() {
        let refused = Err(Refusal::DomainDenied);
        for (email, expected) in [
            ("ines@example.org", Ok(())),
            ("ines@badexample.com", Ok(())),
            ("", Ok(())),
            ("ines@example.com", refused),
            ("ines@Example.Com.", refused),
            ("ines@ｅxample.com", refused),
            ("ines@mail.example.com", refused),
            ("ines@MÜNCHEN.example", refused),
            ("\"a@good.example\"@example.com", refused),
            (
                "ines@example.com@good.example",
                Err(Refusal::EmailUnreadable),
            ),
        ] {
            check(DENIED, email, expected);
        }
    }

    #[test]
    fn denied_wins_over_allowed_and_allowed_over_disposable() {
        check(BOTH, "ines@example.com", Ok(()));
        check(BOTH, "ines@lab.example.com", Err(Refusal::DomainDenied));
        check(
            DENIED_ABOVE,
            "ines@lab.example.com",
            Err(Refusal::DomainDenied),
        );
        check(WELCOME_DISPOSABLE, "ines@mailinator.com", Ok(()));
    }

    #[test]
    fn disposable_domains_are_refused_unless_allowed() {
        let refused = Err(Refusal::DomainDisposable);
        check(DEFAULT, "ines@mailinator.com", refused);
        check(DEFAULT, "ines@sub.MAILINATOR.com", refused);
        check(DEFAULT, "ines@example.org", Ok(()));
        check(DEFAULT, "", Ok(()));
        check(DEFAULT, "not an address", Err(Refusal::EmailUnreadable));
        check(NO_RULE, "ines@mailinator.com", Ok(()));
        check(NO_RULE, "not an address", Ok(()));
    }
}
