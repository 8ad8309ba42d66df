use std::fs;
use std::path::Path;

use serde_json::value::RawValue;

/// Every event of a folder of `events/`, behind its file's name.
pub fn events(folder: &str) -> Vec<(String, Box<RawValue>)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../events")).join(folder);
    let files = fs::read_dir(&folder).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    assert!(!paths.is_empty(), "no events in {}", folder.display());
    let event = |path: &Path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let event = serde_json::from_str(&fs::read_to_string(path).unwrap());
        (name, event.unwrap())
    };
    paths.iter().map(|path| event(path)).collect()
}
