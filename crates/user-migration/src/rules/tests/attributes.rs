use super::*;

#[test]
fn attributes_move_that_the_configuration_lets_through_under_their_new_names() {
    let all = found(
        "ines",
        &[
            ("mail", "ines@example.org"),
            ("name", "Ines"),
            ("role", "admin"),
            ("custom:role", "admin"),
            ("email_verified", "true"),
            ("sub", "u-1"),
            ("locale", "  "),
        ],
        &[],
    );
    let usual = config([]);
    assert_eq!(taken(&usual, &all), Ok(map(&[("name", "Ines")])));

    let renaming = config([
        ("ATTRIBUTES", "email,custom:team,locale"),
        ("RENAMES", "mail=email, role=custom:team"),
    ]);
    assert_eq!(
        taken(&renaming, &all),
        Ok(map(&[
            ("email", "ines@example.org"),
            ("custom:team", "admin")
        ]))
    );

    let nothing = config([("ATTRIBUTES", "nickname")]);
    assert_eq!(taken(&nothing, &all), Err(Withheld::NoAttributes));
}

/// Otherwise Cognito would refuse the user, who has moved by then.
#[test]
fn what_cognito_would_not_take_is_left_out() {
    let config = config([("ATTRIBUTES", "email,phone_number,birthdate,name,locale")]);
    let long = "ü".repeat(2_048);
    let longer = "ü".repeat(2_049);
    for (name, value, expected) in [
        ("email", "ines@example.org", true),
        ("email", "ines", false),
        ("email", "ines@localhost", false),
        ("email", "@example.org", false),
        ("email", "Ines <ines@example.org>", false),
        ("phone_number", "+4930123456", true),
        ("phone_number", "030 123456", false),
        ("phone_number", "+49 30 123456", false),
        ("phone_number", "+", false),
        ("phone_number", "+1234567890123456", false),
        ("birthdate", "2001-02-03", true),
        ("birthdate", "3.2.2001", false),
        ("locale", "", false),
        ("locale", &*long, true),
        ("locale", &*longer, false),
    ] {
        let all = [Address::Email, Address::PhoneNumber];
        let found = found("ines", &[("name", "Ines"), (name, value)], &all);
        let taken = taken(&config, &found).unwrap();
        assert_eq!(taken.contains_key(name), expected, "{name} {value}");
        let flag = format!("{name}_verified");
        let is_address = flag.starts_with('e') || flag.starts_with('p');
        assert_eq!(taken.contains_key(&flag), expected && is_address, "{flag}");
    }
}
