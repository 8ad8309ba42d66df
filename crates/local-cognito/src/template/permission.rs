//! Whether a function lets a user pool call it.
//!
//! Source: AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda".

use super::Permission;

impl Permission {
    /// Whether it lets Cognito call the function for this user pool of this account.
    pub(crate) fn lets_call(&self, pool_arn: &str, account_id: &str) -> bool {
        let account = self.source_account.as_deref();
        let arn = self.source_arn.as_deref();
        ["lambda:InvokeFunction", "lambda:*"].contains(&self.action.as_str())
            && self.principal == "cognito-idp.amazonaws.com"
            && account.is_none_or(|allowed| allowed == account_id)
            && arn.is_none_or(|allowed| arn_like(allowed, pool_arn))
    }
}

/// The condition `ArnLike`: each of the six parts may hold `*` and `?`. Source: IAM, "ARN condition operators".
fn arn_like(pattern: &str, arn: &str) -> bool {
    let patterns: Vec<_> = pattern.splitn(6, ':').collect();
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    patterns.len() == parts.len()
        && patterns
            .iter()
            .zip(parts)
            .all(|(pattern, part)| like(pattern.as_bytes(), part.as_bytes()))
}

fn like(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on, should what follows the last `*` not fit: the `*` then takes one byte more.
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, taken)) => {
                    retry = Some((star, taken + 1));
                    p = star + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_compared_part_by_part() {
        let arn = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Ab12Cd34E";
        let cases = [
            ("the same", arn, true),
            (
                "any pool",
                "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/*",
                true,
            ),
            (
                "any region",
                "arn:aws:cognito-idp:*:123456789012:userpool/eu-*_Ab??Cd34E",
                true,
            ),
            (
                "other pool",
                "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Other1234",
                false,
            ),
            (
                "other account",
                "arn:aws:cognito-idp:eu-central-1:210987654321:userpool/*",
                false,
            ),
            (
                "prefix",
                "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Ab12Cd34",
                false,
            ),
            ("a star covers one part", "arn:aws:*", false),
            ("nothing", "", false),
        ];
        for (name, pattern, expected) in cases {
            assert_eq!(arn_like(pattern, arn), expected, "{name}");
        }
    }
}
