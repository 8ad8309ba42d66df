use email_address::Domain;

/// The domains that the crate `mailchecker` collects; `build.rs` says how they are written.
static DOMAINS: &str = include_str!(concat!(env!("OUT_DIR"), "/disposable-domains.txt"));

/// Whether the domain, or one that it stands under, gives out addresses to be thrown away.
pub(crate) fn is_disposable(domain: &Domain) -> bool {
    let ending = domain.self_and_parents().last();
    let mut domains = domain.self_and_parents().filter_map(in_two);
    let names = ending.and_then(names_before);
    names.is_some_and(|names| domains.any(|(name, _)| is_among(names, name)))
}

/// What stands before the ending, and the ending.
fn in_two(domain: &str) -> Option<(&str, &str)> {
    domain.rsplit_once('.')
}

/// All that stands before this ending in the list: it goes from line to line by their lengths.
fn names_before(ending: &str) -> Option<&'static str> {
    let mut lines = DOMAINS;
    while let Some((of, rest)) = lines.split_once(' ') {
        let (length, rest) = rest.split_once(' ')?;
        let (names, rest) = rest.split_at_checked(length.parse().ok()?)?;
        if of == ending {
            return Some(names);
        }
        lines = rest.strip_prefix('\n')?;
    }
    None
}

/// A binary search for the last block whose first name is not behind this name: it looks at the block that holds the middle byte.
fn is_among(names: &str, name: &str) -> bool {
    let (mut low, mut high) = (0, names.len());
    let mut found = None;
    while low < high {
        let middle = low.midpoint(high);
        let start = names[low..middle]
            .rfind(' ')
            .map_or(low, |space| low + space + 1);
        let end = names[middle..high]
            .find(' ')
            .map_or(high, |space| middle + space);
        let block = &names[start..end];
        if block.split(is_count).next() <= Some(name) {
            found = Some(block);
            low = end + 1;
        } else {
            high = start;
        }
    }
    found.is_some_and(|block| holds(block, name))
}

/// Spells the names of a block out, one after the other: each ends where a count says how much of it the next one begins with.
fn holds(block: &str, name: &str) -> bool {
    let mut listed = String::new();
    for char in block.chars() {
        if !is_count(char) {
            listed.push(char);
        } else if listed == name {
            return true;
        } else {
            listed.truncate(char as usize - 'A' as usize);
        }
    }
    listed == name
}

fn is_count(char: char) -> bool {
    char.is_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use email_address::Domain;

    use super::{DOMAINS, in_two, is_among, is_disposable, names_before};

    fn is_listed(domain: &str) -> bool {
        in_two(domain).is_some_and(|(name, ending)| {
            names_before(ending).is_some_and(|names| is_among(names, name))
        })
    }

    #[test]
    fn the_search_finds_every_domain_of_the_list_and_nothing_else() {
        let domains = mailchecker::blacklist();
        let listed: HashSet<_> = domains.iter().copied().collect();
        assert!(listed.len() > 50_000, "only {} domains", listed.len());
        for domain in &listed {
            let mut parents = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
            let covered = parents.any(|parent| listed.contains(parent));
            assert_ne!(is_listed(domain), covered, "{domain}");
        }
        // Many of them, since this is slow where it is not optimised.
        for domain in domains.iter().step_by(20) {
            let before = format!("-{domain}");
            let after = format!("{domain}0");
            let longer = domain.replacen('.', "0.", 1);
            let shorter = domain.replacen('.', "", 1);
            for near in [&domain[1..], &before, &after, &longer, &shorter] {
                assert!(!is_listed(near) || listed.contains(near), "{near}");
            }
        }
        for nothing in ["", "\n", ".", ".com", "com", "com ", "comA", " .com"] {
            assert!(!is_listed(nothing), "{nothing:?}");
        }
    }

    #[test]
    fn the_list_is_small_and_has_no_characters_but_its_own() {
        assert!(DOMAINS.len() < 500_000, "{} bytes", DOMAINS.len());
        let own = |char: char| char.is_ascii_alphanumeric() || " \n.-".contains(char);
        assert!(DOMAINS.chars().all(own));
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
