//! Custom challenges: signing in by codes, links and authenticators of our own, alone or after the password.
//!
//! Cognito calls three functions in turn, and ends a sign-in by none of them alone:
//!
//! - **Define auth challenge** ([`define`]) says what comes next. It compares the session, which no app can write, with the policy, entry by
//!   entry, and lets Cognito issue tokens when everything that the policy wants was passed, in its order, by a confirmed user.
//! - **Create auth challenge** ([`create`]) sets a challenge of the kind that the policy wants, and asks `challenge-sender` for its message.
//! - **Verify auth challenge response** ([`verify`]) says whether an answer is right. It counts it as failed before it looks at it.
//!
//! No code and no link is kept anywhere. They follow from a secret of the user, which only KMS can make, and from a random seed in the table;
//! so the table alone lets nobody in, and a repeated event finds what was sent. A user who does not exist, or is not confirmed, is shown the
//! same by the same calls, and no answer of theirs is right.
//!
//! What an app passes along picks among what the policy allows, and opens nothing.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html>,
//! NIST SP 800-63B-4, sections 3.1.3 and 3.2.2

pub mod create;
pub mod define;
pub mod verify;

mod config;
mod policies;
mod policy;
mod redirect;
mod session;
mod user;
mod user_secret;

mod kind;
mod kinds;

mod attempt;
mod attempts;
mod budgets;
mod challenge;
mod digits;
mod failures;
mod mask;
mod phone;
mod sender;
mod sends;
mod table;
