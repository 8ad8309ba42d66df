//! A stand-in for the parts of AWS that the functions and their clients call, so that all of it runs on a laptop.
//!
//! It reads the same `template.yaml` that deploys to AWS and fires the same binaries. It is stricter than AWS where that finds
//! defects, and never laxer. It serves loopback only.
//!
//! In reading order:
//!
//! - `template`: `template.yaml` becomes a stack: functions, pools, clients, tables.
//! - `server`: one port; `targets` leads from a request to an operation of a service.
//! - `operations`: what `cognito-idp` can be asked, a file each; `sign_in` holds the flows that several of them share.
//! - `oauth`: the token endpoint for machine clients; `client_token` makes their tokens.
//! - `user_pool`: the state of a pool behind one lock; `srp`, `passwords`, `tokens` are its arithmetic.
//! - `triggers`: builds each trigger's event, applies its response as Cognito would; `migration` makes a user of somebody from elsewhere.
//! - `http_api`: the HTTP APIs in front of functions.
//! - `identity_pool`: identities, their logins and credentials; `sts` gives roles to those whom a provider vouches for.
//! - `access`: who may do what; `signature` says who makes a call, `credentials` and `roles` what they are.
//! - `s3`: the buckets.
//! - `functions`: runs the binaries through the Lambda Runtime API.
//! - `kms`, `parameter_store`, `providers`: what functions call besides: keys, secrets, and what sends messages into the `outbox`.
//! - `saved`: what is kept across restarts.

mod access;
mod access_token;
mod attributes;
mod calls;
mod client_token;
mod clock;
mod confirmation_link;
mod credentials;
mod delivery;
mod error;
mod explain;
mod functions;
mod http_api;
mod identity_pool;
mod ids;
mod issuer;
mod kms;
mod migration;
mod oauth;
mod operations;
mod outbox;
mod parameter_store;
mod passwords;
mod pools;
mod providers;
mod recovery;
mod roles;
mod s3;
mod saved;
mod secret_hash;
mod server;
mod sign_in;
mod signature;
mod srp;
mod stack_view;
mod stand_in;
mod start;
mod strictness;
mod sts;
mod targets;
mod template;
mod tokens;
mod triggers;
mod user_pool;

pub use explain::explain;
pub use issuer::IssuerStyle;
pub use saved::Unusable;
pub use start::{Options, Running, StartError, directory_of_this_program, start};
