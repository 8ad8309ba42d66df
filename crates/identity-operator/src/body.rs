use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use broker_identities::Identifier;

use crate::problem::Problem;

/// Many times what two identifiers take.
const MAX_BYTES: usize = 8 * 1_024;

/// What a request says in its body.
pub(crate) fn read<T: DeserializeOwned>(request: &ApiGatewayV2httpRequest) -> Result<T, Problem> {
    let body = request.body.as_deref().unwrap_or_default();
    if body.len() > MAX_BYTES {
        return Err(Problem::Malformed);
    }
    let read = match request.is_base64_encoded {
        true => serde_json::from_slice(&STANDARD.decode(body).map_err(|_| Problem::Malformed)?),
        false => serde_json::from_str(body),
    };
    read.map_err(|_| Problem::Malformed)
}

/// A developer user identifier, in a body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Named(pub(crate) Identifier);

impl TryFrom<String> for Named {
    type Error = broker_identities::NotAnIdentifier;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}
