//! Which route a request takes: the most specific one that fits.
//!
//! Source: API Gateway Developer Guide, "Create routes for HTTP APIs": a full match, then a greedy path variable, then `$default`.

use std::collections::BTreeMap;

use crate::template::{HttpApi, Route};

/// A route, and what stands in its path variables.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) route: &'a Route,
    pub(super) variables: BTreeMap<String, String>,
}

pub(super) fn find<'a>(api: &'a HttpApi, method: &str, path: &str) -> Option<Found<'a>> {
    let fitting = api.routes.iter().filter_map(|route| {
        let of_method = route.method == method;
        if !of_method && route.method != "ANY" {
            return None;
        }
        let (specific, variables) = fit(&route.path, path)?;
        Some(((specific, of_method), Found { route, variables }))
    });
    let best = fitting.max_by(|(one, _), (other, _)| one.cmp(other));
    best.map(|(_, found)| found)
}

/// How specific a path is: `$default`, one that ends in a greedy variable by its length, any other one by its words.
type Specific = (u8, usize);

fn fit(pattern: &str, path: &str) -> Option<(Specific, BTreeMap<String, String>)> {
    let mut variables = BTreeMap::new();
    if pattern == "$default" {
        return Some(((0, 0), variables));
    }
    let mut rest: Vec<&str> = path.split('/').collect();
    rest.reverse();
    let mut words = 0;
    for part in pattern.split('/') {
        let variable = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        match variable {
            Some(name) if name.ends_with('+') => {
                rest.reverse();
                let value = rest.join("/");
                variables.insert(name.trim_end_matches('+').to_owned(), value);
                return (!rest.is_empty()).then_some(((1, words), variables));
            }
            Some(name) => {
                let value = rest.pop().filter(|value| !value.is_empty())?;
                variables.insert(name.to_owned(), value.to_owned());
            }
            None => {
                if rest.pop()? != part {
                    return None;
                }
                words += 1;
            }
        }
    }
    rest.is_empty().then_some(((2, words), variables))
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[track_caller]
    fn check(pattern: &str, path: &str, expected: Option<&[(&str, &str)]>) {
        let found = fit(pattern, path).map(|(_, variables)| variables);
        let expected = expected.map(|pairs| {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        });
        assert_eq!(found, expected, "{pattern} {path}");
    }

    #[test]
    fn paths_fit_whole() {
        check("/", "/", Some(&[]));
        check("/v1/totp", "/v1/totp", Some(&[]));
        for other in [
            "/v1/totp/",
            "/v1",
            "/v1/TOTP",
            "/v1/totp/confirm",
            "//v1/totp",
            "/",
        ] {
            check("/v1/totp", other, None);
        }
    }

    #[test]
    fn variables_take_one_part_and_greedy_ones_the_rest() {
        check("/a/{id}/c", "/a/b/c", Some(&[("id", "b")]));
        check("/a/{id}", "/a/", None);
        check("/a/{id}", "/a/b/c", None);
        check("/a/{proxy+}", "/a/b/c", Some(&[("proxy", "b/c")]));
        check("/a/{proxy+}", "/a", None);
        check("$default", "/whatever", Some(&[]));
    }

    #[test]
    fn the_more_specific_path_wins() {
        let specific = |pattern| fit(pattern, "/a/b").unwrap().0;
        let by_rank = [
            "$default",
            "/{proxy+}",
            "/a/{proxy+}",
            "/{x}/{y}",
            "/a/{y}",
            "/a/b",
        ];
        assert!(by_rank.is_sorted_by_key(|pattern| specific(pattern)));
        assert!(specific("/{proxy+}") < specific("/a/{proxy+}"));
    }
}
