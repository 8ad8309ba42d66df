//! HTTP APIs and the routes that functions have there.

use super::*;

const POOL: &str = "
  P: {Type: AWS::Cognito::UserPool, Properties: {}}";

/// A function with this event, and an API with these properties.
fn with_api(event: &str, api: &str) -> String {
    resources(&format!(
        "
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{Runtime: provided.al2023, Events: {{E: {event}}}}}
  A: {{Type: AWS::Serverless::HttpApi, Properties: {api}}}{POOL}
Outputs:
  Endpoint: {{Value: !Sub 'https://${{A}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}'}}
  Same: {{Value: !GetAtt A.ApiEndpoint}}"
    ))
}

const AUTH: &str = "{Auth: {DefaultAuthorizer: T, Authorizers: {T: {AuthorizationScopes: [a], \
    IdentitySource: $request.header.Authorization, JwtConfiguration: {issuer: !GetAtt P.ProviderURL, audience: [c]}}}}}";

#[test]
fn an_api_has_the_routes_of_its_functions() {
    let event =
        "{Type: HttpApi, Properties: {ApiId: !Ref A, Method: get, Path: /x, TimeoutInMillis: 50}}";
    let stack = loaded(&with_api(event, AUTH)).unwrap();
    let [api] = stack.http_apis.as_slice() else {
        panic!("{:?}", stack.http_apis)
    };
    assert_eq!(stack.outputs["Endpoint"], stack.outputs["Same"]);
    assert!(stack.outputs["Same"].contains(&api.id));
    let authorizer = &api.auth.authorizers["T"];
    assert!(
        authorizer
            .issuer
            .starts_with("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_")
    );
    assert_eq!(
        (&*authorizer.header, &*authorizer.audience),
        ("authorization", &["c".to_owned()][..])
    );
    let route = Route {
        method: "GET".to_owned(),
        path: "/x".to_owned(),
        function: "F".to_owned(),
        authorization: Authorization::Jwt("T".to_owned()),
        scopes: vec!["a".to_owned()],
        timeout: Duration::from_millis(50),
    };
    assert_eq!(route.key(), "GET /x");
    assert_eq!(api.routes, [route]);
}

#[test]
fn a_route_can_do_without_authorizer_method_and_path() {
    let event = "{Type: HttpApi, Properties: {ApiId: !Ref A, Auth: {Authorizer: NONE}}}";
    let stack = loaded(&with_api(event, AUTH)).unwrap();
    let route = &stack.http_apis[0].routes[0];
    assert_eq!(
        (
            route.key().as_str(),
            &route.authorization,
            route.timeout.as_secs()
        ),
        ("$default", &Authorization::None, 30)
    );
    assert!(route.scopes.is_empty());
}

#[test]
fn a_route_can_ask_for_signed_requests() {
    let signed = "{Type: HttpApi, Properties: {ApiId: !Ref A, Auth: {Authorizer: AWS_IAM}}}";
    let plain = "{Type: HttpApi, Properties: {ApiId: !Ref A}}";
    for (name, event, api) in [
        ("by itself", signed, "{Auth: {EnableIamAuthorizer: true}}"),
        (
            "by default",
            plain,
            "{Auth: {EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM}}",
        ),
    ] {
        let stack = loaded(&with_api(event, api)).unwrap();
        let route = &stack.http_apis[0].routes[0];
        assert_eq!(route.authorization, Authorization::Iam, "{name}");
    }
}

#[test]
fn what_is_not_played_is_named() {
    let route = "{Type: HttpApi, Properties: {ApiId: !Ref A}}";
    let of_event = "Resources.F.Properties.Events.E";
    let of_api = "Resources.A.Properties";
    for (name, event, api, problem) in [
        (
            "another source",
            "{Type: Api, Properties: {Path: /, Method: get}}",
            AUTH,
            format!("{of_event}.Type: Api is not understood by local-cognito; it knows HttpApi"),
        ),
        (
            "no API",
            "{Type: HttpApi, Properties: {Path: /, Method: get}}",
            AUTH,
            format!("{of_event}.Properties: expected ApiId"),
        ),
        (
            "another API",
            "{Type: HttpApi, Properties: {ApiId: elsewhere}}",
            AUTH,
            format!("{of_event}.Properties.ApiId: expected an HTTP API of this template"),
        ),
        (
            "another format",
            "{Type: HttpApi, Properties: {ApiId: !Ref A, PayloadFormatVersion: '1.0'}}",
            AUTH,
            format!(
                "{of_event}.Properties.PayloadFormatVersion: 1.0 is not understood by local-cognito; it knows 2.0"
            ),
        ),
        (
            "an unknown authorizer",
            "{Type: HttpApi, Properties: {ApiId: !Ref A, Auth: {Authorizer: U}}}",
            AUTH,
            format!("{of_event}.Properties.Auth.Authorizer: there is no authorizer U"),
        ),
        (
            "no such default",
            route,
            "{Auth: {DefaultAuthorizer: U}}",
            format!("{of_api}.Auth.DefaultAuthorizer: there is no authorizer U"),
        ),
        (
            "an authorizer that is a function",
            route,
            "{Auth: {Authorizers: {L: {FunctionArn: arn}}}}",
            format!("{of_api}.Auth.Authorizers.L.FunctionArn: not understood by local-cognito"),
        ),
        (
            "signed requests that the API does not take",
            "{Type: HttpApi, Properties: {ApiId: !Ref A, Auth: {Authorizer: AWS_IAM}}}",
            AUTH,
            format!(
                "{of_event}.Properties.Auth.Authorizer: expected EnableIamAuthorizer of the API"
            ),
        ),
        (
            "another stage",
            route,
            "{StageName: prod}",
            format!(
                "{of_api}.StageName: prod is not understood by local-cognito; it knows $default"
            ),
        ),
    ] {
        let problems = loaded(&with_api(event, api)).unwrap_err();
        assert_eq!(problems.first(), Some(&problem), "{name}: {problems:?}");
    }
}
