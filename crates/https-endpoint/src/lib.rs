//! Addresses outside AWS that a function may ask.
//!
//! An [`Endpoint`] is an `https` address of a named host, which the operator has listed; the name must not lead to this machine, its link or a
//! metadata service. A [`Client`] makes one request and takes one answer of status 200: no redirection is followed, nothing is waited for
//! longer than two seconds, and no long answer is read. What is asked and what the answer means is the function's own.

mod client;
mod endpoint;
mod resolver;

pub use client::{Client, ExchangeError};
pub use endpoint::{Endpoint, NotAnEndpoint};
