//! Which requests are for S3: those whose signature says so, and those that name a bucket.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::Response;

use super::error;
use crate::template::{Bucket, Stack};

/// What a signature is good for.
///
/// Source: IAM User Guide, "Elements of an AWS API request signature": `<key>/<date>/<region>/<service>/aws4_request`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) region: String,
    pub(super) service: String,
}

/// The scope of the request's signature, in a header or in the query.
pub(super) fn of(request: &Request) -> Option<Scope> {
    let header = request.headers().get(header::AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let in_header = header.and_then(|value| {
        let (_, credential) = value
            .strip_prefix("AWS4-HMAC-SHA256")?
            .split_once("Credential=")?;
        scope(credential.split([',', ' ']).next()?)
    });
    in_header.or_else(|| {
        let query = request.uri().query()?;
        let mut pairs = query.split('&');
        let credential = pairs.find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?;
        scope(&credential.replace("%2F", "/").replace("%2f", "/"))
    })
}

fn scope(credential: &str) -> Option<Scope> {
    let mut parts = credential.rsplit('/');
    let end = parts.next()?;
    let (service, region) = (parts.next()?, parts.next()?);
    (end == "aws4_request").then(|| Scope {
        region: region.to_owned(),
        service: service.to_owned(),
    })
}

/// The bucket that a path names.
pub(super) fn bucket_of<'s>(stack: &'s Stack, path: &str) -> Option<&'s Bucket> {
    let name = path.strip_prefix('/')?.split('/').next()?;
    stack.buckets.iter().find(|bucket| bucket.name == name)
}

/// What is refused before anything else is looked at.
///
/// Source: Amazon S3 API Reference, "Error responses".
pub(super) fn refused(stack: &Stack, scope: Option<&Scope>, request: &Request) -> Option<Response> {
    match scope {
        Some(scope) if scope.region != stack.region => {
            let text = format!(
                "The authorization header is malformed; the region '{}' is wrong; expecting '{}'",
                xml_text(&scope.region),
                stack.region
            );
            Some(error(
                "AuthorizationHeaderMalformed",
                &text,
                StatusCode::BAD_REQUEST,
            ))
        }
        Some(_) => None,
        // Signatures of version 2, which regions newer than 2013 do not take.
        None if request.headers().contains_key(header::AUTHORIZATION)
            || request
                .uri()
                .query()
                .is_some_and(|query| query.contains("AWSAccessKeyId=")) =>
        {
            let text = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
            Some(error("InvalidRequest", text, StatusCode::BAD_REQUEST))
        }
        // No bucket is public.
        None => Some(error(
            "AccessDenied",
            "Access Denied",
            StatusCode::FORBIDDEN,
        )),
    }
}

/// Without what would be markup.
fn xml_text(text: &str) -> String {
    let is_of_region = |char: &char| char.is_ascii_alphanumeric() || *char == '-';
    text.chars().filter(is_of_region).collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[track_caller]
    fn check(authorization: &str, uri: &str, expected: Option<(&str, &str)>) {
        let request = Request::builder()
            .uri(uri)
            .header("authorization", authorization)
            .body(Body::empty());
        let expected = expected.map(|(region, service)| Scope {
            region: region.to_owned(),
            service: service.to_owned(),
        });
        assert_eq!(of(&request.unwrap()), expected, "{authorization} {uri}");
    }

    #[test]
    fn a_signature_says_what_it_is_good_for() {
        let s3 = Some(("us-east-1", "s3"));
        check(
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20270115/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
            "/b/k",
            s3,
        );
        check(
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20270115/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=0",
            "/b/k",
            s3,
        );
        check(
            "",
            "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F20270115%2Fus-east-1%2Fs3%2Faws4_request",
            s3,
        );
        check(
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20270115/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=0",
            "/b/k",
            Some(("eu-west-1", "execute-api")),
        );
        check("AWS AKIAEXAMPLE:c2ln", "/b/k", None);
        check("Bearer a.b.c", "/b/k", None);
        check("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE", "/b/k", None);
        check("", "/b/k?X-Amz-Credential=s3", None);
    }
}
