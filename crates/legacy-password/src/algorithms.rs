//! The algorithms, each with its limits. A family says which one a hash needs, with what parameters.

pub(crate) mod argon2;
pub(crate) mod bcrypt;
pub(crate) mod digest;
pub(crate) mod firebase;
pub(crate) mod md5_crypt;
pub(crate) mod pbkdf2;
pub(crate) mod phpass;
pub(crate) mod scrypt;
pub(crate) mod sha_crypt;
pub(crate) mod yescrypt;
