//! The files of `events/`, which no code of ours has written.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// One file of `events/`.
pub(crate) struct EventFile {
    /// The folder: the trigger, with the version where it changes the form.
    pub(crate) folder: String,
    /// The path in `events/`, for messages.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) event: Value,
}

/// Every event of a trigger in `events/`, in the order of their paths.
pub(crate) fn event_files() -> Vec<EventFile> {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut files = Vec::new();
    for folder in fs::read_dir(&events).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let event: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            // What Cognito does not send is asked of functions that are no triggers.
            if event.get("triggerSource").is_none() {
                continue;
            }
            files.push(EventFile {
                folder: folder.file_name().unwrap().to_str().unwrap().to_owned(),
                path: file.strip_prefix(&events).unwrap().display().to_string(),
                event,
            });
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!files.is_empty(), "events/ is empty");
    files
}
