//! What an identity provider says about a user's groups, and which groups of the pool that is worth.

use std::collections::BTreeSet;
use std::str::FromStr;

use cognito_events::Attributes;
use serde::Deserialize;

/// A user of this provider whom it counts among its group gets ours: `<provider>/<its group>=<group of the pool>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProviderGroup {
    /// As the user pool names it.
    provider: String,
    /// The group's name there, which may have blanks, slashes and equals signs in it, but no comma.
    theirs: String,
    ours: String,
}

impl FromStr for ProviderGroup {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(provider, groups)| {
            let (theirs, ours) = groups.rsplit_once('=')?;
            Some([provider, theirs, ours].map(str::trim))
        });
        match parts {
            Some(parts) if parts.iter().all(|part| !part.is_empty()) => {
                let [provider, theirs, ours] = parts.map(str::to_owned);
                Ok(Self {
                    provider,
                    theirs,
                    ours,
                })
            }
            _ => Err("expected a comma list such as Okta/Engineering=editors"),
        }
    }
}

/// The groups of the pool that the user's provider gives: none without one.
///
/// The attribute does not say which provider wrote it last. Where a user has several, only what each of them may give counts.
pub(crate) fn granted<'c>(
    attributes: &Attributes,
    attribute: &str,
    mapped: &'c [ProviderGroup],
) -> BTreeSet<&'c str> {
    if mapped.is_empty() {
        return BTreeSet::new();
    }
    let providers = attributes
        .get("identities")
        .map(providers)
        .unwrap_or_default();
    let theirs = attributes.get(attribute).map(names).unwrap_or_default();
    let may_give = |provider: &String, theirs: &str, ours: &str| {
        mapped.iter().any(|group| {
            group.provider == *provider && group.theirs == theirs && group.ours == ours
        })
    };
    let is_given = |group: &&ProviderGroup| {
        theirs.contains(&group.theirs)
            && !providers.is_empty()
            && providers
                .iter()
                .all(|provider| may_give(provider, &group.theirs, &group.ours))
    };
    let given = mapped.iter().filter(is_given);
    given.map(|group| group.ours.as_str()).collect()
}

/// The providers in the attribute `identities`, a list of objects as JSON in a text; none when it cannot be read.
fn providers(identities: &str) -> Vec<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Identity {
        provider_name: String,
    }
    let identities: Vec<Identity> = serde_json::from_str(identities).unwrap_or_default();
    identities
        .into_iter()
        .map(|identity| identity.provider_name)
        .collect()
}

/// The longest value that an attribute of a user can have, in characters. Source: Cognito's quotas, "Characters per attribute".
const MAX_LENGTH: usize = 2048;

/// The names in a list: a JSON array, `[a, b]` as Cognito writes the lists of SAML, or `a, b`.
///
/// Only a JSON array can hold names with commas in them.
fn names(text: &str) -> BTreeSet<String> {
    if text.chars().count() > MAX_LENGTH {
        return BTreeSet::new();
    }
    if let Ok(names) = serde_json::from_str::<BTreeSet<String>>(text) {
        return names;
    }
    let bare = text.trim();
    let in_brackets = bare
        .strip_prefix('[')
        .and_then(|inside| inside.strip_suffix(']'));
    let names = in_brackets.unwrap_or(bare).split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OKTA: &str = r#"[{"userId": "1", "providerName": "Okta", "providerType": "SAML", "issuer": null, "primary": true}]"#;
    const GOOGLE: &str = r#"[{"userId": "2", "providerName": "Google"}]"#;
    const BOTH: &str = r#"[{"providerName": "Okta"}, {"providerName": "Google"}]"#;

    #[track_caller]
    fn check(case: &str, identities: &str, groups: &str, expected: &[&str]) {
        let mapped = [
            "Okta/Engineering=editors",
            "Okta/Finance, Team=billing",
            "Okta/CN=Chiefs=admins",
            "Okta/Everyone=members",
            "Google/Everyone=members",
            "Google/Engineering=readers",
        ]
        .map(|entry| entry.parse().unwrap());
        let mut attributes = Attributes::from([("custom:groups", groups)]);
        if !identities.is_empty() {
            attributes = [("custom:groups", groups), ("identities", identities)].into();
        }
        let granted = granted(&attributes, "custom:groups", &mapped);
        assert_eq!(granted, expected.iter().copied().collect(), "{case}");
    }

    #[test]
    fn a_list_is_read_in_every_form_that_it_comes_in() {
        let editors_and_members: &[&str] = &["editors", "members"];
        for list in [
            r#"["Engineering","Everyone"]"#,
            "[Engineering, Everyone]",
            "[Engineering,Everyone, Others]",
            "Engineering,Everyone",
            " Engineering , Everyone ,",
        ] {
            check(list, OKTA, list, editors_and_members);
        }
        check("one", OKTA, "Engineering", &["editors"]);
        check(
            "a comma in a name",
            OKTA,
            r#"["Finance, Team"]"#,
            &["billing"],
        );
        check("a comma in no list", OKTA, "Finance, Team", &[]);
        check("an equals sign", OKTA, "[CN=Chiefs]", &["admins"]);
    }

    #[test]
    fn only_what_is_mapped_is_given() {
        for list in [
            "",
            "[]",
            "editors",
            "admins",
            "engineering",
            r#"["Engineering", 1]"#,
            "[Engineering",
            r#"{"Engineering": 1}"#,
        ] {
            check(list, OKTA, list, &[]);
        }
        let long = format!("Engineering,{}", "x".repeat(MAX_LENGTH));
        check("longer than an attribute can be", OKTA, &long, &[]);
    }

    #[test]
    fn a_group_is_given_by_its_own_provider_alone() {
        check(
            "another provider",
            GOOGLE,
            "Engineering,Everyone",
            &["readers", "members"],
        );
        check("both", BOTH, "Engineering,Everyone", &["members"]);
        for nobody in [
            "",
            "[]",
            "{}",
            "null",
            "Okta",
            r#"[{"providerName": "okta"}]"#,
            r#"[{"userId": "1"}]"#,
        ] {
            check(nobody, nobody, "Engineering,Everyone", &[]);
        }
    }

    #[test]
    fn an_entry_names_provider_and_both_groups() {
        for (entry, is_one) in [
            ("Okta/Engineering=editors", true),
            ("Okta/a/b=c=d", true),
            ("Engineering=editors", false),
            ("Okta/Engineering", false),
            ("/Engineering=editors", false),
            ("Okta/=editors", false),
            ("Okta/Engineering=", false),
        ] {
            assert_eq!(entry.parse::<ProviderGroup>().is_ok(), is_one, "{entry}");
        }
    }
}
