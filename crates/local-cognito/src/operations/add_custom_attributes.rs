use serde_json::{Value, json};

use super::members;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::{Members, SchemaAttribute};

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html>
pub(super) fn run(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    stand_in.pool(&pool_id)?;
    if !members.contains_key("CustomAttributes") {
        return Err(Error::missing("customAttributes"));
    }
    let added = SchemaAttribute::described(members).map_err(Error::InvalidParameter)?;
    if added.is_empty() {
        return Err(Error::invalid(
            "1 validation error detected: Value at 'customAttributes' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ));
    }
    stand_in.change_pool(&pool_id, |pool| {
        for attribute in added {
            let name = &attribute.name;
            if pool.schema.iter().any(|known| known.name == *name) {
                return Err(Error::invalid(format!(
                    "{name}: Existing attribute already has name {name}."
                ))); // P
            }
            pool.schema.push(attribute);
        }
        let custom = pool.schema.iter();
        let custom = custom.filter(|attribute| attribute.name.contains(':'));
        if custom.count() > SchemaAttribute::MOST_CUSTOM {
            return Err(Error::invalid(format!(
                "CustomAttributes: expected at most {} in the pool",
                SchemaAttribute::MOST_CUSTOM
            ))); // ours
        }
        Ok(json!({}))
    })
}
