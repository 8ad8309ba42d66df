//! The kinds of proof, one file each.

pub(crate) mod backend_jwt;
pub(crate) mod device_key;
pub(crate) mod hmac_request;
pub(crate) mod legacy_password;
pub(crate) mod oidc_id_token;
