use crate::template::properties::Properties;
use crate::template::{Function, Stack, UserPool};

/// Cognito's permission to call a function.
pub(super) struct Permission {
    function: String,
    source_arn: Option<String>,
    source_account: Option<String>,
}

/// `None` for permissions of others than Cognito.
pub(super) fn read(properties: &mut Properties) -> Option<Permission> {
    let action = properties.required_text("Action");
    let principal = properties.required_text("Principal");
    let permission = Permission {
        function: properties.required_text("FunctionName"),
        source_arn: properties.text("SourceArn"),
        source_account: properties.text("SourceAccount"),
    };
    let calls = ["lambda:InvokeFunction", "lambda:*"].contains(&action.as_str());
    (calls && principal == "cognito-idp.amazonaws.com").then_some(permission)
}

/// Marks the triggers whose function lets their pool call it.
pub(super) fn apply(permissions: &[Permission], stack: &mut Stack) {
    let account = &stack.account_id;
    for pool in &mut stack.user_pools {
        let mut triggers = std::mem::take(&mut pool.triggers);
        for trigger in triggers.values_mut() {
            let function = stack
                .functions
                .iter()
                .find(|function| function.logical_id == trigger.function);
            trigger.permitted = function.is_some_and(|function| {
                permissions
                    .iter()
                    .any(|permission| permission.covers(function, pool, account))
            });
        }
        pool.triggers = triggers;
    }
}

impl Permission {
    fn covers(&self, function: &Function, pool: &UserPool, account: &str) -> bool {
        let partial_arn = format!("{account}:function:{}", function.name);
        [&function.name, &function.arn, &partial_arn].contains(&&self.function)
            && self
                .source_account
                .as_deref()
                .is_none_or(|allowed| allowed == account)
            && self
                .source_arn
                .as_deref()
                .is_none_or(|allowed| arn_like(allowed, &pool.arn))
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
