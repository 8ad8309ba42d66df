//! Making, changing, showing and deleting the domain of a pool. Nothing is served there: the token endpoint is on the stand-in's own port.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::Domain;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    domain: String,
    managed_login_version: Option<u32>,
    custom_domain_config: Option<CustomDomain>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CustomDomain {
    certificate_arn: String,
}

impl Input {
    fn domain(self) -> Result<Domain, Error> {
        let version = self.managed_login_version.unwrap_or(1);
        if !(1..=2).contains(&version) {
            return Err(Error::invalid(format!(
                "1 validation error detected: Value '{version}' at 'managedLoginVersion' failed to satisfy constraint: Member must have value less than or equal to 2"
            )));
        }
        let certificate_arn = self.custom_domain_config.map(|own| own.certificate_arn);
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let label = |text: &str| {
            (1..=63).contains(&text.len())
                && text.bytes().all(allowed)
                && !text.starts_with('-')
                && !text.ends_with('-')
        };
        let well_formed = match certificate_arn {
            Some(_) => self.domain.contains('.') && self.domain.split('.').all(label),
            None => label(&self.domain),
        };
        // D: a prefix cannot contain these words.
        let reserved = ["aws", "amazon", "cognito"];
        if !well_formed
            || certificate_arn.is_none() && reserved.iter().any(|word| self.domain.contains(word))
        {
            return Err(Error::invalid(
                "Domain: expected lower-case letters, digits and hyphens, without aws, amazon and cognito; \
                 a domain of one's own needs CustomDomainConfig",
            )); // ours
        }
        Ok(Domain {
            name: self.domain,
            certificate_arn,
            managed_login_version: version,
        })
    }
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html>
pub(super) fn create(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool_id = input.user_pool_id.clone();
    stand_in.pool(&pool_id)?;
    let domain = input.domain()?;
    if owner(stand_in, &domain.name).is_some() {
        return Err(Error::invalid(
            "Domain already associated with another user pool.",
        )); // W
    }
    let answer = json!({ "ManagedLoginVersion": domain.managed_login_version });
    stand_in.change_pool(&pool_id, |pool| {
        let same_kind =
            |other: &Domain| other.certificate_arn.is_some() == domain.certificate_arn.is_some();
        if pool.domains.iter().any(same_kind) {
            return Err(Error::invalid("The user pool already has such a domain")); // ours
        }
        pool.domains.push(domain);
        Ok(answer)
    })
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html>
pub(super) fn update(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool_id = input.user_pool_id.clone();
    stand_in.pool(&pool_id)?;
    let changed = input.domain()?;
    let answer = json!({ "ManagedLoginVersion": changed.managed_login_version });
    stand_in.change_pool(&pool_id, |pool| {
        let mut domains = pool.domains.iter_mut();
        match domains.find(|domain| domain.name == changed.name) {
            Some(domain) => *domain = changed,
            None => return Err(no_such_domain(&changed.name)),
        }
        Ok(answer)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeInput {
    domain: String,
}

/// A domain that nobody has is described as nothing (W).
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html>
pub(super) fn describe(stand_in: &StandIn, input: &DescribeInput) -> Result<Value, Error> {
    let Some((pool_id, domain)) = owner(stand_in, &input.domain) else {
        return Ok(json!({ "DomainDescription": {} }));
    };
    let own = domain.certificate_arn;
    let own = own.map(|certificate_arn| json!({ "CertificateArn": certificate_arn }));
    Ok(json!({ "DomainDescription": {
        "UserPoolId": pool_id,
        "AWSAccountId": stand_in.stack.account_id,
        "Domain": domain.name,
        "Status": "ACTIVE",
        "CustomDomainConfig": own,
        "ManagedLoginVersion": domain.managed_login_version,
    }}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteInput {
    user_pool_id: String,
    domain: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html>
pub(super) fn delete(stand_in: &StandIn, input: &DeleteInput) -> Result<Value, Error> {
    stand_in.pool(&input.user_pool_id)?;
    stand_in.change_pool(&input.user_pool_id, |pool| {
        let count = pool.domains.len();
        pool.domains.retain(|domain| domain.name != input.domain);
        if pool.domains.len() == count {
            return Err(no_such_domain(&input.domain));
        }
        Ok(json!({}))
    })
}

/// Whose domain it is, by the pool's id.
fn owner(stand_in: &StandIn, name: &str) -> Option<(String, Domain)> {
    stand_in.pools.all().into_iter().find_map(|pool| {
        let mut domains = pool.config.domains.iter();
        let domain = domains.find(|domain| domain.name == name)?;
        Some((pool.config.id.clone(), domain.clone()))
    })
}

fn no_such_domain(name: &str) -> Error {
    Error::invalid(format!("No such domain or user pool exists: {name}")) // P
}
