use std::fmt;

use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// The SDKs' endpoint override: `AWS_ENDPOINT_URL_<SERVICE>` for one service, else `AWS_ENDPOINT_URL` for all.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
pub(crate) struct EndpointOverrides {
    variable: Box<Variable>,
}

/// Looks a variable up by its name.
type Variable = dyn Fn(&str) -> Option<String> + Send + Sync;

impl EndpointOverrides {
    pub(crate) fn new(variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            variable: Box::new(variable),
        }
    }
}

impl LoadServiceConfig for EndpointOverrides {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        const ALL: &str = "AWS_ENDPOINT_URL";
        // A client may ask for other settings the same way.
        if key.env() != ALL {
            return None;
        }
        // "Cognito Identity Provider" is `COGNITO_IDENTITY_PROVIDER`.
        let service = key.service_id().to_uppercase().replace([' ', '-'], "_");
        let variable = &self.variable;
        variable(&format!("{ALL}_{service}")).or_else(|| variable(ALL))
    }
}

impl fmt::Debug for EndpointOverrides {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EndpointOverrides")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(service_id: &str, setting: &str, variables: &[(&str, &str)], expected: Option<&str>) {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let overrides = EndpointOverrides::new(move |wanted| {
            let (_, value) = variables.iter().find(|(name, _)| name == wanted)?;
            Some(value.clone())
        });
        let key = ServiceConfigKey::builder()
            .service_id(service_id)
            .env(setting)
            .profile("not read")
            .build()
            .unwrap();
        assert_eq!(overrides.load_config(key).as_deref(), expected);
    }

    #[test]
    fn a_services_own_variable_comes_before_the_one_for_all() {
        let variables = [
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            (
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
                "http://127.0.0.1:2",
            ),
        ];
        check(
            "Cognito Identity Provider",
            "AWS_ENDPOINT_URL",
            &variables,
            Some("http://127.0.0.1:2"),
        );
        check(
            "DynamoDB",
            "AWS_ENDPOINT_URL",
            &variables,
            Some("http://127.0.0.1:1"),
        );
        check("DynamoDB", "AWS_ANOTHER_SETTING", &variables, None);
        check("DynamoDB", "AWS_ENDPOINT_URL", &[], None);
    }
}
