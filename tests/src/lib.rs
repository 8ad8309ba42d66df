//! A client of the stand-in.
