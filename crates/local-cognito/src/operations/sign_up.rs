use std::collections::{BTreeMap, BTreeSet};

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::AttributeList;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template;
use crate::triggers::{Metadata, NewUser, pre_sign_up};
use crate::user_pool::{AttributeRules, Status, User, check_attributes};
use crate::{delivery, ids, passwords, secret_hash, srp, user_pool};

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
    secret_hash::check(client, &input.username, input.secret_hash.as_deref())?;
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
    check_attributes(&pool.config, &attributes, &AttributeRules::NewUser(client))?;
    if pool.find(&input.username).is_some() {
        return Err(Error::UsernameExists);
    }

    let validation_data = input.validation_data.map(Metadata::from);
    let new = NewUser {
        username: &username,
        attributes: &attributes,
        validation_data: validation_data.as_ref(),
        client_metadata: input.client_metadata.as_ref(),
        client_id: Some(&client.id),
    };
    let decided = pre_sign_up(stand_in, pool, new).await?;
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
        username,
        sub: sub.clone(),
        attributes,
        enabled: true,
        created: now,
        modified: now,
        temporary_password_until: None,
        groups: BTreeSet::new(),
        signed_out_at: None,
    };
    {
        // Another sign-up with this name may have passed while the function decided.
        let mut state = pool.state();
        if state.users.find(&pool.config, &input.username).is_some() {
            return Err(Error::UsernameExists);
        }
        state.users.put(&pool.config, user.clone());
    }
    let delivered = match user.status {
        Status::Confirmed => None,
        _ => delivery::send_code(stand_in, pool, &user, delivery::Reason::SignUp),
    };
    Ok(json!({
        "UserConfirmed": user.status == Status::Confirmed,
        "UserSub": sub,
        "CodeDeliveryDetails": delivered,
    }))
}

/// The new user's immutable name: in a pool with e-mail or telephone sign-in the `sub`, with what was typed as the attribute.
pub(super) fn name_new_user(
    pool: &template::UserPool,
    typed: &str,
    sub: &str,
    attributes: &mut BTreeMap<String, String>,
) -> Result<String, Error> {
    if typed.is_empty() || typed.chars().count() > 128 || typed.chars().any(char::is_control) {
        return Err(Error::invalid(
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128",
        ));
    }
    let signs_in_with = |attribute: &str| {
        pool.username_attributes
            .iter()
            .any(|name| name == attribute)
    };
    let kind = if user_pool::looks_like_address(typed) {
        "email"
    } else if user_pool::looks_like_number(typed) {
        "phone_number"
    } else {
        ""
    };
    if pool.username_attributes.is_empty() {
        let alias = pool.alias_attributes.iter().any(|name| name == kind);
        return match (alias, kind) {
            (true, "email") => Err(Error::invalid(
                "Username cannot be of email format, since user pool is configured for email alias.",
            )), // W
            (true, _) => Err(Error::invalid(
                "Username cannot be of phone number format, since user pool is configured for phone number alias.",
            )),
            (false, _) => Ok(typed.to_owned()),
        };
    }
    if !signs_in_with(kind) {
        let wanted = if signs_in_with("email") {
            "Username should be an email."
        } else {
            "Username should be a phone number."
        };
        return Err(Error::invalid(wanted)); // W
    }
    let given = attributes
        .entry(kind.to_owned())
        .or_insert_with(|| typed.to_owned());
    if given != typed {
        return Err(Error::invalid(format!(
            "The {kind} attribute must be the user name"
        ))); // ours: stricter, AWS's text is not known
    }
    Ok(sub.to_owned())
}
