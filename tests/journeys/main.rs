//! Journeys from end to end: a stand-in of its own for each, the functions' real binaries, and the AWS SDK as the client.

mod administrators;
mod bad_input;
mod bad_days;
mod first_journey;
mod tokens;
