//! Which names objects can have here: those for which a file can stand, and for which no other name stands for the same file.
//!
//! To S3 a key is a text without structure, and so it is to policies: `users/a/../b/file` begins with `users/a/`. To a file system it is
//! `users/b/file`. What the two would read differently is refused.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Why an object of that name cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotKept {
    #[error(
        "local-cognito keeps objects as files, which have no empty, '.' or '..' part in their names"
    )]
    Part,
    #[error("local-cognito keeps objects as files, and this name is too long for one")]
    TooLong,
    #[error(
        "local-cognito keeps objects as files, so none can have the name of a folder that others are in"
    )]
    Folder,
}

/// The longest name of a file on the systems that this runs on.
const LONGEST_FILE_NAME: usize = 255;

/// Whether no other key of the bucket is the same file.
pub(super) fn check(bucket: &str, key: &str) -> Result<(), NotKept> {
    // One slash at the end makes a folder.
    let parts = key.strip_suffix('/').unwrap_or(key).split('/');
    for part in parts {
        if part.is_empty() || part == "." || part == ".." || part.contains('\0') {
            return Err(NotKept::Part);
        }
        if part.len() > LONGEST_FILE_NAME {
            return Err(NotKept::TooLong);
        }
    }
    // The file in which `s3s-fs` notes what belongs to an object that is being uploaded in parts: its longest name.
    let noted = [bucket, key].map(|text| URL_SAFE_NO_PAD.encode(text).len());
    let around = ".bucket-.object-.upload-.metadata.json".len()
        + "00000000-0000-0000-0000-000000000000".len();
    if noted.into_iter().sum::<usize>() + around > LONGEST_FILE_NAME {
        return Err(NotKept::TooLong);
    }
    Ok(())
}

/// Whether a file can be written there: what is in its way is no part of S3.
pub(super) fn check_place(root: &Path, bucket: &str, key: &str) -> Result<(), NotKept> {
    let bucket = root.join(bucket);
    let place = bucket.join(key);
    if !key.ends_with('/') && place.is_dir() {
        return Err(NotKept::Folder);
    }
    let above = place.ancestors().skip(1);
    let mut above = above.take_while(|folder| *folder != bucket);
    if above.any(Path::is_file) {
        return Err(NotKept::Folder);
    }
    Ok(())
}

/// Whether there is such an object.
pub(super) fn exists(root: &Path, bucket: &str, key: &str) -> bool {
    let place = root.join(bucket).join(key);
    if key.ends_with('/') {
        place.is_dir()
    } else {
        place.is_file()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_that_is_another_file_is_refused() {
        for (key, expected) in [
            ("users/a/file.txt", Ok(())),
            ("users/us-east-1:77aa/..file", Ok(())),
            ("users/a/", Ok(())),
            ("a b/ü/…", Ok(())),
            ("users/a/../b/file.txt", Err(NotKept::Part)),
            ("users/a/..", Err(NotKept::Part)),
            ("..", Err(NotKept::Part)),
            ("users/a/./file.txt", Err(NotKept::Part)),
            ("users/a//file.txt", Err(NotKept::Part)),
            ("users/a//", Err(NotKept::Part)),
            ("/etc/passwd", Err(NotKept::Part)),
            ("/", Err(NotKept::Part)),
            ("a\0b", Err(NotKept::Part)),
        ] {
            assert_eq!(check("bucket", key), expected, "{key:?}");
        }
    }

    #[test]
    fn a_key_whose_files_would_have_too_long_names_is_refused() {
        let bucket = "b".repeat(30);
        let longest = "k".repeat(105);
        assert_eq!(check(&bucket, &longest), Ok(()));
        assert_eq!(check(&bucket, &(longest + "k")), Err(NotKept::TooLong));
        assert_eq!(check(&bucket, &"k".repeat(1024)), Err(NotKept::TooLong));
    }

    #[test]
    fn no_object_is_a_folder_of_others() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fs::create_dir_all(root.join("bucket/users/a")).unwrap();
        fs::write(root.join("bucket/users/a/file"), "x").unwrap();
        let checked = |key| check_place(root, "bucket", key);
        assert_eq!(checked("users/a/file"), Ok(()));
        assert_eq!(checked("users/a/other"), Ok(()));
        assert_eq!(checked("users/a/"), Ok(()));
        assert_eq!(checked("users/a"), Err(NotKept::Folder));
        assert_eq!(checked("users/a/file/x"), Err(NotKept::Folder));
        let exists = |key| exists(root, "bucket", key);
        assert!(exists("users/a/file") && exists("users/a/"));
        assert!(!exists("users/a") && !exists("users/a/other") && !exists("users/a/file/"));
    }
}
