use std::collections::BTreeMap;

use cognito_events::inbound_federation::ProviderType;
use email_address::Domain;

use super::object::Object;
use crate::provider::{
    EMAIL, EMAIL_VERIFIED, GroupFilter, GroupPattern, Mapping, ProviderRule, user_name_claim,
};

/// Reads `PROVIDERS`, and notes all that is wrong with it.
pub(super) fn read(json: &str, notes: &mut Vec<String>) -> BTreeMap<String, ProviderRule> {
    let Some(object) = Object::read(json, "", notes) else {
        return BTreeMap::new();
    };
    let members = object.into_members().into_iter();
    members
        .filter_map(|(name, value)| {
            let rule = rule(Object::read(value.get(), &name, notes)?, &name, notes);
            Some((name, rule))
        })
        .collect()
}

fn rule(mut object: Object, provider: &str, notes: &mut Vec<String>) -> ProviderRule {
    if object.is_empty() {
        return ProviderRule::KeepAll;
    }
    let provider_type = provider_type(&mut object, provider, notes);
    let is_saml = provider_type == ProviderType::Saml;
    let mut answer = Answer {
        provider,
        user_name: user_name_claim(&provider_type),
        names: BTreeMap::new(),
    };
    answer.keep(&mut object, is_saml, notes);
    answer.rename(&mut object, notes);
    let groups = groups(&mut object, &mut answer, notes);
    let domains = domains(&mut object, notes);
    // Secure default: whoever speaks for a domain has to say that the address is the user's. SAML has no word for it.
    let require_verified_email = object
        .take("requireVerifiedEmail", "true or false", notes)
        .unwrap_or(!domains.is_empty() && !is_saml);
    let is_pinned = !domains.is_empty();
    for needed in needed_attributes(is_pinned, require_verified_email, &answer) {
        object.note(&needed, notes);
    }
    object.close(notes);
    // Unasked where a SAML provider sends it as an attribute too; everybody else had to list it.
    let user_name = answer.user_name.to_owned();
    answer.names.insert(user_name.clone(), user_name);
    if let Some(groups) = &groups {
        answer.names.remove(&groups.to);
    }
    ProviderRule::Map(Mapping {
        provider_type,
        attributes: answer.names,
        groups,
        domains,
        require_verified_email,
    })
}

/// A social provider's name in a pool is always that of its type.
fn provider_type(object: &mut Object, provider: &str, notes: &mut Vec<String>) -> ProviderType {
    const EXPECTED: &str = "one of OIDC, SAML, Facebook, Google, SignInWithApple, LoginWithAmazon";
    let of_name = match provider {
        "Facebook" => ProviderType::Facebook,
        "Google" => ProviderType::Google,
        "SignInWithApple" => ProviderType::SignInWithApple,
        "LoginWithAmazon" => ProviderType::LoginWithAmazon,
        _ => ProviderType::Oidc,
    };
    match object.take("type", EXPECTED, notes) {
        Some(ProviderType::Unknown(_)) => {
            notes.push(format!("{}: expected {EXPECTED}", object.place("type")));
            of_name
        }
        Some(given) => given,
        None => of_name,
    }
}

/// The attributes of the answer, each with the provider's name of it.
struct Answer<'name> {
    provider: &'name str,
    /// The claim of which Cognito makes the user's name.
    user_name: &'static str,
    names: BTreeMap<String, String>,
}

