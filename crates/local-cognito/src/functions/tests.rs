//! The functions with real processes, as their callers and their Runtime API see them.

mod asynchronous;
mod client;
mod fire;
mod invoke;
mod invoke_api;
mod policy;
mod process;
mod stand;
