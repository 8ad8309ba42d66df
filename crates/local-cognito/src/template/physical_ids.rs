//! The names and ids that AWS would choose. Here they follow from the stack's name and the logical id, so that they are the same at each
//! start. Client secrets do too: the stand-in's are no secrets.

use sha2::{Digest, Sha256};

use super::Settings;
use super::place::Place;

const DIGITS_AND_UPPER: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS_AND_LOWER: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Settings {
    pub(super) fn check(&self, root: &Place) {
        if self.account_id.len() != 12 || !all(&self.account_id, |byte| byte.is_ascii_digit()) {
            root.problem("the account id: expected twelve digits");
        }
        let region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.region.split('-').count() < 3 || !all(&self.region, region) {
            root.problem("the region: expected a name such as us-east-1");
        }
        let stack_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !self
            .stack_name
            .starts_with(|first: char| first.is_ascii_alphabetic())
            || self.stack_name.len() > 128
            || !all(&self.stack_name, stack_name)
        {
            root.problem(
                "the stack's name: expected a letter and then letters, digits and hyphens",
            );
        }
    }

    pub(super) fn partition(&self) -> &'static str {
        partition(&self.region)
    }

    pub(super) fn url_suffix(&self) -> &'static str {
        if self.partition() == "aws-cn" {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        }
    }

    /// The ARN of something in this account and region.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        arn(&self.region, &self.account_id, service, resource)
    }

    /// The same, of something that is in no region.
    pub(super) fn global_arn(&self, service: &str, resource: &str) -> String {
        global_arn(&self.region, &self.account_id, service, resource)
    }

    /// Such as `us-east-1_Ab12Cd34E`.
    pub(super) fn user_pool_id(&self, logical_id: &str, place: &Place) -> String {
        let prefix = format!("{}_", self.region);
        let Some(id) = self.ids.get(logical_id) else {
            return prefix + &self.derived("user pool", logical_id, ALPHANUMERIC, 9);
        };
        let name = id.strip_prefix(&prefix).unwrap_or_default();
        if id.len() > 55 || !all(name, |byte| byte.is_ascii_alphanumeric()) {
            place.problem(format_args!(
                "--id: expected {prefix} with letters and digits behind it"
            ));
        }
        id.clone()
    }

    /// 26 lower-case letters and digits.
    pub(super) fn client_id(&self, logical_id: &str, place: &Place) -> String {
        let Some(id) = self.ids.get(logical_id) else {
            return self.derived("client", logical_id, DIGITS_AND_LOWER, 26);
        };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'+';
        if id.len() > 128 || !all(id, allowed) {
            place.problem("--id: expected at most 128 letters and digits");
        }
        id.clone()
    }

    /// 52 lower-case letters and digits.
    pub(super) fn client_secret(&self, logical_id: &str) -> String {
        let one = self.derived("first half of secret", logical_id, DIGITS_AND_LOWER, 26);
        one + &self.derived("second half of secret", logical_id, DIGITS_AND_LOWER, 26)
    }

    /// Such as `us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33`.
    pub(super) fn identity_pool_id(&self, logical_id: &str, place: &Place) -> String {
        let prefix = format!("{}:", self.region);
        let Some(id) = self.ids.get(logical_id) else {
            return prefix + &self.uuid("identity pool", logical_id);
        };
        let uuid = id.strip_prefix(&prefix).unwrap_or_default();
        if id.len() > 55
            || !all(uuid, |byte| {
                byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
            })
        {
            place.problem(format_args!(
                "--id: expected {prefix} with a UUID behind it"
            ));
        }
        id.clone()
    }

    /// A UUID.
    pub(super) fn key_id(&self, logical_id: &str) -> String {
        self.uuid("key", logical_id)
    }

    fn uuid(&self, what: &str, logical_id: &str) -> String {
        let hex = self.derived(what, logical_id, b"0123456789abcdef", 32);
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..],
        ];
        let [time, middle, high, low, node] = parts;
        format!("{time}-{middle}-4{high}-8{low}-{node}")
    }

    /// Such as `AROA` and 17 capital letters and digits.
    pub(super) fn role_id(&self, name: &str) -> String {
        "AROA".to_owned() + &self.derived("role", name, DIGITS_AND_UPPER, 17)
    }

    pub(super) fn api_id(&self, logical_id: &str) -> String {
        self.derived("api", logical_id, DIGITS_AND_LOWER, 10)
    }

    /// Such as `stack-LogicalId-1A2B3C4D5E6F`, shortened to so many characters at most.
    pub(super) fn name(&self, logical_id: &str, longest: usize) -> String {
        let mut name = format!("{}-{logical_id}", self.stack_name);
        name.truncate(longest - 13);
        let suffix = self.derived("name", logical_id, DIGITS_AND_UPPER, 12);
        format!("{name}-{suffix}")
    }

    /// At most 32 characters.
    fn derived(&self, what: &str, logical_id: &str, alphabet: &[u8], length: usize) -> String {
        let seed = format!("{what}\n{}\n{logical_id}", self.stack_name);
        let digest = Sha256::digest(seed);
        let letters = digest.iter().take(length);
        letters
            .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
            .collect()
    }
}

