//! Users from elsewhere: whom the user migration trigger vouches for becomes a user of the pool, and goes on as one.
//!
//! AWS's knowledge center has a migration that fails told as a user who is not found, with the reason as its text. An app client that hides
//! who exists tells nothing of it, and the log does. Source: "Migrate user Lambda trigger" of the Developer Guide;
//! <https://repost.aws/knowledge-center/cognito-migration-lambda-trigger-errors>

use std::collections::BTreeMap;

use cognito_events::user_migration::{DeliveryMedium, FinalUserStatus, Response};
use secrecy::ExposeSecret;

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::strictness::Doubt;
use crate::template::{self, UserPoolClient};
use crate::triggers::{Arrival, Letter, MessageReason, NewUser, pre_sign_up, user_migration};
use crate::user_pool::{
    AttributeRules, SecondFactor, Status, User, UserPool, check_attributes, fold, name_new_user,
};
use crate::{delivery, ids, passwords, srp};

/// Brings a user over whom the pool does not know by what was typed, and returns their user name; `None` where nobody came.
pub(crate) async fn migrate(
    stand_in: &StandIn,
    pool: &UserPool,
    client: &UserPoolClient,
    typed: &str,
    arrival: Arrival<'_>,
) -> Result<Option<String>, Error> {
    if pool.find(typed).is_some() || !pool.config.triggers.contains_key("UserMigration") {
        return Ok(None);
    }
    let hides = client.prevent_user_existence_errors;
    let Some(response) = user_migration(stand_in, pool, &client.id, typed, arrival).await? else {
        return match arrival {
            Arrival::SignIn { .. } if !hides => Err(Error::not_migrated(&client.id)),
            // D: answered as for nobody.
            Arrival::SignIn { .. } | Arrival::ForgotPassword { .. } => Ok(None),
        };
    };
    let attributes: BTreeMap<String, String> = response
        .user_attributes
        .iter()
        .flat_map(|attributes| attributes.iter())
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    if attributes.is_empty() {
        // W: told to clients that hide who exists, too.
        return Err(Error::not_migrated(&client.id));
    }
    let newcomer = Newcomer {
        typed,
        arrival,
        response: &response,
    };
    match newcomer.enter(stand_in, pool, attributes).await {
        Err(Error::NotMigrated(reason)) if hides => {
            (stand_in.log)(&format!(
                "UserMigration: no user was made: {}",
                reason.trim_end()
            ));
            Ok(None)
        }
        entered => entered.map(Some),
    }
}

/// Somebody whom the trigger vouches for.
struct Newcomer<'a> {
    typed: &'a str,
    arrival: Arrival<'a>,
    response: &'a Response,
}

