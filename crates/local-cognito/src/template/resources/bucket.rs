//! Buckets of S3.
//!
//! Source: CloudFormation, `AWS::S3::Bucket`.

use std::collections::BTreeMap;

use super::Resource;
use crate::template::properties::Properties;
use crate::template::scope::References;

/// A bucket of S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    /// Of the bucket; a slash and the key behind it make that of an object.
    pub(crate) arn: String,
    /// The first rule that fits a request holds.
    pub(crate) cors_rules: Vec<CorsRule>,
}

/// What browsers are told about pages of other origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CorsRule {
    /// Each may hold one asterisk.
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) allowed_methods: Vec<String>,
    /// In lower case. Each may hold one asterisk.
    pub(crate) allowed_headers: Vec<String>,
    pub(crate) exposed_headers: Vec<String>,
    pub(crate) max_age: Option<u32>,
}

pub(super) fn read(resource: &Resource, properties: &mut Properties) -> (Bucket, References) {
    properties.ignore(&[
        "BucketEncryption",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
        "Tags",
    ]);
    let settings = resource.settings;
    let place = properties.place("BucketName");
    let name = properties
        .text("BucketName")
        .unwrap_or_else(|| settings.name(resource.logical_id, 63).to_lowercase());
    if !s3s::path::check_bucket_name(&name) {
        place.problem("expected 3 to 63 lower-case letters, digits, hyphens and dots");
    }
    let arn = format!("arn:{}:s3:::{name}", settings.partition());
    let cors_rules = properties.within("CorsConfiguration", |cors| {
        cors.each("CorsRules", cors_rule)
    });
    let bucket = Bucket {
        logical_id: resource.logical_id.to_owned(),
        name: name.clone(),
        arn: arn.clone(),
        cors_rules: cors_rules.unwrap_or_default(),
    };
    let (region, suffix) = (&settings.region, settings.url_suffix());
    let references = References {
        attributes: BTreeMap::from([
            ("Arn", arn),
            ("DomainName", format!("{name}.s3.{suffix}")),
            ("RegionalDomainName", format!("{name}.s3.{region}.{suffix}")),
        ]),
        reference: Some(name),
    };
    (bucket, references)
}

fn cors_rule(properties: &mut Properties) -> CorsRule {
    properties.ignore(&["Id"]);
    let methods = ["DELETE", "GET", "HEAD", "POST", "PUT"];
    let allowed_methods = properties.words("AllowedMethods", &methods);
    let mut texts = |name| properties.texts(name).unwrap_or_default();
    CorsRule {
        allowed_origins: texts("AllowedOrigins"),
        allowed_headers: texts("AllowedHeaders")
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        exposed_headers: texts("ExposedHeaders"),
        allowed_methods: allowed_methods.unwrap_or_default(),
        max_age: properties.number("MaxAge", 0..=i32::MAX.unsigned_abs()),
    }
}
