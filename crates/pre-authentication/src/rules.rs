mod typed;

use std::collections::BTreeSet;

use admission::{Block, Refusal, Subject, not_blocked};
use cognito_events::pre_authentication::Event;

use crate::Found;
use crate::config::{AccountRefusals, Config};

/// Decides on one event. A trigger source that this version does not know is decided on as a sign-in, since all of them are one.
pub(crate) fn decide(config: &Config, event: &Event, found: &Found) -> Result<(), Refusal> {
    match config.account_refusals {
        AccountRefusals::AfterPassword => {
            // Whether a block lets somebody through depends on the account.
            let same_for_all = found
                .blocks
                .iter()
                .filter(|block| block.except_groups.is_empty());
            not_blocked(same_for_all, &[])?;
            typed::domain_welcome(config, event)
        }
        AccountRefusals::BeforePassword => {
            not_blocked(&found.blocks, &found.groups)?;
            if event.request.user_not_found {
                return typed::domain_welcome(config, event);
            }
            let attributes = &event.request.user_attributes;
            config.policy.domain_welcome(attributes.get("email"))?;
            config.policy.address_verified(attributes)
        }
    }
}

/// Whose blocks the decision depends on.
pub(crate) fn subjects(config: &Config, event: &Event) -> BTreeSet<Subject> {
    let client = event.caller_context.client_id.as_deref();
    let client = client.and_then(Subject::client);
    let mut subjects: BTreeSet<_> = [Subject::Pool].into_iter().chain(client).collect();
    subjects.extend(typed::subjects(config, event));
    match config.account_refusals {
        AccountRefusals::AfterPassword => {}
        AccountRefusals::BeforePassword => subjects.extend(account(event)),
    }
    subjects
}

/// What the account that is signed in to has.
fn account(event: &Event) -> impl Iterator<Item = Subject> {
    let attributes = &event.request.user_attributes;
    let addresses = ["email", "phone_number"].map(|name| attributes.get(name));
    let user = attributes.get("sub").and_then(Subject::user);
    addresses
        .into_iter()
        .flatten()
        .chain([event.user_name.as_str()])
        .flat_map(Subject::of_address)
        .chain(user)
}

/// Whether the decision depends on the user's groups. An unknown user has none.
pub(crate) fn groups_matter(config: &Config, event: &Event, blocks: &[Block]) -> bool {
    let lets_some_through = |block: &Block| !block.except_groups.is_empty();
    config.account_refusals == AccountRefusals::BeforePassword
        && !event.request.user_not_found
        && blocks.iter().any(lets_some_through)
}

#[cfg(test)]
mod tests;
