//! Journeys from end to end: a stand-in of its own for each, the functions' real binaries, and the AWS SDK as the client.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as expected"
)]

mod administrators;
mod bad_days;
mod bad_input;
mod events;
mod first_journey;
mod tokens;
