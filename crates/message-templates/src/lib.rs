//! What messages say: templates by message, app client and language.
//!
//! The templates are files of the folder `messages`, which the build has checked and embedded. They serve two ways: with placeholders, where
//! Cognito sends the message and inserts the code after the function has answered, and with the values themselves, where a function of
//! ours sends it.
//!
//! A text that would be too long, because somebody's name is, is made again without the names. Links are built from configured addresses
//! alone, and of a user only what looks like a name is shown. Nothing here is sent, and nothing is read but the arguments.

#[cfg(test)]
mod check;
mod contents;
mod draft;
mod escape;
mod facts;
mod letterhead;
mod locale;
mod message;
mod pages;
mod person_name;
mod skeleton;
mod templates;
mod text;
mod url;

pub use contents::{Contents, Placeholders, Values};
pub use draft::{Draft, EmailTexts, Occasion, Person, Unfit, Written};
pub use letterhead::{AppName, Letterhead};
pub use message::Message;
pub use templates::Templates;
pub use text::Problem;
pub use url::{HttpsUrl, SupportUrl};

/// The templates of the folder `messages`.
const FILES: templates::Files = include!(concat!(env!("OUT_DIR"), "/files.rs"));

impl Templates {
    /// The templates that were embedded by the build.
    pub fn embedded() -> Self {
        Self::new(FILES)
    }
}
