use std::cmp::Ordering;

use email_address::Domain;

/// The domains that the crate `mailchecker` collects: sorted, one a line, ASCII in lower case (see `build.rs`).
static DOMAINS: &str = include_str!(concat!(env!("OUT_DIR"), "/disposable-domains.txt"));

/// Whether the domain, or one that it stands under, gives out addresses to be thrown away.
pub(crate) fn is_disposable(domain: &Domain) -> bool {
    domain.self_and_parents().any(is_listed)
}

/// A binary search for a line: it looks at the line that holds the middle byte.
fn is_listed(domain: &str) -> bool {
    let (mut low, mut high) = (0, DOMAINS.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = DOMAINS[low..middle]
            .rfind('\n')
            .map_or(low, |newline| low + newline + 1);
        let end = DOMAINS[middle..high]
            .find('\n')
            .map_or(high, |newline| middle + newline);
        match DOMAINS[start..end].cmp(domain) {
            Ordering::Less => low = end + 1,
            Ordering::Equal => return true,
            Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{DOMAINS, is_disposable, is_listed};
    use email_address::Domain;

    #[test]
    fn the_list_is_as_the_search_needs_it() {
        let domains: Vec<_> = DOMAINS.lines().collect();
        assert!(domains.len() > 50_000, "only {} domains", domains.len());
        assert!(domains.is_sorted_by(|one, next| one < next));
        assert!(DOMAINS.is_ascii());
    }

    #[test]
    fn the_search_finds_every_line_and_nothing_else() {
        let domains: HashSet<_> = DOMAINS.lines().collect();
        for domain in &domains {
            let before = format!("-{domain}");
            let after = format!("{domain}0");
            for near in [domain, &domain[1..], &*before, &*after] {
                assert_eq!(is_listed(near), domains.contains(near), "{near}");
            }
        }
        assert!(!is_listed(""));
        assert!(!is_listed("\n"));
    }

    #[test]
    fn sub_domains_are_disposable_and_look_alikes_are_not() {
        for (name, disposable) in [
            ("mailinator.com", true),
            ("MAILINATOR.com.", true),
            ("any.sub.mailinator.com", true),
            ("notmailinator.com.example", false),
            ("mailinator.com.example", false),
            ("com", false),
            ("example.org", false),
            ("gmail.com", false),
        ] {
            let domain = Domain::normalised(name).unwrap();
            assert_eq!(is_disposable(&domain), disposable, "domain {name:?}");
        }
    }
}
