use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use serde_json::Value;

/// What a function behind an HTTP API answers.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpAnswer {
    /// The status code.
    pub status: i64,
    /// The JSON in the body; null where there is no body.
    pub body: Value,
    /// What `www-authenticate` asks for.
    pub challenge: Option<String>,
}

impl HttpAnswer {
    /// Reads a response, which no cache may keep.
    #[track_caller]
    pub fn of(response: ApiGatewayV2httpResponse) -> Self {
        assert_eq!(response.headers["cache-control"], "no-store");
        let challenge = response.headers.get("www-authenticate");
        Self {
            status: response.status_code,
            body: match response.body {
                Some(Body::Text(text)) => serde_json::from_str(&text).unwrap(),
                _ => Value::Null,
            },
            challenge: challenge.map(|value| value.to_str().unwrap().to_owned()),
        }
    }

    /// It is this problem, and says nothing else.
    #[track_caller]
    pub fn is_problem(&self, status: i64, code: &str) {
        let said = (self.status, &self.body["status"], &self.body["code"]);
        let expected = (status, &status.into(), &code.into());
        assert_eq!(said, expected, "{self:?}");
        assert_eq!(self.body["type"], format!("urn:lifeguard:problem:{code}"));
        let members = self.body.as_object().unwrap().keys();
        let mut members: Vec<_> = members.collect();
        members.sort();
        assert_eq!(members, ["code", "status", "title", "type"]);
    }
}
