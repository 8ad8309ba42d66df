//! What has to be passed, and by whom.

use std::fmt;
use std::str::FromStr;

use crate::kind::Kind;

/// What the users of some groups, or everybody, have to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// For members of one of these groups; for everybody when it names none.
    pub(crate) groups: Vec<String>,
    pub(crate) steps: Steps,
}

/// What has to be passed, in this order, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Steps {
    /// The password, which Cognito verifies before anything of ours.
    pub(crate) password: bool,
    /// Then one kind of each step.
    pub(crate) own: Vec<Step>,
}

/// The kinds that a user can choose among; never none.
pub(crate) type Step = Vec<Kind>;

/// The first rule that is for somebody in these groups.
pub(crate) fn first_for<'a>(rules: &'a [Rule], groups: &[String]) -> Option<&'a Steps> {
    let is_theirs = |rule: &&Rule| {
        rule.groups.is_empty() || rule.groups.iter().any(|group| groups.contains(group))
    };
    rules.iter().find(is_theirs).map(|rule| &rule.steps)
}

/// Cognito's word for the password, in a policy.
const PASSWORD: &str = "password";

/// As an operator writes it: `password,email-code|totp`.
impl FromStr for Steps {
    type Err = NoSteps;

    fn from_str(text: &str) -> Result<Self, NoSteps> {
        let mut steps: Vec<_> = text.split(',').map(str::trim).collect();
        let password = steps[0] == PASSWORD;
        if password {
            steps.remove(0);
        }
        let mut own: Vec<Step> = Vec::new();
        for step in steps {
            let kinds = step.split('|').map(|kind| kind.trim().parse());
            own.push(kinds.collect::<Result<_, _>>().map_err(|_| NoSteps)?);
        }
        let mut kinds = own.concat();
        kinds.sort_unstable();
        let every = kinds.len();
        kinds.dedup();
        // What was passed once proves nothing a second time.
        if kinds.len() < every {
            return Err(NoSteps);
        }
        Ok(Self { password, own })
    }
}

/// A text is no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoSteps;

impl fmt::Display for NoSteps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected steps such as `password,email-code|totp`: `password` first if at all, each kind once, of"
        )?;
        Kind::ALL
            .iter()
            .try_for_each(|kind| write!(formatter, " `{}`", kind.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(bool, &[&[Kind]])>) {
        let expected = expected.map(|(password, own)| Steps {
            password,
            own: own.iter().map(|step| step.to_vec()).collect(),
        });
        assert_eq!(text.parse().ok(), expected, "{text:?}");
    }

    #[test]
    fn steps_are_read_in_their_order() {
        check("email-code", Some((false, &[&[EmailCode]])));
        check("email-code|totp", Some((false, &[&[EmailCode, Totp]])));
        check(
            " password , magic-link | sms-code , recovery-code ",
            Some((true, &[&[MagicLink, SmsCode], &[RecoveryCode]])),
        );
        check("password", Some((true, &[])));
    }

    #[test]
    fn what_could_mean_something_else_is_refused() {
        for text in [
            "",
            ",",
            "email-code,",
            ",email-code",
            "email-code||totp",
            "email-code,password",
            "password,password",
            "password|totp",
            "email-code,email-code",
            "email-code|totp,totp",
            "Email-Code",
            "passkey",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn the_first_rule_for_a_group_or_for_everybody_counts() {
        let rule = |groups: &[&str], steps: &str| Rule {
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            steps: steps.parse().unwrap(),
        };
        let rules = [
            rule(&["staff", "admins"], "password,totp"),
            rule(&[], "email-code"),
            rule(&["guests"], "sms-code"),
        ];
        for (groups, expected) in [
            (&["admins"][..], "password,totp"),
            (&["guests"], "email-code"),
            (&[], "email-code"),
        ] {
            let groups: Vec<_> = groups.iter().map(|group| (*group).to_owned()).collect();
            let expected: Steps = expected.parse().unwrap();
            assert_eq!(first_for(&rules, &groups), Some(&expected), "{groups:?}");
        }
        assert_eq!(first_for(&rules[..1], &["guests".to_owned()]), None);
    }
}
