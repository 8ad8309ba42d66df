use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::AttributeList;
use crate::delivery::send_sign_up_code;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{
    Confirmed, MessageReason, Metadata, NewUser, post_confirmation, pre_sign_up,
};
use crate::user_pool::{
    AttributeRules, Status, User, check_attributes, name_new_user, sign_in_contact,
};
use crate::{ids, passwords, secret_hash, srp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    password: SecretString,
    secret_hash: Option<String>,
    user_attributes: Option<AttributeList>,
    validation_data: Option<AttributeList>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_deref())?;
    if pool.config.admin_create_user_only {
        return Err(Error::not_authorized(
            "SignUp is not permitted for this user pool",
        )); // W
    }
    passwords::check(
        &pool.config.password_policy,
        &input.password,
        passwords::By::User,
    )?;
    let mut attributes: BTreeMap<String, String> =
        input.user_attributes.map(Into::into).unwrap_or_default();
    let sub = ids::uuid();
    let username = name_new_user(&pool.config, &input.username, &sub, &mut attributes)?;
    check_attributes(&pool.config, &attributes, &AttributeRules::NewUser(&client))?;
    if attributes.contains_key("preferred_username")
        && lists(&pool.config.alias_attributes, "preferred_username")
    {
        return Err(Error::invalid(
            "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.",
        )); // W
    }
    let exists = || Error::username_exists(sign_in_contact(&pool.config, &input.username));
    if pool.find(&input.username).is_some() {
        return Err(exists());
    }

    let validation_data = input.validation_data.map(Metadata::from);
    let new = NewUser {
        username: &username,
        attributes: &attributes,
        validation_data: validation_data.as_ref(),
        client_metadata: input.client_metadata.as_ref(),
        client_id: Some(&client.id),
    };
    let decided = pre_sign_up(stand_in, &pool, new).await?;
    if decided.auto_verify_email {
        attributes.insert("email_verified".to_owned(), "true".to_owned());
    }
    if decided.auto_verify_phone {
        attributes.insert("phone_number_verified".to_owned(), "true".to_owned());
    }

    let now = stand_in.clock.now();
    let user = User {
        password: Some(srp::verifier(pool.short_name(), &username, &input.password)),
        status: if decided.auto_confirm_user {
            Status::Confirmed
        } else {
            Status::Unconfirmed
        },
        ..User::new(username, sub.clone(), attributes, now)
    };
    {
        // Another sign-up with this name may have passed while the function decided.
        let mut state = pool.state();
        if state.users.find(&pool.config, &input.username).is_some() {
            return Err(exists());
        }
        // An address that the function vouches for moves to this user, as if it had been verified by code (D).
        state
            .take_names(&pool.config, &user, true, now)
            .map_err(name_taken)?;
        state.add(&pool.config, user.clone());
    }
    let (client_id, metadata) = (client.id.as_str(), input.client_metadata.as_ref());
    let delivered = if user.status == Status::Confirmed {
        let confirmed = Confirmed::SignUp;
        post_confirmation(stand_in, &pool, confirmed, &user, Some(client_id), metadata).await?;
        None
    } else {
        let reason = MessageReason::SignUp;
        send_sign_up_code(stand_in, &pool, &user, reason, client_id, metadata).await?
    };
    Ok(json!({
        "UserConfirmed": user.status == Status::Confirmed,
        "UserSub": sub,
        "CodeDeliveryDetails": delivered,
    }))
}

/// To someone who is not a user yet, another's address is a user name that is taken.
fn name_taken(error: Error) -> Error {
    match error {
        Error::AliasExists { attribute } => Error::username_exists(Some(attribute)),
        other => other,
    }
}

fn lists(attributes: &[String], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute == name)
}
