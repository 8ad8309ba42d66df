//! The numbers that SRP counts with: the 3072-bit group of RFC 3526, section 4, with generator 2, which Cognito uses.

use std::array;
use std::sync::LazyLock;

use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{CtAssign, CtEq, U256, U3072, const_monty_params};

const_monty_params!(
    N,
    U3072,
    concat!(
        "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74",
        "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437",
        "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed",
        "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05",
        "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb",
        "9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b",
        "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718",
        "3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33",
        "a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7",
        "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864",
        "d87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e2",
        "08e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
    )
);

/// A number modulo N.
pub(super) type Element = ConstMontyForm<N, { U3072::LIMBS }>;

/// N itself.
pub(super) const MODULUS: U3072 = *Element::MODULUS.as_ref();

const GENERATOR: Element = Element::new(&U3072::from_u8(2));

/// Digits of four bits in an exponent of 256.
const DIGITS: usize = 64;

/// `g^(d · 16^i)` for every digit `d` at every place `i`: 393 kB, which make a power of g one multiplication a digit instead of
/// five, and every password check of the stand-in four times as fast.
static POWERS: LazyLock<Vec<[Element; 16]>> = LazyLock::new(|| {
    let mut base = GENERATOR;
    let mut powers = Vec::with_capacity(DIGITS);
    for _ in 0..DIGITS {
        let mut next = Element::ONE;
        powers.push(array::from_fn(|_| {
            let power = next;
            next = next.mul(&base);
            power
        }));
        base = next;
    }
    powers
});

/// `g^exponent`, in a time that does not depend on the exponent.
pub(super) fn power_of_generator(exponent: &U256) -> Element {
    let bytes = exponent.to_le_bytes();
    let digits = bytes
        .as_ref()
        .iter()
        .flat_map(|byte| [byte & 0xf, byte >> 4]);
    digits
        .zip(POWERS.iter())
        .fold(Element::ONE, |product, (digit, powers)| {
            product.mul(&chosen(powers, digit))
        })
}

/// `powers[digit]`. Reads all of them: which memory is touched would tell the digit.
fn chosen(powers: &[Element; 16], digit: u8) -> Element {
    let mut chosen = powers[0];
    for (candidate, power) in (1..).zip(&powers[1..]) {
        chosen.ct_assign(power, digit.ct_eq(&candidate));
    }
    chosen
}

/// A number below N from a client's hexadecimal text, or `None`.
pub(super) fn element_of_hex(text: &str) -> Option<Element> {
    // The parser would also take a sign and underscores.
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let number = U3072::from_str_radix_vartime(text, 16).ok()?;
    (number < MODULUS).then(|| Element::new(&number))
}

/// Hexadecimal text, as Cognito sends numbers.
pub(super) fn hex_of(element: &Element) -> String {
    format!("{:x}", element.retrieve())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_the_generator_agree_with_plain_exponentiation() {
        let largest = U256::MAX;
        let some =
            U256::from_be_hex("00f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f");
        for exponent in [U256::ZERO, U256::ONE, U256::from_u8(16), some, largest] {
            assert_eq!(power_of_generator(&exponent), GENERATOR.pow(&exponent));
        }
    }

    #[test]
    fn only_numbers_below_n_are_read() {
        let n = format!("{MODULUS:x}");
        let below = format!("{}e", &n[..n.len() - 1]);
        for (text, is_read) in [
            ("0", true),
            ("00Ff", true),
            (below.as_str(), true),
            (n.as_str(), false),
            (&format!("1{n}"), false),
            ("", false),
            ("-1", false),
            ("+1", false),
            ("f_f", false),
            ("0x1", false),
            ("g", false),
        ] {
            assert_eq!(element_of_hex(text).is_some(), is_read, "{text}");
        }
    }
}
