use std::time::{Duration, UNIX_EPOCH};

use aws_sdk_sts::Config;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use function_tests::Log;

use super::*;

const ARN: &str = "arn:aws:iam::210987654321:role/migration";

/// Answers so, whoever assumes the role.
#[derive(Debug)]
struct Sts {
    status: u16,
    body: &'static str,
}

impl HttpConnector for Sts {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap());
        assert!(body.starts_with("Action=AssumeRole&"), "{body}");
        assert!(body.contains("210987654321%3Arole%2Fmigration"), "{body}");
        let status = StatusCode::try_from(self.status).unwrap();
        let response = HttpResponse::new(status, SdkBody::from(self.body));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn role(status: u16, body: &'static str) -> Role {
    let connector = SharedHttpConnector::new(Sts { status, body });
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("own", "own", None, None, "test"))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .region(Region::from_static("eu-central-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    Role {
        client: Client::from_conf(config).into(),
        arn: ARN.to_owned(),
    }
}

#[tokio::test]
async fn the_role_s_credentials_are_good_until_they_expire() {
    let body = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
        <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>\
        <Expiration>2027-01-15T09:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    let credentials = role(200, body).provide_credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "ASIAEXAMPLE");
    assert_eq!(credentials.session_token(), Some("session"));
    let until = UNIX_EPOCH + Duration::from_secs(1_800_003_600);
    assert_eq!(credentials.expiry(), Some(until));
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_is_an_error_in_the_log() {
    let body = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
        <Code>AccessDenied</Code><Message>private</Message></Error></ErrorResponse>";
    let log = Log::start();
    assert!(role(403, body).provide_credentials().await.is_err());
    let fields = log.fields();
    assert_eq!(fields[0]["cause"], "AccessDenied");
    assert!(!log.text().contains("private"), "{}", log.text());
    assert!(
        role(200, "<AssumeRoleResponse/>")
            .provide_credentials()
            .await
            .is_err()
    );
}
