//! A stand-in for the parts of AWS that the functions and their clients call.
#![allow(dead_code, unused_imports, missing_docs, reason = "while its parts are being put together")]

mod clock;
mod functions;
mod passwords;
mod srp;
mod template;
mod tokens;