impl Newcomer<'_> {
    /// Makes them a user of the pool, and returns the user name.
    async fn enter(
        &self,
        stand_in: &StandIn,
        pool: &UserPool,
        mut attributes: BTreeMap<String, String>,
    ) -> Result<String, Error> {
        let (config, now) = (&pool.config, stand_in.clock.now());
        let sub = ids::uuid();
        let username = named(config, self.typed, &sub, &mut attributes).map_err(not_migrated)?;
        check_attributes(config, &attributes, &AttributeRules::MigratedUser)
            .map_err(not_migrated)?;
        self.judge(stand_in, config, &attributes)?;
        let mut user = User {
            status: match self.response.final_user_status {
                Some(FinalUserStatus::Confirmed) => Status::Confirmed,
                Some(FinalUserStatus::ResetRequired) | None => Status::ResetRequired,
            },
            ..User::new(username, sub, attributes, now)
        };
        if self.response.enable_sms_mfa == Some(true) {
            enable_sms_mfa(config, &mut user).map_err(not_migrated)?;
        }
        self.ask_pre_sign_up(stand_in, pool, &user).await?;
        if let Arrival::SignIn { password, .. } = self.arrival {
            // D: whatever the pool asks of passwords.
            user.password = Some(srp::verifier(pool.short_name(), &user.username, password));
        }
        {
            // Somebody may have come by this name while the functions decided: the same person, who tried twice.
            let mut state = pool.state();
            if let Some(first) = state.users.find(config, self.typed) {
                return Ok(first.username.clone());
            }
            if state.users.find(config, &user.username).is_some() {
                let exists = Error::UsernameExists("User account already exists".to_owned()); // W, of AdminCreateUser
                return Err(not_migrated(exists));
            }
            let force = self.response.force_alias_creation.unwrap_or(false);
            let taken = state.take_names(config, &user, force, now);
            taken.map_err(not_migrated)?;
            state.add(config, user.clone());
        }
        self.welcome(stand_in, pool, &user).await?;
        Ok(user.username)
    }

    /// Refuses what AWS is not known to accept.
    fn judge(
        &self,
        stand_in: &StandIn,
        pool: &template::UserPool,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let judge = |doubt, what: &str| stand_in.strictness.judge("UserMigration", doubt, what);
        match (self.response.final_user_status, self.arrival) {
            (Some(FinalUserStatus::ResetRequired), _) => {
                judge(Doubt::NamedReset, "finalUserStatus")?;
            }
            (Some(FinalUserStatus::Confirmed), Arrival::ForgotPassword { .. }) => {
                judge(Doubt::ConfirmedWithoutPassword, "finalUserStatus")?;
            }
            (Some(FinalUserStatus::Confirmed), Arrival::SignIn { .. }) | (None, _) => {}
        }
        let mut schema = pool.schema.iter();
        let missing = schema
            .find(|attribute| attribute.required && !attributes.contains_key(&attribute.name));
        missing.map_or(Ok(()), |attribute| {
            judge(Doubt::MissingAttribute, &attribute.name)
        })
    }

    /// AWS has the metadata of both operations reach pre sign-up, and a report has it stop migrations. That it is asked as when an
    /// administrator creates the user is a guess, made of the response, which has the members of `AdminCreateUser`.
    async fn ask_pre_sign_up(
        &self,
        stand_in: &StandIn,
        pool: &UserPool,
        user: &User,
    ) -> Result<(), Error> {
        let (validation_data, client_metadata) = match self.arrival {
            Arrival::SignIn {
                validation_data, ..
            } => (validation_data, None),
            Arrival::ForgotPassword { client_metadata } => (None, client_metadata),
        };
        let new = NewUser {
            username: &user.username,
            attributes: &user.attributes,
            validation_data,
            client_metadata,
            client_id: None,
        };
        pre_sign_up(stand_in, pool, new).await.map(drop)
    }

    /// What stands in the welcome message in place of a temporary password is not documented; here it is one that is good for nothing.
    async fn welcome(&self, stand_in: &StandIn, pool: &UserPool, user: &User) -> Result<(), Error> {
        if self.response.message_action.is_some() {
            return Ok(());
        }
        let mediums = self.response.desired_delivery_mediums.as_deref();
        let by_email = mediums.is_some_and(|mediums| mediums.contains(&DeliveryMedium::Email));
        let Some(attribute) = delivery::invited_at(user, by_email) else {
            return Ok(());
        };
        let code = passwords::temporary(&pool.config.password_policy);
        let letter = Letter {
            reason: MessageReason::AdminCreateUser,
            client_id: None,
            client_metadata: None,
            attribute,
            code: code.expose_secret(),
        };
        delivery::send(stand_in, pool, user, letter).await.map(drop)
    }
}

fn not_migrated(why: Error) -> Error {
    Error::NotMigrated(why.to_string())
}

/// The new user's immutable name. Where an alias was typed the function gives them a name, and the alias as an attribute; otherwise they are
/// called what was typed (D).
fn named(
    pool: &template::UserPool,
    typed: &str,
    sub: &str,
    attributes: &mut BTreeMap<String, String>,
) -> Result<String, Error> {
    let is_typed = |name: &str| fold(pool, name) == fold(pool, typed);
    let mut aliases = pool.alias_attributes.iter();
    let by_alias = aliases.any(|alias| attributes.get(alias).is_some_and(|value| is_typed(value)));
    match attributes.remove("username") {
        Some(own) if by_alias => name_new_user(pool, &own, sub, attributes),
        Some(own) if !is_typed(&own) => {
            // The text is ours.
            Err(Error::invalid(
                "The username attribute must be what was typed",
            ))
        }
        Some(_) | None => name_new_user(pool, typed, sub, attributes),
    }
}

/// The pool must offer it and the user have a number, or they are not brought over (D; the texts are ours).
fn enable_sms_mfa(pool: &template::UserPool, user: &mut User) -> Result<(), Error> {
    if !SecondFactor::Sms.offered(pool) {
        return Err(Error::invalid("SMS_MFA is not enabled for the user pool"));
    }
    if !SecondFactor::Sms.set_up(user) {
        return Err(Error::invalid("SMS_MFA needs a phone_number"));
    }
    user.second_factors.active.insert(SecondFactor::Sms);
    Ok(())
}
