use super::*;

#[test]
fn a_number_begins_with_a_country() {
    for number in ["+4915112345678", "+12", "+123456789012345"] {
        assert!(is_number(number), "{number}");
    }
    for other in [
        "",
        "+",
        "4915112345678",
        "+0491511",
        "+49 151",
        "+1234567890123456",
        "+1",
        "+١٢٣",
    ] {
        assert!(!is_number(other), "{other}");
    }
}
