//! The repository's own template, as the stand-in reads it.

use secrecy::ExposeSecret;
use serde_json::json;

use super::*;

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")
}

fn with(parameters: &[(&str, &str)]) -> Stack {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let settings = Settings {
        parameters: parameters.collect(),
        ..settings()
    };
    load(&path(), &settings).unwrap()
}

#[test]
fn wires_the_triggers_with_permission() {
    let stack = with(&[]);
    let trigger = |function: &str, version: &str| Trigger {
        function: function.to_owned(),
        version: version.to_owned(),
    };
    assert_eq!(stack.user_pools.len(), 1);
    let pool = &stack.user_pools[0].arn;
    for wired in stack.user_pools[0].triggers.values() {
        let mut functions = stack.functions.iter();
        let function = functions.find(|function| function.logical_id == wired.function);
        let permissions = &function.unwrap().permissions;
        assert!(
            permissions[0].lets_call(pool, &stack.account_id),
            "{wired:?}"
        );
    }
    assert_eq!(
        stack.user_pools[0].triggers,
        [
            ("PostAuthentication", "V1_0"),
            ("PostConfirmation", "V1_0"),
            ("PreAuthentication", "V1_0"),
            ("PreSignUp", "V1_0"),
            ("PreTokenGeneration", "V3_0"),
        ]
        .map(|(name, version)| (
            name.to_owned(),
            trigger(&format!("{name}Function"), version)
        ))
        .into()
    );
}

#[test]
fn permits_no_one_but_its_pool() {
    let text = std::fs::read_to_string(path()).unwrap();
    let permissions = text.matches("Type: AWS::Lambda::Permission").count();
    assert!(permissions > 0);
    assert_eq!(
        text.matches("SourceArn: !GetAtt UserPool.Arn").count(),
        permissions
    );
    assert_eq!(
        text.matches("      SourceAccount: !Ref AWS::AccountId")
            .count(),
        permissions
    );
}

/// Which variables a function's configuration reads, by the table that documents them, which tidy holds against the code.
fn variables_read_by(binary: &str) -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = manifest.join("..").join(binary).join("src/config.rs");
    // A function that reads none has no such file.
    let source = std::fs::read_to_string(source).unwrap_or_default();
    let rows = source
        .lines()
        .filter_map(|line| line.strip_prefix("/// | `"));
    let names = rows.filter_map(|row| row.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn sets_every_variable_that_a_function_reads() {
    for function in with(&[]).functions {
        let set: BTreeSet<_> = function.environment.keys().cloned().collect();
        assert_eq!(
            set,
            variables_read_by(&function.binary),
            "{}",
            function.binary
        );
    }
}

#[test]
fn gives_parameters_to_functions() {
    let stack = with(&[
        ("AllowedDomains", "example.org"),
        ("Invitations", "required"),
    ]);
    let mut functions = stack.functions.iter();
    let function = functions.find(|function| function.binary == "pre-sign-up");
    let function = function.unwrap();
    let table = stack
        .tables
        .iter()
        .find(|table| table.logical_id == "InvitationsTable");
    let variables = [
        ("ALLOWED_DOMAINS", "example.org"),
        ("DENIED_DOMAINS", ""),
        ("DISPOSABLE_DOMAINS", "refuse"),
        ("FEDERATED_SIGN_UP", ""),
        ("INVITATIONS", "required"),
        ("INVITATIONS_TABLE", &table.unwrap().name),
        ("INVITATION_CONFIRMS", "false"),
    ];
    for (name, value) in variables {
        assert_eq!(function.environment[name], value, "{name}");
    }
    assert_eq!(
        (function.timeout, function.memory_mb),
        (Duration::from_secs(6), 512)
    );
    assert!(
        function
            .arn
            .starts_with("arn:aws:lambda:us-east-1:123456789012:function:stack-PreSignUpFunction-")
    );
}

#[test]
fn writes_messages_itself_only_where_that_is_wanted() {
    let identity = "arn:aws:ses:us-east-1:123456789012:identity/example.org";
    for (wanted, identity, wired, email) in [
        ("off", "", false, "off"),
        ("on", "", true, "off"),
        ("on", identity, true, "on"),
    ] {
        let stack = with(&[("CustomMessages", wanted), ("EmailIdentityArn", identity)]);
        let triggers = &stack.user_pools[0].triggers;
        assert_eq!(triggers.contains_key("CustomMessage"), wired, "{wanted}");
        let mut functions = stack.functions.iter();
        let function = functions.find(|function| function.binary == "custom-message");
        let environment = &function.unwrap().environment;
        assert_eq!(environment["EMAIL"], email, "{identity}");
    }
}

#[test]
fn makes_the_tables() {
    let tables = with(&[]).tables;
    let table = |logical_id: &str| {
        let mut tables = tables.iter();
        tables.find(|table| table.logical_id == logical_id).unwrap()
    };
    let (invitations, memberships) = (table("InvitationsTable"), table("MembershipsTable"));
    assert_eq!(invitations.ttl_attribute.as_deref(), Some("expiresAt"));
    assert_eq!(memberships.ttl_attribute, None);
    assert_eq!(
        memberships.create_table,
        json!({
            "TableName": memberships.name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "subject", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "subject", "KeyType": "HASH"}],
            "DeletionProtectionEnabled": true,
        })
    );
    assert_eq!(
        table("ProfilesTable").create_table["StreamSpecification"],
        json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    );
}

