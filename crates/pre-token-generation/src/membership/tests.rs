use aws_sdk_dynamodb::primitives::Blob;
use serde_json::json;

use super::*;

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(number: &str) -> AttributeValue {
    AttributeValue::N(number.to_owned())
}

fn l<const N: usize>(values: [AttributeValue; N]) -> AttributeValue {
    AttributeValue::L(values.into())
}

fn ss(texts: &[&str]) -> AttributeValue {
    AttributeValue::Ss(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn m<const N: usize>(members: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(map(members))
}

fn map<const N: usize>(members: [(&str, AttributeValue); N]) -> Item {
    members.map(|(name, value)| (name.to_owned(), value)).into()
}

fn texts<const N: usize>(texts: [&str; N]) -> Option<Vec<String>> {
    Some(texts.map(str::to_owned).into())
}

const CLIENT: Option<&str> = Some("web");

#[test]
fn an_item_says_everything_or_nothing() {
    let nothing = Membership::from_item(map([("subject", s("user#u-1"))]), CLIENT);
    assert_eq!(nothing, Ok(Membership::default()));

    let item = map([
        ("subject", s("user#u-1")),
        ("tenant", s("nordwind")),
        ("roles", l([s("editor"), s("author")])),
        ("permissions", ss(&["page:write", "page:read"])),
        ("claims", m([("plan", s("team"))])),
        ("scopes", ss(&["ledger-api/read"])),
        ("groups", l([])),
        ("iamRoles", ss(&["role-2", "role-1"])),
        ("preferredRole", s("role-2")),
        ("somethingElse", AttributeValue::Null(true)),
    ]);
    let expected = Membership {
        tenant: Some("nordwind".to_owned()),
        roles: texts(["editor", "author"]),
        permissions: texts(["page:read", "page:write"]),
        claims: Some([("plan".to_owned(), Some(json!("team")))].into()),
        scopes: texts(["ledger-api/read"]),
        groups: texts([]),
        iam_roles: texts(["role-1", "role-2"]),
        preferred_role: Some("role-2".to_owned()),
    };
    assert_eq!(Membership::from_item(item, CLIENT), Ok(expected));
}

#[test]
fn an_app_client_replaces_attributes_one_by_one() {
    let item = || {
        map([
            ("tenant", s("nordwind")),
            ("roles", l([s("editor")])),
            ("permissions", l([s("page:write")])),
            (
                "claims",
                m([("plan", s("team")), ("beta", AttributeValue::Bool(true))]),
            ),
            ("scopes", l([s("ledger-api/read")])),
            ("groups", l([s("editors")])),
            ("iamRoles", l([s("role-1"), s("role-2")])),
            ("preferredRole", s("role-1")),
            (
                "clients",
                m([
                    (
                        "web",
                        m([("roles", l([])), ("claims", m([("plan", s("solo"))]))]),
                    ),
                    (
                        "app",
                        m([
                            ("tenant", s("sydwind")),
                            ("scopes", l([])),
                            ("groups", l([s("readers")])),
                            ("iamRoles", l([s("role-2")])),
                            ("preferredRole", s("role-2")),
                        ]),
                    ),
                    ("same", m([])),
                    ("broken", s("not a map")),
                ]),
            ),
        ])
    };
    let general = Membership {
        tenant: Some("nordwind".to_owned()),
        roles: texts(["editor"]),
        permissions: texts(["page:write"]),
        claims: Some(
            [
                ("plan".to_owned(), Some(json!("team"))),
                ("beta".to_owned(), Some(json!(true))),
            ]
            .into(),
        ),
        scopes: texts(["ledger-api/read"]),
        groups: texts(["editors"]),
        iam_roles: texts(["role-1", "role-2"]),
        preferred_role: Some("role-1".to_owned()),
    };
    let web = Membership {
        roles: texts([]),
        claims: Some([("plan".to_owned(), Some(json!("solo")))].into()),
        ..general.clone()
    };
    let app = Membership {
        tenant: Some("sydwind".to_owned()),
        scopes: texts([]),
        groups: texts(["readers"]),
        iam_roles: texts(["role-2"]),
        preferred_role: Some("role-2".to_owned()),
        ..general.clone()
    };
    for (client_id, expected) in [
        (None, &general),
        (Some("unknown"), &general),
        (Some("same"), &general),
        (Some("web"), &web),
        (Some("app"), &app),
    ] {
        let membership = Membership::from_item(item(), client_id);
        assert_eq!(membership.as_ref(), Ok(expected), "{client_id:?}");
    }
    let malformed = Membership::from_item(item(), Some("broken")).unwrap_err();
    assert_eq!(malformed.to_string(), "`clients` is not a map of maps");
}

#[test]
fn an_attribute_of_another_type_is_malformed() {
    let null = || AttributeValue::Null(true);
    let a_map = "a map";
    let a_list = "a list of texts";
    let a_text = "a text with something in it";
    for (attribute, value, expected) in [
        ("tenant", null(), a_text),
        ("tenant", n("17"), a_text),
        ("tenant", s(""), a_text),
        ("tenant", s(" "), a_text),
        ("roles", null(), a_list),
        ("roles", s("editor"), a_list),
        ("roles", l([s("editor"), n("1")]), a_list),
        ("roles", l([s("editor"), null()]), a_list),
        (
            "permissions",
            AttributeValue::Ns(vec!["1".to_owned()]),
            a_list,
        ),
        ("permissions", m([]), a_list),
        ("scopes", s("ledger-api/read"), a_list),
        ("scopes", AttributeValue::Bs(vec![Blob::new([1])]), a_list),
        ("groups", null(), a_list),
        ("groups", AttributeValue::Bool(true), a_list),
        ("iamRoles", s("role-1"), a_list),
        ("iamRoles", l([null()]), a_list),
        ("preferredRole", l([s("role-1")]), a_text),
        ("preferredRole", s(""), a_text),
        ("claims", null(), a_map),
        ("claims", l([]), a_map),
    ] {
        let malformed = Err(Malformed {
            attribute,
            expected,
        });
        let general = map([(attribute, value.clone())]);
        assert_eq!(
            Membership::from_item(general, CLIENT),
            malformed,
            "{attribute} {value:?}"
        );
        let own = map([("clients", m([("web", m([(attribute, value.clone())]))]))]);
        assert_eq!(
            Membership::from_item(own, CLIENT),
            malformed,
            "{attribute} {value:?} of an app client"
        );
        let other = map([("clients", m([("app", m([(attribute, value)]))]))]);
        assert_eq!(
            Membership::from_item(other, CLIENT),
            Ok(Membership::default()),
            "another app client's"
        );
    }
    let clients = map([("clients", l([]))]);
    let malformed = Malformed {
        attribute: "clients",
        expected: a_map,
    };
    assert_eq!(Membership::from_item(clients, None), Err(malformed));
}

fn claim(value: AttributeValue) -> Option<Value> {
    let item = map([("claims", m([("plan", value)]))]);
    let claims = Membership::from_item(item, None).unwrap().claims.unwrap();
    claims.into_values().next().unwrap()
}

#[test]
fn a_claim_keeps_its_shape() {
    let value = m([
        ("regions", l([s("eu"), s("us")])),
        ("tags", ss(&["b", "a"])),
        (
            "limits",
            m([("seats", n("5")), ("trial", AttributeValue::Bool(false))]),
        ),
        (
            "sizes",
            AttributeValue::Ns(vec!["2".to_owned(), "1.5".to_owned()]),
        ),
        ("empty", l([m([]), s("")])),
    ]);
    let expected = json!({
        "regions": ["eu", "us"],
        "tags": ["a", "b"],
        "limits": {"seats": 5, "trial": false},
        "sizes": [1.5, 2],
        "empty": [{}, ""],
    });
    assert_eq!(claim(value), Some(expected));
}

#[test]
fn a_value_that_no_claim_can_hold_is_none_as_a_whole() {
    let null = || AttributeValue::Null(true);
    let binary = || AttributeValue::B(Blob::new([1]));
    for value in [
        null(),
        binary(),
        AttributeValue::Bs(vec![Blob::new([1])]),
        l([s("a"), null()]),
        l([s("a"), binary()]),
        m([("a", s("a")), ("b", m([("c", null())]))]),
        n("NaN"),
        n("inf"),
        n("0x10"),
        n(""),
    ] {
        assert_eq!(claim(value.clone()), None, "{value:?}");
    }
}

#[test]
fn a_claim_has_eight_lists_and_maps_within_each_other() {
    let nested = |depth: usize| (0..depth).fold(s("core"), |value, _| l([m([("a", value)])]));
    assert!(claim(nested(4)).is_some());
    assert_eq!(claim(l([nested(4)])), None);
    assert_eq!(claim(nested(500)), None);
}

#[test]
fn numbers_keep_their_exact_value() {
    for (number, expected) in [
        ("0", "0"),
        ("-17", "-17"),
        ("9007199254740993", "9007199254740993"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "\"9223372036854775808\""),
        ("0.1", "0.1"),
        ("-2.5", "-2.5"),
        ("0.000000123456789012345", "1.23456789012345e-7"),
        ("123456.789012345", "123456.789012345"),
        ("0.1234567890123456", "\"0.1234567890123456\""),
        (
            "3.1415926535897932384626433832795028842",
            "\"3.1415926535897932384626433832795028842\"",
        ),
        ("1E+125", "1e+125"),
        ("9.99999999999999E-130", "9.99999999999999e-130"),
        ("1E+999", "\"1E+999\""),
        ("1E-999", "\"1E-999\""),
        ("100000000000000000000", "1e+20"),
    ] {
        let value = claim(n(number)).unwrap();
        assert_eq!(value.to_string(), expected, "{number}");
    }
}
