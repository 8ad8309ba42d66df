use ldap3::LdapResult;

use super::{PASSWORD_POLICY, SUCCESS};
use crate::source::Proof;

/// Result codes by which directories refuse a user, and are not out of order.
///
/// Source: RFC 4511, appendix A. Locked and disabled accounts are `constraintViolation` and `unwillingToPerform` in 389 Directory Server.
const REFUSALS: [u32; 6] = [
    19, // constraintViolation
    32, // noSuchObject
    INVALID_CREDENTIALS,
    48, // inappropriateAuthentication
    50, // insufficientAccessRights
    53, // unwillingToPerform
];

const INVALID_CREDENTIALS: u32 = 49;

/// Why Active Directory calls credentials invalid that are right: the password has expired, or has to be changed.
///
/// All else is refused as if it were wrong: 525 unknown, 52e wrong, 530 and 531 not now and not here, 533 disabled, 701 expired account,
/// 775 locked.
const RIGHT_BUT_RESET: [&str; 2] = ["532", "773"];

/// Why a directory with a password policy refuses a password that is right, or lets it in for a change only.
///
/// Source: draft-behera-ldap-password-policy-11, section 6.2, `passwordExpired` and `changeAfterReset`.
const POLICY_RIGHT_BUT_RESET: [u8; 2] = [0, 2];

/// What the result of a bind shows; the result code, if it shows that the directory is out of order.
pub(super) fn proof(result: &LdapResult) -> Result<Option<Proof>, u32> {
    let is_due = policy_error(result).is_some_and(|code| POLICY_RIGHT_BUT_RESET.contains(&code));
    let is_due =
        is_due || sub_code(&result.text).is_some_and(|code| RIGHT_BUT_RESET.contains(&code));
    match result.rc {
        SUCCESS | INVALID_CREDENTIALS if is_due => Ok(Some(Proof::PasswordRightButReset)),
        SUCCESS => Ok(Some(Proof::PasswordRight)),
        code if REFUSALS.contains(&code) => Ok(None),
        code => Err(code),
    }
}

/// Of `80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563` the `52e`.
fn sub_code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("AcceptSecurityContext error, data ")?;
    rest.split(',').next()
}

fn policy_error(result: &LdapResult) -> Option<u8> {
    let mut controls = result.ctrls.iter().map(|control| &control.1);
    let policy = controls.find(|control| control.ctype == PASSWORD_POLICY)?;
    error_of(policy.val.as_deref()?)
}

/// The value is a sequence of a warning with tag 0 and an error with tag 1, both optional, none longer than 127 bytes.
fn error_of(value: &[u8]) -> Option<u8> {
    let [0x30, _length, parts @ ..] = value else {
        return None;
    };
    let error = match parts {
        [0xa0, length, rest @ ..] => rest.get(usize::from(*length)..)?,
        _ => parts,
    };
    match error {
        [0x81, 1, code] => Some(*code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ldap3::controls::{Control, RawControl};

    use super::*;

    #[track_caller]
    fn check(rc: u32, text: &str, policy: Option<&[u8]>, expected: Result<Option<Proof>, u32>) {
        let control = policy.map(|value| {
            let ctype = PASSWORD_POLICY.to_owned();
            let val = Some(value.to_vec());
            let crit = false;
            Control(None, RawControl { ctype, crit, val })
        });
        let result = LdapResult {
            rc,
            matched: String::new(),
            text: text.to_owned(),
            refs: Vec::new(),
            ctrls: Vec::from_iter(control),
        };
        assert_eq!(proof(&result), expected, "{rc} {text} {policy:?}");
    }

    #[test]
    fn refusals_are_told_from_a_directory_out_of_order() {
        check(0, "", None, Ok(Some(Proof::PasswordRight)));
        for refusal in REFUSALS {
            check(refusal, "", None, Ok(None));
        }
        for code in [1, 2, 7, 8, 10, 13, 14, 34, 51, 52, 80] {
            check(code, "", None, Err(code));
        }
    }

    /// Texts as Active Directory words them.
    #[test]
    fn active_directory_says_why() {
        let reset = Some(Proof::PasswordRightButReset);
        for (code, expected) in [
            ("525", None),
            ("52e", None),
            ("530", None),
            ("531", None),
            ("532", reset),
            ("533", None),
            ("568", None),
            ("701", None),
            ("773", reset),
            ("775", None),
            ("7731", None),
            ("0", None),
        ] {
            let text = format!(
                "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data {code}, v4563\0"
            );
            check(49, &text, None, Ok(expected));
            check(52, &text, None, Err(52));
        }
        check(49, "data 773, of somebody else's", None, Ok(None));
    }

    #[test]
    fn a_password_policy_says_why() {
        let right = Some(Proof::PasswordRight);
        let reset = Some(Proof::PasswordRightButReset);
        for (rc, value, expected) in [
            (0, &[0x30, 0][..], right),
            (0, &[0x30, 3, 0x81, 1, 2], reset),
            (0, &[0x30, 7, 0xa0, 2, 0x80, 0, 0x81, 1, 2], reset),
            (0, &[0x30, 4, 0xa0, 2, 0x80, 9], right),
            (49, &[0x30, 3, 0x81, 1, 0], reset),
            (49, &[0x30, 3, 0x81, 1, 1], None), // accountLocked
            (49, &[0x30, 0], None),
            (49, &[], None),
            (49, &[0x30, 200, 0xa0, 255], None),
            (49, &[0x31, 3, 0x81, 1, 0], None),
            (49, &[0x30, 3, 0x81, 1, 0, 0], None),
        ] {
            check(rc, "", Some(value), Ok(expected));
        }
    }
}