#[test]
fn passes_over_what_leaves_for_an_event_bus() {
    let stack = with(&[
        ("EventBusName", "default"),
        ("SignOutOnPasswordReset", "true"),
    ]);
    assert_eq!(stack.tables, with(&[]).tables);
}

#[test]
fn describes_the_pool() {
    let stack = with(&[("DeletionProtection", "INACTIVE")]);
    let pool = &stack.user_pools[0];
    assert!(pool.id.starts_with("us-east-1_"));
    assert_eq!(
        pool.arn,
        format!(
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/{}",
            pool.id
        )
    );
    assert_eq!(pool.tier, "ESSENTIALS");
    assert_eq!(pool.username_attributes, ["email"]);
    assert!(!pool.case_sensitive);
    assert!(!pool.deletion_protection);
    assert!(with(&[]).user_pools[0].deletion_protection);
    assert_eq!(pool.recovery, ["verified_email"]);
    let groups: Vec<_> = pool.groups.iter().map(|group| &*group.name).collect();
    assert_eq!(groups, ["admins", "members"]);
    let scopes: Vec<_> = pool.resource_servers[0].scopes.keys().collect();
    assert_eq!(scopes, ["read", "write"]);
}

#[test]
fn describes_the_clients() {
    let stack = with(&[]);
    let client = |logical_id: &str| {
        let clients = stack.user_pools[0].clients.iter();
        clients
            .clone()
            .find(|client| client.logical_id == logical_id)
            .unwrap()
    };
    let (web, machine) = (client("WebClient"), client("MachineClient"));
    assert!(web.secret.is_none());
    assert_eq!(
        web.explicit_auth_flows,
        flows(&["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"])
    );
    assert_eq!(web.refresh_token_validity, Duration::from_hours(30 * 24));
    assert!(web.prevent_user_existence_errors);
    assert_eq!(machine.secret.as_ref().unwrap().expose_secret().len(), 52);
    assert_eq!(machine.oauth_flows, ["client_credentials"]);
    assert_eq!(machine.oauth_scopes, ["api/read", "api/write"]);
    assert_eq!(stack.outputs["WebClientId"], web.id);
    assert!(!stack.outputs.contains_key("TokenEndpoint"));

    let stack = with(&[("PasswordSignIn", "true"), ("DomainPrefix", "example")]);
    let clients = &stack.user_pools[0].clients;
    let web = clients
        .iter()
        .find(|client| client.logical_id == "WebClient")
        .unwrap();
    assert!(web.explicit_auth_flows.contains("ALLOW_USER_PASSWORD_AUTH"));
    assert_eq!(
        stack.outputs["TokenEndpoint"],
        "https://example.auth.us-east-1.amazoncognito.com/oauth2/token"
    );
}

#[test]
fn refuses_wrong_parameters_all_at_once() {
    let parameters = [
        ("Invitations", "sometimes"),
        ("MaxClaimsBytes", "7000"),
        ("Colour", "red"),
    ];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings {
        parameters: parameters.into(),
        ..settings()
    };
    let error = load(&path(), &settings).unwrap_err().to_string();
    let lines: Vec<_> = error.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  --parameter Colour: the template has no such parameter",
            r#"  Parameters.Invitations: the value is none of "off", "optional", "required""#,
            "  Parameters.MaxClaimsBytes: the value is too small or too large",
        ]
    );
}

#[test]
fn keeps_its_ids_over_restarts_unless_they_are_fixed() {
    assert_eq!(with(&[]).outputs, with(&[]).outputs);
    let ids = [
        ("UserPool", "us-east-1_Ab12Cd34E"),
        ("WebClient", "1example23456789012345678"),
    ];
    let fixed = Settings {
        ids: ids
            .map(|(name, id)| (name.to_owned(), id.to_owned()))
            .into(),
        ..settings()
    };
    let outputs = load(&path(), &fixed).unwrap().outputs;
    assert_eq!(outputs["UserPoolId"], "us-east-1_Ab12Cd34E");
    assert_eq!(outputs["WebClientId"], "1example23456789012345678");
    assert_eq!(
        outputs["Issuer"],
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E"
    );
}
