//! Who asks, and whether they may.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{HeaderMap, Uri};
use iam_policy::Context;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{Credentials, S3Auth, SecretKey};
use s3s::dto::{
    CopyObjectInput, CopySource, DeleteObjectsInput, ListObjectsInput, ListObjectsV2Input,
    UploadPartCopyInput,
};
use s3s::path::S3Path;
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result};

use super::key;
use super::operation::{self, Operation};
use crate::access::Caller;
use crate::oauth::Form;
use crate::signature::Refused;
use crate::stand_in::StandIn;
use crate::template::Bucket;

/// What `s3s` asks about every request: the secret of its access key, and then whether it goes through.
#[derive(Clone)]
pub(super) struct Access {
    stand_in: Arc<StandIn>,
}

#[async_trait]
impl S3Auth for Access {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let key = self.stand_in.access_keys.find(access_key);
        let key = key.ok_or_else(unknown_key)?;
        Ok(key.credentials.secret_access_key.as_str().into())
    }
}

#[async_trait]
impl S3Access for Access {
    /// Comes before the request's input is read.
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let caller = self.caller(cx.credentials(), cx.uri(), cx.headers())?;
        let name = cx.s3_op().name();
        let Some(operation) = Operation::named(name) else {
            return Err(not_played(format!("local-cognito does not support {name}")));
        };
        if let Some(name) = operation::not_played(cx.uri(), cx.headers()) {
            return Err(not_played(format!("local-cognito does not support {name}")));
        }
        self.check_names(cx.s3_path())?;
        match operation {
            Operation::ByInput => Ok(()),
            Operation::Plain(action) => {
                self.authorise(&caller, action, cx.s3_path(), Context::default())?;
                self.check_object(&caller, action, cx.s3_path())
            }
        }
    }

    async fn list_objects(&self, req: &mut S3Request<ListObjectsInput>) -> S3Result<()> {
        let input = &req.input;
        let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
        self.list(req, &input.bucket, prefix, delimiter, input.max_keys)
    }

    async fn list_objects_v2(&self, req: &mut S3Request<ListObjectsV2Input>) -> S3Result<()> {
        let input = &req.input;
        let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
        self.list(req, &input.bucket, prefix, delimiter, input.max_keys)
    }

    async fn copy_object(&self, req: &mut S3Request<CopyObjectInput>) -> S3Result<()> {
        self.read_source(req, &req.input.copy_source)
    }

    async fn upload_part_copy(&self, req: &mut S3Request<UploadPartCopyInput>) -> S3Result<()> {
        self.read_source(req, &req.input.copy_source)
    }

    /// All of them, or none: S3 deletes those that it may and names the others.
    async fn delete_objects(&self, req: &mut S3Request<DeleteObjectsInput>) -> S3Result<()> {
        let caller = self.caller_of(req)?;
        for object in &req.input.delete.objects {
            if object.version_id.is_some() {
                let text = "local-cognito does not support versions";
                return Err(not_played(text.to_owned()));
            }
            let path = S3Path::object(&req.input.bucket, &object.key);
            self.check_names(&path)?;
            self.authorise(&caller, "s3:DeleteObject", &path, Context::default())?;
        }
        Ok(())
    }
}

impl Access {
    pub(super) fn new(stand_in: Arc<StandIn>) -> Self {
        Self { stand_in }
    }

