use cognito_events::RedactedMap;
use cognito_events::inbound_federation::{ProviderType, Request};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Refusal;

/// What a provider said about the user, in the order in which it is believed.
pub(super) struct Claims<'event> {
    documents: Vec<&'event RedactedMap<Box<RawValue>>>,
}

impl<'event> Claims<'event> {
    /// The ID token is signed by the provider, so it wins over the user info, as in AWS's own examples. The token endpoint's answer is
    /// never read: it holds the provider's tokens, and says nothing about the user.
    pub(super) fn of(request: &'event Request<Box<RawValue>>) -> Self {
        let said = &request.attributes;
        Self {
            documents: match request.provider_type {
                ProviderType::Saml => vec![&said.saml_response],
                ProviderType::Oidc
                | ProviderType::Facebook
                | ProviderType::Google
                | ProviderType::SignInWithApple
                | ProviderType::LoginWithAmazon
                | ProviderType::Unknown(_) => vec![&said.id_token, &said.user_info],
            },
        }
    }

    /// User info that names another user than the ID token must not be used (OpenID Connect Core 1.0, section 5.3.2).
    pub(super) fn about_one_user(&self, claim: &str) -> Result<(), Refusal> {
        let mut names = self.documents.iter().filter_map(|said| text(said, claim));
        let first = names.next();
        if names.any(|name| Some(name) != first) {
            return Err(Refusal::SubjectsDiffer);
        }
        Ok(())
    }

    /// The value as it was written, unless it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&'event RawValue> {
        self.documents.iter().find_map(|said| value(said, name))
    }

    /// The value as text, since user attributes hold nothing else: a list or an object is its JSON.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(as_text)
    }

    /// What was said about that value: the claims of a document that states it.
    pub(super) fn text_about(&self, name: &str, claim: &str, stated: &str) -> Option<String> {
        self.documents
            .iter()
            .filter(|said| text(said, claim).as_deref() == Some(stated))
            .find_map(|said| text(said, name))
    }
}

fn text(said: &RedactedMap<Box<RawValue>>, name: &str) -> Option<String> {
    value(said, name).and_then(as_text)
}

fn value<'event>(said: &'event RedactedMap<Box<RawValue>>, name: &str) -> Option<&'event RawValue> {
    said.get(name)
        .map(|value| &**value)
        .filter(|value| value.get() != "null")
}

/// None for what is not Unicode, and for lists and objects that are nested deeper than any that means something.
fn as_text(value: &RawValue) -> Option<String> {
    let json = value.get();
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok(),
        b'[' | b'{' => {
            let parts: Value = serde_json::from_str(json).ok()?;
            Some(parts.to_string())
        }
        _ => Some(json.to_owned()),
    }
}
