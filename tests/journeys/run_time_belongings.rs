//! What clients make for a pool at run time: app clients, resource servers, identity providers, domains, attributes, tags.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, refused, template};
use crate::run_time_pools::made_client;

#[test]
fn what_belongs_to_a_pool_is_made_shown_changed_and_deleted() {
    let stand_in = StandIn::start(&["--template", &template("run-time.yaml")]);
    let pool = stand_in.pool.clone();
    let call = |operation: &str, mut members: Value| {
        members["UserPoolId"] = json!(pool);
        idp::call(&stand_in, operation, members)
    };
    let server = json!({
        "Identifier": "ledger", "Name": "Ledger", "Scopes": [{"ScopeName": "read", "ScopeDescription": "Read entries"}],
    });
    call("CreateResourceServer", server.clone()).unwrap();
    let taken = format!("ledger already exists in user pool {pool}.");
    assert_eq!(
        call("CreateResourceServer", server.clone()),
        Err(refused("InvalidParameter", &taken))
    );
    let renamed = json!({"Identifier": "ledger", "Name": "Books"});
    call("UpdateResourceServer", renamed).unwrap();
    let shown = call("DescribeResourceServer", json!({"Identifier": "ledger"})).unwrap();
    assert_eq!(shown["ResourceServer"]["Name"], "Books");
    assert_eq!(shown["ResourceServer"]["Scopes"], json!([]));
    let listed = call("ListResourceServers", json!({"MaxResults": 50})).unwrap();
    assert_eq!(listed["ResourceServers"].as_array().unwrap().len(), 1);
    call("DeleteResourceServer", json!({"Identifier": "ledger"})).unwrap();
    assert!(call("DescribeResourceServer", json!({"Identifier": "ledger"})).is_err());

    let details =
        json!({"client_id": "7", "client_secret": "s", "authorize_scopes": "openid email"});
    let google = json!({
        "ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": details,
        "AttributeMapping": {"email": "email"}, "IdpIdentifiers": ["example.org"],
    });
    call("CreateIdentityProvider", google.clone()).unwrap();
    assert_eq!(
        call("CreateIdentityProvider", google).unwrap_err().name,
        "DuplicateProviderException"
    );
    let mapping =
        json!({"ProviderName": "Google", "AttributeMapping": {"email": "email", "name": "name"}});
    let changed = call("UpdateIdentityProvider", mapping).unwrap();
    assert_eq!(changed["IdentityProvider"]["ProviderDetails"], details);
    let found = call(
        "GetIdentityProviderByIdentifier",
        json!({"IdpIdentifier": "example.org"}),
    )
    .unwrap();
    assert_eq!(
        found["IdentityProvider"]["AttributeMapping"]["name"],
        "name"
    );
    let with_google = json!({"SupportedIdentityProviders": ["COGNITO", "Google"]});
    made_client(&stand_in, &pool, with_google);
    call("DeleteIdentityProvider", json!({"ProviderName": "Google"})).unwrap();
    let listed = call("ListIdentityProviders", json!({})).unwrap();
    assert_eq!(listed["Providers"], json!([]));

    call("CreateUserPoolDomain", json!({"Domain": "suite"})).unwrap();
    let described = idp::call(
        &stand_in,
        "DescribeUserPoolDomain",
        json!({"Domain": "suite"}),
    )
    .unwrap();
    assert_eq!(described["DomainDescription"]["UserPoolId"], json!(pool));
    let shown = call("DescribeUserPool", json!({})).unwrap();
    assert_eq!(shown["UserPool"]["Domain"], "suite");
    let held =
        "User pool cannot be deleted. It has a domain configured that should be deleted first.";
    assert_eq!(
        call("DeleteUserPool", json!({})),
        Err(refused("InvalidParameter", held))
    );
    call("DeleteUserPoolDomain", json!({"Domain": "suite"})).unwrap();
    let described = idp::call(
        &stand_in,
        "DescribeUserPoolDomain",
        json!({"Domain": "suite"}),
    )
    .unwrap();
    assert_eq!(described["DomainDescription"], json!({}));

    let attribute = json!({"CustomAttributes": [{"Name": "plan", "AttributeDataType": "String", "Mutable": true}]});
    call("AddCustomAttributes", attribute.clone()).unwrap();
    let twice = "custom:plan: Existing attribute already has name custom:plan.";
    assert_eq!(
        call("AddCustomAttributes", attribute),
        Err(refused("InvalidParameter", twice))
    );
    let plan = json!([{"Name": "custom:plan", "Value": "team"}]);
    call("AdminCreateUser", json!({"Username": "ines@example.org", "MessageAction": "SUPPRESS", "UserAttributes": plan})).unwrap();

    let arn = format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}");
    let tags = |operation: &str, mut members: Value| {
        members["ResourceArn"] = json!(arn);
        idp::call(&stand_in, operation, members).unwrap()
    };
    tags("TagResource", json!({"Tags": {"a": "1", "b": "2"}}));
    tags("UntagResource", json!({"TagKeys": ["a"]}));
    assert_eq!(
        tags("ListTagsForResource", json!({}))["Tags"],
        json!({"b": "2"})
    );
}

#[test]
fn an_update_of_a_client_keeps_its_name_and_secret_alone() {
    let stand_in = StandIn::start(&["--template", &template("run-time.yaml")]);
    let pool = stand_in.pool.clone();
    let client = made_client(
        &stand_in,
        &pool,
        json!({
            "GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "AccessTokenValidity": 30,
            "TokenValidityUnits": {"AccessToken": "minutes"}, "PreventUserExistenceErrors": "ENABLED",
        }),
    );
    let about = json!({"UserPoolId": pool, "ClientId": client});
    let describe = || {
        let described = idp::call(&stand_in, "DescribeUserPoolClient", about.clone());
        described.unwrap()["UserPoolClient"].clone()
    };
    let before = describe();
    assert_eq!(before["AccessTokenValidity"], 30);
    assert_eq!(before["ClientSecret"].as_str().unwrap().len(), 52);
    idp::call(&stand_in, "UpdateUserPoolClient", about.clone()).unwrap();
    let after = describe();
    assert_eq!(after["ClientSecret"], before["ClientSecret"]);
    assert_eq!(after["ClientName"], "made at run time");
    assert_eq!(after["PreventUserExistenceErrors"], "LEGACY");
    assert_eq!(after["AccessTokenValidity"], 3_600);
    let flows = json!([
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH"
    ]);
    assert_eq!(after["ExplicitAuthFlows"], flows);

    let listed = idp::call(
        &stand_in,
        "ListUserPoolClients",
        json!({"UserPoolId": pool, "MaxResults": 1}),
    )
    .unwrap();
    assert_eq!(listed["UserPoolClients"].as_array().unwrap().len(), 1);
    assert!(listed["NextToken"].is_string());
    idp::call(&stand_in, "DeleteUserPoolClient", about.clone()).unwrap();
    let gone = idp::call(&stand_in, "DescribeUserPoolClient", about);
    let text = format!("User pool client {client} does not exist.");
    assert_eq!(gone, Err(refused("ResourceNotFound", &text)));
}