    /// Who signed the request, by a key that has not expired.
    fn caller(
        &self,
        credentials: Option<&Credentials>,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> S3Result<Caller> {
        let Some(credentials) = credentials else {
            return Err(S3Error::with_message(
                S3ErrorCode::AccessDenied,
                "Access Denied",
            ));
        };
        let query = uri.query().and_then(Form::read);
        let in_query = query
            .as_ref()
            .and_then(|query| query.get("X-Amz-Security-Token"));
        let in_header = headers.get("x-amz-security-token");
        let in_header = in_header.and_then(|token| token.to_str().ok());
        let stand_in = &self.stand_in;
        let (keys, now) = (&stand_in.access_keys, stand_in.clock.now());
        let key = keys.valid(&credentials.access_key, in_header.or(in_query), now);
        match key {
            // `scope` has made sure of the region.
            Ok(key) => Ok(stand_in.holder(&key, &stand_in.stack.region)),
            Err(Refused::ExpiredToken) => Err(S3Error::with_message(
                S3ErrorCode::ExpiredToken,
                "The provided token has expired.",
            )),
            Err(_) if in_header.or(in_query).is_some() => Err(S3Error::with_message(
                S3ErrorCode::InvalidToken,
                "The provided token is malformed or otherwise invalid.",
            )),
            Err(_) => Err(unknown_key()),
        }
    }

    fn caller_of<T>(&self, req: &S3Request<T>) -> S3Result<Caller> {
        self.caller(req.credentials.as_ref(), &req.uri, &req.headers)
    }

    fn authorise(
        &self,
        caller: &Caller,
        action: &str,
        path: &S3Path,
        context: Context,
    ) -> S3Result<()> {
        let authorised = self
            .stand_in
            .authorise(caller, action, &self.arn(path), context);
        authorised
            .map_err(|denied| S3Error::with_message(S3ErrorCode::AccessDenied, denied.to_string()))
    }

    fn bucket(&self, name: &str) -> Option<&Bucket> {
        let mut buckets = self.stand_in.stack.buckets.iter();
        buckets.find(|bucket| bucket.name == name)
    }

    /// The ARN of what a path names.
    fn arn(&self, path: &S3Path) -> String {
        let bucket = path.get_bucket_name().and_then(|name| self.bucket(name));
        match (bucket, path.get_object_key()) {
            (Some(bucket), Some(key)) => format!("{}/{key}", bucket.arn),
            (Some(bucket), None) => bucket.arn.clone(),
            (None, _) => "*".to_owned(),
        }
    }

    /// Whether there is such a bucket, and could be such an object.
    fn check_names(&self, path: &S3Path) -> S3Result<()> {
        let Some(bucket) = path.get_bucket_name() else {
            return Ok(());
        };
        if self.bucket(bucket).is_none() {
            return Err(S3Error::with_message(
                S3ErrorCode::NoSuchBucket,
                "The specified bucket does not exist",
            ));
        }
        let Some(key) = path.get_object_key() else {
            return Ok(());
        };
        key::check(bucket, key).map_err(|problem| not_played(problem.to_string()))
    }

    /// What is not there is not found by those alone who may list the bucket; to others it is like what they may not read.
    ///
    /// Source: Amazon S3 API Reference, `GetObject`, "Permissions".
    fn check_object(&self, caller: &Caller, action: &str, path: &S3Path) -> S3Result<()> {
        let root = self.stand_in.objects.root();
        let Some((bucket, key)) = path.as_object() else {
            return Ok(());
        };
        match action {
            "s3:GetObject" if !key::exists(root, bucket, key) => {
                let bucket = S3Path::bucket(bucket);
                self.authorise(caller, "s3:ListBucket", &bucket, Context::default())?;
                Err(S3Error::with_message(
                    S3ErrorCode::NoSuchKey,
                    "The specified key does not exist.",
                ))
            }
            "s3:PutObject" => key::check_place(root, bucket, key)
                .map_err(|problem| not_played(problem.to_string())),
            _ => Ok(()),
        }
    }

    fn list<T>(
        &self,
        req: &S3Request<T>,
        bucket: &str,
        prefix: Option<&str>,
        delimiter: Option<&str>,
        max_keys: Option<i32>,
    ) -> S3Result<()> {
        let caller = self.caller_of(req)?;
        // `s3s-fs` would list what stands behind the slash.
        if prefix.is_some_and(|prefix| prefix.starts_with('/')) {
            return Err(not_played(key::NotKept::Part.to_string()));
        }
        let context = operation::listing(prefix, delimiter, max_keys);
        self.authorise(&caller, "s3:ListBucket", &S3Path::bucket(bucket), context)
    }

    /// Whoever copies reads.
    fn read_source<T>(&self, req: &S3Request<T>, source: &CopySource) -> S3Result<()> {
        let caller = self.caller_of(req)?;
        let CopySource::Bucket {
            bucket,
            key,
            version_id: None,
        } = source
        else {
            let text = "local-cognito copies from buckets alone, and no versions";
            return Err(not_played(text.to_owned()));
        };
        let path = S3Path::object(bucket, key);
        self.check_names(&path)?;
        self.authorise(&caller, "s3:GetObject", &path, Context::default())?;
        self.check_object(&caller, "s3:GetObject", &path)
    }
}

fn unknown_key() -> S3Error {
    S3Error::with_message(
        S3ErrorCode::InvalidAccessKeyId,
        "The AWS Access Key Id you provided does not exist in our records.",
    )
}

fn not_played(text: String) -> S3Error {
    S3Error::with_message(S3ErrorCode::NotImplemented, text)
}
