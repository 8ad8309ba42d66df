//! The table of profiles (in the making).
