use aws_connection::OnFirstUse;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::{Builder, Region};
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;

use crate::failure::Failure;
use crate::message::Email;
use crate::settings::Settings;

/// SES in one region.
pub(crate) struct Ses {
    /// With its region, for the log.
    pub(crate) name: String,
    client: OnFirstUse<Client>,
    from: String,
    configuration_set: Option<String>,
}

impl Ses {
    /// SES in each region that is configured, or else in that of the function.
    pub(crate) fn in_each_region(connection: &SdkConfig, settings: &Settings) -> Vec<Self> {
        let Some(from) = &settings.email_from else {
            return Vec::new();
        };
        let own = connection.region().map(|region| region.as_ref().to_owned());
        let mut regions: Vec<_> = settings
            .email_regions
            .iter()
            .map(|region| region.as_str().to_owned())
            .collect();
        if regions.is_empty() {
            regions.extend(own);
        }
        let ses = |region: String| Self {
            name: format!("ses in {region}"),
            client: client(connection.clone(), region),
            from: from.as_str().to_owned(),
            configuration_set: settings.email_configuration_set.clone(),
        };
        regions.into_iter().map(ses).collect()
    }

    pub(crate) async fn send(&self, email: &Email) -> Result<(), Failure> {
        let request = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(&email.to).build())
            .content(content(email).map_err(|_| Failure::in_the_making())?)
            .set_configuration_set_name(self.configuration_set.clone());
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        Box::pin(request.send()).await.map_err(Failure::of)?;
        Ok(())
    }
}

fn client(connection: SdkConfig, region: String) -> OnFirstUse<Client> {
    OnFirstUse::new(move || {
        let config = Builder::from(&connection)
            .region(Region::new(region))
            .retry_config(RetryConfig::disabled())
            .build();
        Client::from_conf(config)
    })
}

fn content(email: &Email) -> Result<EmailContent, BuildError> {
    let text = email.text.as_deref().map(utf_8).transpose()?;
    let body = Body::builder()
        .html(utf_8(&email.html)?)
        .set_text(text)
        .build();
    let message = Message::builder()
        .subject(utf_8(&email.subject)?)
        .body(body)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

fn utf_8(text: &str) -> Result<Content, BuildError> {
    Content::builder().data(text).charset("UTF-8").build()
}
