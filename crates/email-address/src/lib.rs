//! E-mail addresses and their domains in the one form in which two can be compared, and rules on domains cannot be got around.
//!
//! An address is read as a mail server reads it, so that its domain is where the mail goes; a domain becomes lower case, punycode and
//! without a final dot, so that a rule covers every way to write it. Nothing here looks anything up.
//!
//! Source: RFC 5321 sections 4.1.2 and 4.5.3.1, RFC 5322 section 3.2.3, UTS 46.

mod address;
mod domain;

pub use address::EmailAddress;
pub use domain::{Domain, NotADomain};
