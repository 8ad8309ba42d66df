/// So many decimal digits, each as likely as any other, from blocks of random bytes.
///
/// 256 is no multiple of 10: of each byte only the 250 values are taken that share out evenly.
pub(crate) fn digits(count: usize, block: impl Fn(u32) -> [u8; 32]) -> String {
    (0..)
        .flat_map(block)
        .filter(|byte| *byte < 250)
        .map(|byte| char::from(b'0' + byte % 10))
        .take(count)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user_secret::UserSecret;

    /// Chi-square over all ten digits of 100,000 codes, for each place of the code. With 9 degrees of freedom a fair source exceeds 45
    /// once in a million; the secret is fixed, so that this never fails by chance. Bytes modulo 10 without rejection exceed it by far.
    #[test]
    fn every_digit_is_as_likely_at_every_place() {
        const CODES: u32 = 100_000;
        let secret = UserSecret::from([7; 32]);
        let mut counts = [[0_u32; 10]; 6];
        for code in 0..CODES {
            let block =
                |number: u32| secret.derive("test", &[&code.to_be_bytes(), &number.to_be_bytes()]);
            for (place, digit) in digits(6, block).bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
        }
        let expected = f64::from(CODES) / 10.0;
        for (place, counts) in counts.iter().enumerate() {
            let distances = counts
                .iter()
                .map(|count| (f64::from(*count) - expected).powi(2));
            let chi_square: f64 = distances.sum::<f64>() / expected;
            assert!(
                chi_square < 45.0,
                "place {place}: {chi_square} of {counts:?}"
            );
        }
    }

    #[test]
    fn values_that_do_not_share_out_evenly_are_left_out() {
        let block = |number: u32| match number {
            0 => [255; 32],
            1 => [250; 32],
            _ => [249; 32],
        };
        assert_eq!(digits(10, block), "9999999999");
    }
}
