//! How views read JSON: a null is an absent field, and a number or boolean where text belongs is its text.

use std::fmt;

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, IntoDeserializer, Visitor};

/// Null or absent is the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Text, with null as the empty text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<Text>::deserialize(deserializer)?
        .map(|text| text.0)
        .unwrap_or_default())
}

/// Secret text; null is none.
pub(crate) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<Text>::deserialize(deserializer)?.map(|text| text.0.into()))
}

/// One of Cognito's names; null is the empty name, which is none of them.
pub(crate) fn name<'de, D, Name>(deserializer: D) -> Result<Name, D::Error>
where
    D: Deserializer<'de>,
    Name: Deserialize<'de>,
{
    Name::deserialize(text(deserializer)?.into_deserializer())
}

/// A list; null is the empty list, and a null in it is left out.
pub(crate) fn list<'de, D, Item>(deserializer: D) -> Result<Vec<Item>, D::Error>
where
    D: Deserializer<'de>,
    Item: Deserialize<'de>,
{
    let items = Option::<Vec<Option<Item>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(items.into_iter().flatten().collect())
}

/// Text, or a number's or boolean's text. AWS documents strings; its samples also show `"version": 1` and `"email_verified": true`.
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = Text;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("text, a number or a boolean")
            }

            fn visit_str<E>(self, value: &str) -> Result<Text, E> {
                Ok(Text(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<Text, E> {
                Ok(Text(value))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Text, E> {
                Ok(Text(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Text, E> {
                Ok(Text(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Text, E> {
                Ok(Text(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Text, E> {
                Ok(Text(value.to_string()))
            }
        }

        deserializer.deserialize_any(TextVisitor)
    }
}
