//! S3 for the template's buckets: objects are files, and every request is held to the policies of whoever signed it.
//!
//! It has no port of its own. A request says that it is for S3 by the scope of its signature, or names a bucket first in its path; so one
//! `AWS_ENDPOINT_URL` serves for S3 as for everything else, and signatures are of the path as it is sent. Buckets are named in the path and
//! not in the host, which SDKs do by themselves where the endpoint is an address.
//!
//! `s3s` speaks the protocol and verifies signatures, `s3s-fs` keeps the files. What is asked for, by whom, and whether they may is decided
//! here: `scope` finds the requests, `access` knows the caller, `operation` what IAM calls it, `key` which names files can have.
//!
//! Source: Amazon S3 API Reference; for actions, resources and condition keys the Service Authorization Reference, "Amazon S3".

mod access;
mod cors;
mod key;
mod operation;
mod scope;

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;

use self::access::Access;
use crate::ids;
use crate::saved::{Saved, Unusable};
use crate::stand_in::StandIn;
use crate::template::Stack;

/// Where objects are: a directory for each bucket, with a file for each object.
pub(crate) struct Objects {
    root: PathBuf,
    /// Goes with the stand-in, unless it has a data directory.
    _temporary: Option<TempDir>,
}

impl Objects {
    /// Makes the buckets that are not there yet.
    pub(crate) fn open(stack: &Stack, saved: Option<&Saved>) -> Result<Self, Unusable> {
        let temporary = match saved {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(|error| {
                let place = std::env::temp_dir();
                Unusable::new(&place, &error)
            })?),
        };
        let in_saved = saved.map(Saved::objects);
        let in_temporary = temporary.as_ref().map(|made| made.path().to_owned());
        let root = in_saved.or(in_temporary).unwrap_or_default();
        let of_buckets = stack.buckets.iter().map(|bucket| root.join(&bucket.name));
        for place in [root.clone()].into_iter().chain(of_buckets) {
            make_private(&place).map_err(|error| Unusable::new(&place, &error))?;
        }
        Ok(Self {
            root,
            _temporary: temporary,
        })
    }

    fn root(&self) -> &Path {
        &self.root
    }
}

/// Makes a directory that nobody else on the machine can look into, unless it is there.
fn make_private(place: &Path) -> io::Result<()> {
    let mut directory = DirBuilder::new();
    directory.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
    directory.create(place)
}

/// S3, as a part of what is served.
#[derive(Clone)]
pub(crate) struct S3 {
    stand_in: Arc<StandIn>,
    service: S3Service,
}

impl S3 {
    pub(crate) fn new(stand_in: Arc<StandIn>) -> Result<Self, Unusable> {
        let root = stand_in.objects.root();
        let files = FileSystem::new(root);
        let files = files.map_err(|_| Unusable::new(root, &"it is not there"))?;
        let access = Access::new(Arc::clone(&stand_in));
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(access.clone());
        service.set_access(access);
        let service = service.build();
        Ok(Self { stand_in, service })
    }
}

/// Answers what is for S3, and passes on everything else.
pub(crate) async fn serve(State(s3): State<S3>, request: Request, next: Next) -> Response {
    let stack = &s3.stand_in.stack;
    let bucket = scope::bucket_of(stack, request.uri().path());
    let scope = scope::of(&request);
    let is_for_s3 = scope.as_ref().is_some_and(|scope| scope.service == "s3");
    if !is_for_s3 && (bucket.is_none() || scope.is_some()) {
        return next.run(request).await;
    }
    if let Some(bucket) = bucket
        && let Some(preflight) = cors::preflight(bucket, &request)
    {
        return identified(preflight);
    }
    if let Some(refused) = scope::refused(stack, scope.as_ref(), &request) {
        return identified(refused);
    }
    let asked = cors::Asked::of(&request);
    let answered = s3
        .service
        .call(request.map(s3s::Body::http_body_unsync))
        .await;
    let mut response = match answered {
        Ok(response) => response.map(Body::new),
        Err(_) => error(
            "InternalError",
            "We encountered an internal error. Please try again.",
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
    };
    if let Some(bucket) = bucket {
        cors::apply(bucket, &asked, &mut response);
    }
    identified(response)
}

/// A refusal as S3 writes it.
fn error(code: &str, message: &str, status: StatusCode) -> Response {
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"#
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}

/// Every answer of S3 has a request id. A refusal ends the connection and says so, as S3's own do: the object that was to come with the
/// request is not read, and a client that used the connection once more would find it closed.
fn identified(mut response: Response) -> Response {
    let is_refusal = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&ids::opaque(12)) {
        headers.insert("x-amz-request-id", id);
    }
    if is_refusal {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
