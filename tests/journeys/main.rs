//! Journeys from end to end: a stand-in of its own for each, the functions' real binaries, and the AWS SDK as the client.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as expected"
)]

mod administrators;
mod aliases;
mod asynchronous;
mod attributes;
mod bad_days;
mod bad_input;
mod blocks;
mod captcha;
mod challenge_sign_in;
mod challenges;
mod changed_addresses;
mod choice;
mod custom_auth;
mod custom_auth_existence;
mod custom_auth_failures;
mod custom_auth_password;
mod custom_auth_script;
mod custom_senders;
mod default_groups;
mod device;
mod devices;
mod enrolment;
mod events;
mod existence;
mod explain;
mod failing_triggers;
mod files;
mod first_journey;
mod flows;
mod hostile;
mod http_api;
mod http_api_iam;
mod identity_broker;
mod identity_pool;
mod identity_pool_configuration;
mod identity_pool_developers;
mod identity_pool_permissions;
mod identity_pool_refusals;
mod identity_pool_roles;
mod idp;
mod import;
mod kms;
mod linked_identities;
mod linking;
mod machine_clients;
mod messages;
mod own_rows;
mod parameters;
mod permissions;
mod profiles;
mod providers;
mod quiet_operations;
mod races;
mod recorded;
mod recovery;
mod recovery_races;
mod refreshing;
mod run_time_belongings;
mod run_time_mistakes;
mod run_time_pools;
mod second_factor_mistakes;
mod second_factors;
mod secrets;
mod sign_up_and_sign_in;
mod software_tokens;
mod strictness;
mod sts;
mod tables;
mod temporary_passwords;
mod tokens;
mod triggers_document;
mod unrecoverable;
mod user_migration;
mod user_migration_imported;
mod user_migration_old_pool;
mod user_migration_over_http;
mod user_migration_refused;
mod user_migration_script;
#[cfg(feature = "servers")]
mod user_migration_servers;
