use super::*;

#[test]
fn an_address_is_verified_only_if_the_source_says_so_of_this_very_address() {
    let config = config([("RENAMES", "work=email")]);
    let email = ("email", "a@example.org");
    let work = ("work", "b@example.org");
    for (case, attributes, verified, expected) in [
        (
            "said",
            vec![email],
            vec![Address::Email],
            Some("a@example.org"),
        ),
        ("not said", vec![email], vec![], None),
        (
            "said of the number",
            vec![email],
            vec![Address::PhoneNumber],
            None,
        ),
        (
            "said of the one of another name",
            vec![work],
            vec![Address::Email],
            Some("b@example.org"),
        ),
        (
            "said of one that gave way to another",
            vec![email, work],
            vec![Address::Email],
            None,
        ),
    ] {
        let found = found("ines", &attributes, &verified);
        let taken = taken(&config, &found).unwrap();
        let is_verified = taken.get("email_verified").map(String::as_str) == Some("true");
        let email = taken.get("email").map(String::as_str);
        assert_eq!(email.filter(|_| is_verified), expected, "{case}");
        assert!(!taken.contains_key("phone_number_verified"), "{case}");
    }
}

#[test]
fn an_address_is_taken_along_only_by_who_has_verified_it() {
    let own = [("email", "ines@example.org"), ("name", "Ines")];
    let other = [("email", "kim@example.org"), ("name", "Ines")];
    let refusing = config([]);
    let moving = config([("UNVERIFIED_ADDRESSES", "move")]);
    let withheld = Err(Withheld::AddressNotVerified);
    for (case, attributes, verified, refused, moved) in [
        ("verified", &own[..], &[Address::Email][..], Ok(()), Ok(())),
        ("not verified", &own, &[], withheld, Ok(())),
        ("another's", &other, &[Address::Email], withheld, withheld),
        ("without address", &own[1..], &[], withheld, Ok(())),
        (
            "the key is the address",
            &own[1..],
            &[Address::Email],
            Ok(()),
            Ok(()),
        ),
    ] {
        let found = found("ines@example.org", attributes, verified);
        assert_eq!(taken(&refusing, &found).map(|_| ()), refused, "{case}");
        assert_eq!(taken(&moving, &found).map(|_| ()), moved, "{case}");
    }
    let by_number = |verified: &[Address]| found("+4930123456", &[("name", "Ines")], verified);
    assert_eq!(
        taken(&refusing, &by_number(&[])),
        withheld.map(|()| map(&[]))
    );
    let expected = map(&[
        ("name", "Ines"),
        ("phone_number", "+4930123456"),
        ("phone_number_verified", "true"),
    ]);
    assert_eq!(
        taken(&refusing, &by_number(&[Address::PhoneNumber])),
        Ok(expected)
    );
}

#[test]
fn a_forgotten_password_needs_a_verified_address_and_confirms_nobody() {
    for (case, name, attributes, verified, expected) in [
        (
            "verified",
            "ines",
            &[("email", "ines@example.org")][..],
            &[Address::Email][..],
            Ok(None),
        ),
        (
            "not verified",
            "ines",
            &[("email", "ines@example.org")],
            &[],
            Err(Withheld::AddressNotVerified),
        ),
        (
            "verified and not let through",
            "ines",
            &[("name", "Ines")],
            &[Address::Email],
            Err(Withheld::AddressNotVerified),
        ),
        (
            "a number",
            "ines",
            &[("phone_number", "+4930123456")],
            &[Address::PhoneNumber],
            Ok(None),
        ),
    ] {
        for proof in [Proof::Known, Proof::PasswordRight] {
            let found = Found {
                proof,
                ..found(name, attributes, verified)
            };
            let moved = outcome(&config([]), name, None, State::Waiting, &found);
            let status = moved.map(|response| response.final_user_status);
            assert_eq!(status, expected, "{case}");
        }
    }
}
