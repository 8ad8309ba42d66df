use aws_lambda_events::apigw::ApiGatewayV2httpRequest;

/// Who signed the request, as API Gateway has verified.
pub(crate) struct Operator {
    arn: String,
}

impl Operator {
    /// `None` for a request that nobody signed, which a route without its authorizer would let through, and for the credentials of an
    /// identity pool.
    pub(crate) fn of(request: &ApiGatewayV2httpRequest) -> Option<Self> {
        let authorizer = request.request_context.authorizer.as_ref()?;
        let iam = authorizer.iam.as_ref()?;
        let arn = iam.user_arn.clone().filter(|arn| !arn.is_empty())?;
        iam.cognito_identity.is_none().then_some(Self { arn })
    }

    pub(crate) fn arn(&self) -> &str {
        &self.arn
    }
}
