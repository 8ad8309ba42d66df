use super::*;

#[test]
fn only_the_table_is_required() {
    let config = Config::from_env(Env::of_pairs([("MEMBERSHIPS_TABLE", "memberships")])).unwrap();
    assert_eq!(
        format!("{config:?}"),
        "Config { memberships_table: \"memberships\", tenant_claim: \"tenant\", roles_claim: \"roles\", \
         permissions_claim: \"permissions\", claims_in_id_token: true, claims_in_access_token: true, \
         grantable_scopes: {}, grantable_groups: {}, grantable_roles: {}, provider_groups: [], \
         provider_groups_attribute: \"\", max_claims_bytes: 2048, on_memberships_error: Refuse, methods: None, blocks_table: None, \
         on_blocks_error: Refuse, policy: Policy { allowed_domains: [], denied_domains: [], verified_address: Off } }"
    );
}

#[test]
fn everything_can_be_set() {
    let config = Config::from_env(Env::of_pairs([
        ("MEMBERSHIPS_TABLE", "memberships"),
        ("TENANT_CLAIM", "https://example.com/tenant"),
        ("ROLES_CLAIM", "custom:roles"),
        ("PERMISSIONS_CLAIM", "may"),
        ("CLAIMS_IN", "access"),
        ("GRANTABLE_SCOPES", "ledger-api/read, ledger-api/post"),
        ("GRANTABLE_GROUPS", "editors, editors"),
        (
            "GRANTABLE_ROLES",
            "arn:aws:iam::123456789012:role/app/editors",
        ),
        ("PROVIDER_GROUPS", "Okta/Finance Team=billing"),
        ("PROVIDER_GROUPS_ATTRIBUTE", "custom:groups"),
        ("MAX_CLAIMS_BYTES", "6144"),
        ("ON_MEMBERSHIPS_ERROR", "issue-without"),
        ("METHODS_CLAIM", "signed_in"),
        ("SIGN_IN_METHODS_TABLE", "methods"),
        ("BLOCKS_TABLE", "blocks"),
        ("ON_BLOCKS_ERROR", "allow"),
        ("ALLOWED_DOMAINS", "example.com"),
        ("DENIED_DOMAINS", "lab.example.com"),
        ("REQUIRE_VERIFIED", "either"),
    ]))
    .unwrap();
    assert_eq!(
        format!("{config:?}"),
        "Config { memberships_table: \"memberships\", tenant_claim: \"https://example.com/tenant\", \
         roles_claim: \"custom:roles\", permissions_claim: \"may\", claims_in_id_token: false, claims_in_access_token: true, \
         grantable_scopes: {\"ledger-api/post\", \"ledger-api/read\"}, grantable_groups: {\"editors\"}, \
         grantable_roles: {\"arn:aws:iam::123456789012:role/app/editors\"}, \
         provider_groups: [ProviderGroup { provider: \"Okta\", theirs: \"Finance Team\", ours: \"billing\" }], \
         provider_groups_attribute: \"custom:groups\", max_claims_bytes: 6144, on_memberships_error: IssueWithout, \
         methods: Some(MethodsRules { claim: \"signed_in\", table: \"methods\" }), blocks_table: Some(\"blocks\"), on_blocks_error: Allow, policy: Policy { \
         allowed_domains: [Domain(\"example.com\")], denied_domains: [Domain(\"lab.example.com\")], \
         verified_address: Either } }"
    );
}

#[test]
fn all_problems_are_named_at_once() {
    let problems = Config::from_env(Env::of_pairs([
        ("TENANT_CLAIM", "sub"),
        ("ROLES_CLAIM", "my roles"),
        ("PERMISSIONS_CLAIM", "address"),
        ("CLAIMS_IN", "id, refresh"),
        ("GRANTABLE_SCOPES", "ledger api/read"),
        ("GRANTABLE_GROUPS", "sales people"),
        ("GRANTABLE_ROLES", "editors"),
        ("PROVIDER_GROUPS", "Engineering=editors"),
        ("PROVIDER_GROUPS_ATTRIBUTE", "profile"),
        ("MAX_CLAIMS_BYTES", "6145"),
        ("ON_MEMBERSHIPS_ERROR", "ignore"),
        ("ON_BLOCKS_ERROR", "ignore"),
        ("ALLOWED_DOMAINS", "@example.com"),
        ("DENIED_DOMAINS", "192.0.2.1"),
        ("REQUIRE_VERIFIED", "true"),
    ]))
    .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "the configuration has 16 problem(s)\n  \
         CLAIMS_IN: expected a comma list of `id` and `access`\n  \
         GRANTABLE_SCOPES: expected a comma list of scopes, without blanks in them\n  \
         GRANTABLE_GROUPS: expected a comma list of group names, without blanks in them\n  \
         GRANTABLE_ROLES: expected a comma list of the ARNs of IAM roles\n  \
         MEMBERSHIPS_TABLE: not set; expected the name of a DynamoDB table\n  \
         TENANT_CLAIM: expected the name of a claim that is neither Cognito's own nor about an address\n  \
         ROLES_CLAIM: expected a claim name of 1 to 128 visible ASCII characters\n  \
         PERMISSIONS_CLAIM: expected another claim than `address` and `updated_at`\n  \
         PROVIDER_GROUPS: expected a comma list such as Okta/Engineering=editors\n  \
         MAX_CLAIMS_BYTES: expected a number of bytes from 1 to 6144\n  \
         ON_MEMBERSHIPS_ERROR: expected one of refuse, issue-without\n  \
         ON_BLOCKS_ERROR: expected one of refuse, allow\n  \
         ALLOWED_DOMAINS: `@example.com` is not a domain name; expected one such as example.com\n  \
         DENIED_DOMAINS: `192.0.2.1` is not a domain name; expected one such as example.com\n  \
         REQUIRE_VERIFIED: expected one of off, email, phone_number, either\n  \
         PROVIDER_GROUPS_ATTRIBUTE: expected a custom attribute such as custom:groups"
    );
}

