use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{U384, const_monty_params};
use ring::signature::{ECDSA_P384_SHA384_ASN1, UnparsedPublicKey};

use super::MessageError;

/// The name in the encryption context of the key that has signed the message: a compressed point of P-384, in base64.
pub(super) const PUBLIC_KEY: &str = "aws-crypto-public-key";

/// Checks that this key has signed what came before the footer.
pub(super) fn check(public_key: &str, signed: &[u8], signature: &[u8]) -> Result<(), MessageError> {
    let point = STANDARD.decode(public_key).ok();
    let point = point.and_then(|compressed| uncompressed(&compressed));
    let point = point.ok_or(MessageError::Signature)?;
    UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, point)
        .verify(signed, signature)
        .map_err(|_| MessageError::Signature)
}

const_monty_params!(
    P,
    U384,
    concat!(
        "ffffffffffffffffffffffffffffffffffffffffffffffff",
        "fffffffffffffffeffffffff0000000000000000ffffffff",
    )
);

/// A number modulo p, of FIPS 186-4, section D.1.2.4.
type Element = ConstMontyForm<P, { U384::LIMBS }>;

const B: Element = Element::new(&U384::from_be_hex(concat!(
    "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe814112",
    "0314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
)));

const COORDINATE_BYTES: usize = 48;

/// The point with both its coordinates, as ring takes it. ring sees to it that it is on the curve, so that a mistake here can refuse a
/// signature, and pass none.
///
/// Source: SEC 1, section 2.3.4: y is the square root of x³ − 3x + b that is odd as the first byte says.
fn uncompressed(compressed: &[u8]) -> Option<Vec<u8>> {
    let (sign, x_bytes) = compressed.split_first()?;
    let wants_odd = match sign {
        2 => false,
        3 => true,
        _ => return None,
    };
    if x_bytes.len() != COORDINATE_BYTES {
        return None;
    }
    let x = Element::new(&U384::from_be_slice(x_bytes));
    let y_squared = x.square() * x - (x + x + x) + B;
    // p is 3 modulo 4, where the power (p + 1) / 4 is a square root.
    let quarter = Element::MODULUS.as_ref().shr_vartime(2);
    let y = y_squared.pow_vartime(&quarter.wrapping_add(&U384::ONE));
    let is_odd = bool::from(y.retrieve().is_odd());
    let y = if is_odd == wants_odd { y } else { -y };
    Some([&[4], x_bytes, y.retrieve().to_be_bytes().as_ref()].concat())
}
