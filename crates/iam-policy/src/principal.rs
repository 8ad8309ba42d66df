//! Who a policy that is attached to a resource is about.

use serde_json::Value;

use crate::document::{Unsupported, texts};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// Users of an identity provider, such as `cognito-identity.amazonaws.com`.
    Federated(&'a str),
    /// A service of AWS, such as `lambda.amazonaws.com`.
    Service(&'a str),
    /// The ARN of a role, of a session of one, of a user, or of an account (`arn:aws:iam::111122223333:root`).
    ///
    /// It is compared as it stands: who can be named by several asks for each.
    Aws(&'a str),
}

/// The `Principal` of a statement.
#[derive(Debug, Clone)]
pub(crate) struct Principals {
    any: bool,
    federated: Vec<String>,
    services: Vec<String>,
    aws: Vec<String>,
}

impl Principals {
    pub(crate) fn parse(value: &Value, place: &str) -> Result<Self, Unsupported> {
        let mut principals = Self {
            any: value.as_str() == Some("*"),
            federated: Vec::new(),
            services: Vec::new(),
            aws: Vec::new(),
        };
        if principals.any {
            return Ok(principals);
        }
        let Value::Object(kinds) = value else {
            return Err(Unsupported::at(place, "expected an object, or \"*\""));
        };
        for (kind, names) in kinds {
            let place = format!("{place}.{kind}");
            let names = texts(names, &place)?;
            let partial = |name: &&String| *name != "*" && name.contains(['*', '?']);
            if let Some(name) = names.iter().find(partial) {
                let what = format!("{name}: a principal has no wildcard in its name");
                return Err(Unsupported::at(&place, what));
            }
            match kind.as_str() {
                "AWS" => {
                    principals.any |= names.iter().any(|name| name == "*");
                    principals.aws = names;
                }
                "Federated" => principals.federated = names,
                "Service" => principals.services = names,
                _ => return Err(Unsupported::at(&place, "the principal is not known")),
            }
        }
        Ok(principals)
    }

    pub(crate) fn contain(&self, principal: Principal<'_>) -> bool {
        let (names, name) = match principal {
            // `*` and `{"AWS": "*"}` are everybody. Source: IAM User Guide, "Principal", "All principals".
            _ if self.any => return true,
            Principal::Federated(name) => (&self.federated, name),
            Principal::Service(name) => (&self.services, name),
            Principal::Aws(arn) => return self.aws.iter().any(|name| is_named(arn, name)),
        };
        names.iter().any(|known| known == name)
    }
}

/// An account's number is short for its ARN.
fn is_named(arn: &str, name: &str) -> bool {
    let account = arn
        .strip_suffix(":root")
        .and_then(|arn| arn.rsplit(':').next());
    arn == name || account == Some(name)
}
