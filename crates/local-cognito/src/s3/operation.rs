//! What IAM calls the operations: actions, resources, and what policies may ask about them.
//!
//! Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations".

use axum::http::{HeaderMap, Uri};
use iam_policy::Context;

/// What is played of S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// One that needs this action on what its path names.
    Plain(&'static str),
    /// One whose input has to be read to know what is needed.
    ByInput,
}

impl Operation {
    /// The operation of this name in the API reference.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ListBuckets" => Self::Plain("s3:ListAllMyBuckets"),
            "GetBucketLocation" => Self::Plain("s3:GetBucketLocation"),
            "HeadBucket" => Self::Plain("s3:ListBucket"),
            "ListObjects" | "ListObjectsV2" => Self::ByInput,
            "GetObject" | "HeadObject" => Self::Plain("s3:GetObject"),
            "PutObject" | "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => {
                Self::Plain("s3:PutObject")
            }
            "CopyObject" | "UploadPartCopy" => Self::Plain("s3:PutObject"),
            "AbortMultipartUpload" => Self::Plain("s3:AbortMultipartUpload"),
            "ListParts" => Self::Plain("s3:ListMultipartUploadParts"),
            "DeleteObject" => Self::Plain("s3:DeleteObject"),
            "DeleteObjects" => Self::ByInput,
            _ => return None,
        })
    }
}

/// What a listing asks for. A parameter without a value is there all the same, as in `prefix=`.
pub(super) fn listing(
    prefix: Option<&str>,
    delimiter: Option<&str>,
    max_keys: Option<i32>,
) -> Context {
    let max_keys = max_keys.map(|number| number.to_string());
    let said = [
        ("s3:prefix", prefix),
        ("s3:delimiter", delimiter),
        ("s3:max-keys", max_keys.as_deref()),
    ];
    said.into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .fold(Context::default(), |context, (key, value)| {
            context.with(key, value)
        })
}

/// What means something in S3, may need another permission there, and would be passed over here.
pub(super) fn not_played(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    const HEADERS: [&str; 6] = [
        "x-amz-acl",
        "x-amz-bypass-governance-retention",
        "x-amz-grant-",
        "x-amz-object-lock-",
        "x-amz-server-side-encryption-customer-",
        "x-amz-tagging",
    ];
    let mut names = headers.keys().map(|name| name.as_str());
    let header = names.find(|name| HEADERS.iter().any(|known| name.starts_with(known)));
    let has_version = |query: &str| {
        let mut names = query.split('&').map(|pair| pair.split('=').next());
        names.any(|name| name == Some("versionId"))
    };
    let version = uri.query().is_some_and(has_version).then_some("versionId");
    header.or(version).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn what_would_be_passed_over_is_named() {
        for (header, uri, expected) in [
            ("x-amz-date", "/b/k?partNumber=1", None),
            ("x-amz-acl", "/b/k", Some("x-amz-acl")),
            ("x-amz-grant-read", "/b/k", Some("x-amz-grant-read")),
            ("x-amz-tagging", "/b/k", Some("x-amz-tagging")),
            ("x-amz-date", "/b/k?versionId=1", Some("versionId")),
        ] {
            let value = HeaderValue::from_static("x");
            let headers = [(HeaderName::from_static(header), value)];
            let headers = headers.into_iter().collect();
            let found = not_played(&Uri::from_static(uri), &headers);
            assert_eq!(found.as_deref(), expected, "{header} {uri}");
        }
    }
}
