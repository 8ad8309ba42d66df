use std::error::Error;
use std::iter::successors;

/// An error's text with its causes', outermost first, for the log.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let texts: Vec<String> = successors(Some(error), |&error| error.source())
        .map(|error| match error.downcast_ref::<serde_json::Error>() {
            // Its own text can quote what it read.
            Some(error) => format!("{:?} error in JSON", error.classify()),
            None => error.to_string(),
        })
        .collect();
    texts.join(": ")
}