/// The ARN of something in an account and region.
pub(super) fn arn(region: &str, account_id: &str, service: &str, resource: &str) -> String {
    let partition = partition(region);
    format!("arn:{partition}:{service}:{region}:{account_id}:{resource}")
}

/// The ARN of something in an account and no region, such as a role.
pub(super) fn global_arn(region: &str, account_id: &str, service: &str, resource: &str) -> String {
    let partition = partition(region);
    format!("arn:{partition}:{service}::{account_id}:{resource}")
}

fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::place::Problems;
    use super::*;

    fn settings() -> Settings {
        Settings {
            region: "eu-central-1".to_owned(),
            account_id: "123456789012".to_owned(),
            stack_name: "s".to_owned(),
            parameters: BTreeMap::new(),
            ids: BTreeMap::new(),
        }
    }

    #[track_caller]
    fn check_form(id: &str, prefix: &str, alphabet: &[u8], length: usize) {
        let rest = id.strip_prefix(prefix).unwrap();
        assert_eq!(rest.len(), length, "{id}");
        assert!(rest.bytes().all(|byte| alphabet.contains(&byte)), "{id}");
    }

    #[test]
    fn ids_look_like_those_of_aws() {
        let settings = settings();
        let problems = Problems::default();
        let place = Place::root(&problems);
        check_form(
            &settings.user_pool_id("P", &place),
            "eu-central-1_",
            ALPHANUMERIC,
            9,
        );
        check_form(&settings.client_id("C", &place), "", DIGITS_AND_LOWER, 26);
        check_form(&settings.client_secret("C"), "", DIGITS_AND_LOWER, 52);
        check_form(&settings.name("F", 64), "s-F-", DIGITS_AND_UPPER, 12);
        assert_eq!(settings.name(&"F".repeat(200), 64).len(), 64);
        assert_eq!(problems.take(), [""; 0]);
    }

    #[test]
    fn ids_are_the_same_each_time_and_differ_by_stack_and_logical_id() {
        let other_stack = Settings {
            stack_name: "t".to_owned(),
            ..settings()
        };
        let problems = Problems::default();
        let id = |settings: &Settings, name| settings.client_id(name, &Place::root(&problems));
        assert_eq!(id(&settings(), "C"), id(&settings(), "C"));
        assert_ne!(id(&settings(), "C"), id(&settings(), "D"));
        assert_ne!(id(&settings(), "C"), id(&other_stack, "C"));
    }

    #[test]
    fn ids_can_be_fixed_if_they_have_the_form() {
        let fixed = |id: &str| {
            let mut settings = settings();
            settings.ids.insert("X".to_owned(), id.to_owned());
            settings
        };
        let problems = Problems::default();
        let place = Place::root(&problems);
        let cases = [
            ("eu-central-1_Ab12Cd34E", None),
            (
                "us-east-1_Ab12Cd34E",
                Some("--id: expected eu-central-1_ with letters and digits behind it"),
            ),
            (
                "eu-central-1_",
                Some("--id: expected eu-central-1_ with letters and digits behind it"),
            ),
        ];
        for (id, problem) in cases {
            assert_eq!(fixed(id).user_pool_id("X", &place), id);
            assert_eq!(problems.take().first().map(String::as_str), problem, "{id}");
        }
        assert_eq!(fixed("1example").client_id("X", &place), "1example");
        assert_eq!(problems.take(), [""; 0]);
        fixed("a b").client_id("X", &place);
        assert_eq!(
            problems.take(),
            ["--id: expected at most 128 letters and digits"]
        );
    }

    #[test]
    fn settings_have_the_forms_of_aws() {
        let problems = Problems::default();
        let wrong = Settings {
            region: "Mars".to_owned(),
            account_id: "12".to_owned(),
            stack_name: "1 2".to_owned(),
            ..settings()
        };
        wrong.check(&Place::root(&problems));
        assert_eq!(
            problems.take(),
            [
                "the account id: expected twelve digits",
                "the region: expected a name such as us-east-1",
                "the stack's name: expected a letter and then letters, digits and hyphens",
            ]
        );
    }

    #[test]
    fn partitions_follow_the_region() {
        let in_region = |region: &str| Settings {
            region: region.to_owned(),
            ..settings()
        };
        let cases = [
            (
                "eu-central-1",
                "arn:aws:lambda:eu-central-1:123456789012:function:F",
                "amazonaws.com",
            ),
            (
                "cn-north-1",
                "arn:aws-cn:lambda:cn-north-1:123456789012:function:F",
                "amazonaws.com.cn",
            ),
            (
                "us-gov-west-1",
                "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:F",
                "amazonaws.com",
            ),
        ];
        for (region, arn, suffix) in cases {
            let settings = in_region(region);
            assert_eq!(settings.arn("lambda", "function:F"), arn);
            assert_eq!(settings.url_suffix(), suffix);
        }
    }
}
