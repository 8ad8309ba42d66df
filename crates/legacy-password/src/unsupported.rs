/// Why a stored text cannot be used to check a password. It says what is wrong and never quotes the hash, its salt or a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// It begins like no format known here.
    #[error("the hash is of no known format")]
    Unknown,
    /// Several formats look like this.
    #[error("several formats look like this hash, so its format has to be configured")]
    Ambiguous,
    /// It is known what it is, and that it is not to be used.
    #[error("{0} is not supported")]
    Refused(&'static str),
    /// It begins like a format and does not go on like it.
    #[error("the hash is not well formed: {0}")]
    Malformed(&'static str),
    /// It would take too much time or memory to check a password with it.
    #[error("the hash is too costly: the limit for {limit} is {most}")]
    TooCostly {
        /// The field of [`Limits`](crate::Limits) that it is above, in words.
        limit: &'static str,
        /// The highest value that passes.
        most: u64,
    },
    /// The settings given to [`LegacyHash::parse_as`](crate::LegacyHash::parse_as) are not those of the format.
    #[error("the settings of the format are wrong: {0}")]
    Settings(&'static str),
}
