use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::claims::Claims;
use super::{Answer, LeftOut, MAX_CHARACTERS};
use crate::provider::{GroupFilter, Mapping};

/// Puts the groups that are kept into the answer, as one list with commas.
///
/// It is there without any group too: Cognito keeps what it has of an attribute that is not there, and the user would keep their groups.
pub(super) fn keep(mapping: &Mapping, claims: &Claims, answer: &mut Answer) {
    let Some(filter) = &mapping.groups else {
        return;
    };
    let (list, left_out) = filtered(filter, claims.get(&filter.from));
    answer.set(&filter.to, list);
    if left_out > 0 {
        answer.left_out.push(LeftOut::Groups {
            attribute: filter.to.clone(),
            groups: left_out,
        });
    }
}

/// The list, in alphabetical order, and how many groups were to be kept and are not in it.
fn filtered(filter: &GroupFilter, groups: Option<&RawValue>) -> (String, usize) {
    let wanted: BTreeSet<_> = names(groups)
        .into_iter()
        .filter(|group| filter.keep.iter().any(|pattern| pattern.matches(group)))
        .collect();
    let (mut list, mut characters, mut left_out) = (String::new(), 0, 0);
    for group in &wanted {
        let more = group.chars().count() + usize::from(!list.is_empty());
        // With a comma in it, the name of one group would be read as the names of two.
        if group.contains(',') || group.contains(char::is_control) {
            left_out += 1;
        } else if characters + more > MAX_CHARACTERS {
            // Those that come later in the alphabet stay out too, short as they may be: the list is the beginning of the whole one.
            left_out += 1;
            characters = MAX_CHARACTERS;
        } else {
            if !list.is_empty() {
                list.push(',');
            }
            list.push_str(group);
            characters += more;
        }
    }
    (list, left_out)
}

/// The groups of a JSON list, or of text: a JSON list, `[a, b]`, or `a, b`, which is how AWS's examples have them.
fn names(groups: Option<&RawValue>) -> Vec<String> {
    let Some(groups) = groups.map(RawValue::get) else {
        return Vec::new();
    };
    let text: String = match serde_json::from_str(groups) {
        Ok(text) => text,
        Err(_) => return of_list(groups).unwrap_or_default(),
    };
    let text = text.trim();
    if let Some(names) = of_list(text) {
        return names;
    }
    let bracketed = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    trimmed(bracketed.unwrap_or(text).split(','))
}

/// Numbers and objects in a list are no groups.
fn of_list(json: &str) -> Option<Vec<String>> {
    let list: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let texts: Vec<String> = list
        .into_iter()
        .filter_map(|group| serde_json::from_str(group.get()).ok())
        .collect();
    Some(trimmed(texts.iter().map(String::as_str)))
}

fn trimmed<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