#[test]
fn each_attribute_has_its_own_claim() {
    let problems = Config::from_env(Env::of_pairs([
        ("MEMBERSHIPS_TABLE", "memberships"),
        ("TENANT_CLAIM", "rights"),
        ("ROLES_CLAIM", "rights"),
        ("PERMISSIONS_CLAIM", "rights"),
    ]))
    .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "the configuration has 2 problem(s)\n  \
         ROLES_CLAIM: expected another claim than TENANT_CLAIM\n  \
         PERMISSIONS_CLAIM: expected another claim than TENANT_CLAIM and ROLES_CLAIM"
    );
}

#[test]
fn a_role_is_named_by_its_arn() {
    for (arn, is_role) in [
        ("arn:aws:iam::123456789012:role/editors", true),
        ("arn:aws-us-gov:iam::123456789012:role/a/b/editors", true),
        ("arn:aws:iam::123456789012:user/editors", false),
        ("arn:aws:iam::123456789012:role/", false),
        ("arn:aws:iam::12345678901:role/editors", false),
        ("arn:aws:sts::123456789012:role/editors", false),
        ("arn:aws:iam::*:role/editors", false),
        ("editors", false),
    ] {
        assert_eq!(arn.parse::<Role>().is_ok(), is_role, "{arn}");
    }
}

#[test]
fn provider_groups_need_an_attribute_that_users_do_not_write() {
    for (groups, attribute, is_right) in [
        ("", "", true),
        ("", "custom:groups", true),
        ("Okta/a=b", "custom:groups", true),
        ("Okta/a=b", "", false),
        ("Okta/a=b", "profile", false),
        ("", "profile", false),
        ("Okta/a=b", "custom:", false),
    ] {
        let config = Config::from_env(Env::of_pairs([
            ("MEMBERSHIPS_TABLE", "memberships"),
            ("PROVIDER_GROUPS", groups),
            ("PROVIDER_GROUPS_ATTRIBUTE", attribute),
        ]));
        assert_eq!(config.is_ok(), is_right, "{groups:?} {attribute:?}");
    }
}

#[test]
fn claims_bytes_are_bounded() {
    for (text, expected) in [
        ("1", Some(1)),
        ("6144", Some(6144)),
        ("0", None),
        ("6145", None),
        ("-1", None),
        ("2k", None),
    ] {
        assert_eq!(
            text.parse().ok().map(|ClaimsBytes(bytes)| bytes),
            expected,
            "{text}"
        );
    }
}

#[test]
fn the_claim_of_the_methods_needs_a_name_of_its_own_and_a_table() {
    let with = |claim, table| {
        let config = Config::from_env(Env::of_pairs([
            ("MEMBERSHIPS_TABLE", "memberships"),
            ("METHODS_CLAIM", claim),
            ("SIGN_IN_METHODS_TABLE", table),
        ]));
        let methods = config.map(|config| config.methods);
        methods.map_err(|problems| problems.to_string())
    };
    assert!(with("", "methods").unwrap().is_none());
    let rules = with("signed_in", "methods").unwrap().unwrap();
    assert_eq!(
        (rules.claim.as_str(), &*rules.table),
        ("signed_in", "methods")
    );
    for (claim, table, expected) in [
        (
            "signed_in",
            "",
            "SIGN_IN_METHODS_TABLE: not set; expected the name of a DynamoDB table",
        ),
        (
            "roles",
            "methods",
            "METHODS_CLAIM: expected another claim than TENANT_CLAIM, ROLES_CLAIM and PERMISSIONS_CLAIM",
        ),
        (
            "address",
            "methods",
            "METHODS_CLAIM: expected another claim than `address` and `updated_at`",
        ),
        (
            "amr",
            "methods",
            "METHODS_CLAIM: expected the name of a claim that is neither Cognito's own nor about an address",
        ),
    ] {
        let problems = with(claim, table).unwrap_err();
        assert_eq!(
            problems.lines().nth(1),
            Some(&*format!("  {expected}")),
            "{claim}"
        );
    }
}
