mod object;
mod providers;

use std::collections::BTreeMap;

use entrypoint::{Env, Problems};

use crate::provider::ProviderRule;

/// What the operator decided, read once at start.
///
/// | Variable | Meaning | Default |
/// | --- | --- | --- |
/// | `PROVIDERS` | JSON object: what is kept of what each identity provider says, by the provider's name in the pool | no provider |
/// | `UNLISTED_PROVIDERS` | sign-in through a provider that `PROVIDERS` does not name: `refuse` it, or `pass` on everything that the provider says | `refuse` |
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// `PROVIDERS`.
    pub(crate) providers: BTreeMap<String, ProviderRule>,
    /// `UNLISTED_PROVIDERS`.
    pub(crate) unlisted_providers: UnlistedProviders,
}

/// What happens to a sign-in through a provider that has no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnlistedProviders {
    /// Nobody comes in. Secure default: a provider that somebody adds to the pool, or whose name is misspelt here, says nothing unfiltered.
    Refuse,
    /// Everything that the provider says is kept.
    Pass,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// Every variable that is malformed, and each thing that is wrong within `PROVIDERS`.
    pub fn from_env(mut env: Env) -> Result<Self, Problems> {
        let mut notes = Vec::new();
        let providers = env
            .optional::<String>("PROVIDERS")
            .map(|json| providers::read(&json, &mut notes))
            .unwrap_or_default();
        for note in notes {
            env.problem("PROVIDERS", note);
        }
        let unlisted_providers = [
            ("refuse", UnlistedProviders::Refuse),
            ("pass", UnlistedProviders::Pass),
        ];
        let config = Self {
            providers,
            unlisted_providers: env
                .choice("UNLISTED_PROVIDERS", unlisted_providers)
                .unwrap_or(UnlistedProviders::Refuse),
        };
        env.check(config)
    }
}

#[cfg(test)]
mod tests;