impl Answer<'_> {
    /// Reads `attributes`.
    fn keep(&mut self, object: &mut Object, is_saml: bool, notes: &mut Vec<String>) {
        const EXPECTED: &str =
            "a list of the attributes to keep, since what it does not name is dropped";
        let place = object.place("attributes");
        let Some(names) = object.required_list("attributes", EXPECTED, notes) else {
            return;
        };
        let user_name = self.user_name;
        // SAML has it beside the attributes.
        if !is_saml && names.iter().all(|name| name != user_name) {
            notes.push(format!(
                "{place}: expected `{user_name}` among them, of which Cognito makes the user's name"
            ));
        }
        for name in names {
            self.add(&name, &name, notes);
        }
    }

    /// Reads `rename`.
    fn rename(&mut self, object: &mut Object, notes: &mut Vec<String>) {
        let Some(renames) = object.take_object("rename", notes) else {
            return;
        };
        let place = object.place("rename");
        for (from, to) in renames.into_members() {
            match serde_json::from_str::<String>(to.get()) {
                Ok(to) if !from.is_empty() && !to.is_empty() => {
                    if self.names.contains_key(&from) {
                        notes.push(format!("{place}: `{from}` is kept under its own name too"));
                    }
                    self.add(&to, &from, notes);
                }
                _ => notes.push(format!("{place}: expected a name for each name")),
            }
        }
    }

    fn add(&mut self, to: &str, from: &str, notes: &mut Vec<String>) {
        let (provider, user_name) = (self.provider, self.user_name);
        if (to == user_name) != (from == user_name) {
            notes.push(format!(
                "{provider}: `{user_name}` must stay as it is, since Cognito makes the user's name of it"
            ));
        }
        if to == "identities" || to.starts_with("cognito:") {
            notes.push(format!("{provider}: `{to}` is Cognito's to set"));
        }
        if self.names.insert(to.to_owned(), from.to_owned()).is_some() {
            notes.push(format!("{provider}: `{to}` would be answered twice"));
        }
    }
}

/// Reads `groups`.
fn groups(
    object: &mut Object,
    answer: &mut Answer,
    notes: &mut Vec<String>,
) -> Option<GroupFilter> {
    let mut groups = object.take_object("groups", notes)?;
    let from = groups.required_name("from", notes);
    let to = groups.required_name("to", notes);
    let patterns = groups.required_list("keep", EXPECTED_PATTERNS, notes);
    let place = groups.place("keep");
    groups.close(notes);
    let keep: Vec<_> = patterns
        .into_iter()
        .flatten()
        .filter_map(|text| {
            let pattern = group_pattern(&text);
            if pattern.is_none() {
                notes.push(format!("{place}: `{text}` is not {EXPECTED_PATTERN}"));
            }
            pattern
        })
        .collect();
    let (from, to) = (from?, to?);
    if answer.names.values().any(|kept| *kept == from) {
        object.note(&format!("`{from}` is kept unfiltered too"), notes);
    }
    answer.add(&to, &from, notes);
    Some(GroupFilter { from, to, keep })
}

const EXPECTED_PATTERNS: &str = "a list of groups, each a name or a beginning such as app-*";
const EXPECTED_PATTERN: &str = "a group's name or a beginning such as app-*, without commas";

/// A comma ends a group's name in the answer, so none can have one.
fn group_pattern(text: &str) -> Option<GroupPattern> {
    let beginning = text.strip_suffix('*');
    if beginning.unwrap_or(text).contains(['*', ',']) {
        return None;
    }
    Some(match beginning {
        Some(beginning) => GroupPattern::Beginning(beginning.to_owned()),
        None => GroupPattern::Name(text.to_owned()),
    })
}

/// Reads `domains`.
fn domains(object: &mut Object, notes: &mut Vec<String>) -> Vec<Domain> {
    let names = object.take_list("domains", "a list of e-mail domains", notes);
    let place = object.place("domains");
    let domains = names.into_iter().flatten().filter_map(|name| {
        let domain = name.parse();
        domain
            .map_err(|error| notes.push(format!("{place}: {error}")))
            .ok()
    });
    domains.collect()
}

/// What the rules on addresses lack in the answer, and what may not be in it without them.
fn needed_attributes(
    is_pinned: bool,
    require_verified_email: bool,
    answer: &Answer,
) -> Vec<String> {
    let is_answered = |name: &str| answer.names.contains_key(name);
    let mut problems = Vec::new();
    if (is_pinned || require_verified_email) && !is_answered(EMAIL) {
        problems.push(format!("rules on addresses need `{EMAIL}` in the answer"));
    }
    if require_verified_email && !is_answered(EMAIL_VERIFIED) {
        problems.push(format!(
            "requireVerifiedEmail needs `{EMAIL_VERIFIED}` in the answer"
        ));
    }
    if is_answered(EMAIL_VERIFIED) && !is_answered(EMAIL) {
        problems.push(format!("`{EMAIL_VERIFIED}` says nothing without `{EMAIL}`"));
    }
    if !is_pinned {
        let authorising = answer
            .names
            .keys()
            .filter(|name| name.starts_with("custom:") || name.starts_with("dev:"));
        problems.extend(authorising.map(|name| {
            format!("`{name}` needs `domains`, since apps authorise by such attributes")
        }));
    }
    problems
}
