//! What holds of all policies, tried by chance: seeded, so that it runs with every other test. `SEED=… ROUNDS=…` in the environment make
//! it another run and a longer one.

use iam_policy::{Context, Decision, Policy, PolicyKind, decide};
use serde_json::{Value, json};

use crate::{allows, context, holds, policy};

struct Chance(u64);

impl Chance {
    fn seeded(default: u64) -> Self {
        Self(number("SEED", default))
    }

    /// xorshift64*, by Sebastiano Vigna.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % bound.max(1)
    }

    fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A short text of few letters, so that chance finds what is alike.
    fn text(&mut self, letters: &[&str]) -> String {
        (0..self.below(6)).map(|_| self.one_of(letters)).collect()
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

const ARN: &str = "arn:aws:s3:::b/";

/// What a pattern means, in the plainest way.
fn is_like(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            is_like(rest, text) || (!text.is_empty() && is_like(pattern, &text[1..]))
        }
        (['?', pattern @ ..], [_, text @ ..]) => is_like(pattern, text),
        ([one, pattern @ ..], [other, text @ ..]) => one == other && is_like(pattern, text),
        _ => false,
    }
}

#[test]
fn wildcards_match_what_they_mean() {
    let mut chance = Chance::seeded(0x5eed);
    let mut matched = 0;
    for _ in 0..number("ROUNDS", 20_000) {
        let pattern = chance.text(&["a", "b", "*", "?", "*"]);
        let text = chance.text(&["a", "b", "ä"]);
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = is_like(&chars(&pattern), &chars(&text));
        let statement =
            json!({ "Effect": "Allow", "Action": "*", "Resource": format!("{ARN}{pattern}") });
        let found = allows(
            &policy(statement),
            "s3:Get",
            &format!("{ARN}{text}"),
            &Context::default(),
        );
        assert_eq!(found, expected, "{pattern} {text}");
        matched += usize::from(found);
    }
    assert!(matched > 1_000, "only {matched} matched");
}

#[test]
fn a_value_is_never_a_pattern() {
    let mut chance = Chance::seeded(0xc0de);
    let policy = policy(json!({
        "Effect": "Allow", "Action": "*", "Resource": format!("{ARN}${{aws:PrincipalTag/t}}/x"),
    }));
    for _ in 0..number("ROUNDS", 20_000) {
        let letters = ["a", "*", "?", "${*}", "/"];
        let (value, other) = (chance.text(&letters), chance.text(&letters));
        let request = context(&[("aws:PrincipalTag/t", &[&value])]);
        let found = allows(&policy, "s3:Get", &format!("{ARN}{other}/x"), &request);
        assert_eq!(found, value == other, "{value} {other}");
    }
}

fn statement(chance: &mut Chance) -> Value {
    let mut statement = json!({ "Effect": chance.one_of(&["Allow", "Allow", "Deny"]) });
    let action = chance.one_of(&["Action", "Action", "NotAction"]);
    statement[action] = chance.one_of(&["s3:Get", "s3:*", "*", "s3:Put"]).into();
    let resource = chance.one_of(&["Resource", "Resource", "NotResource"]);
    let variable = format!("{ARN}${{aws:PrincipalTag/t}}");
    statement[resource] = chance
        .one_of(&["*", "arn:aws:s3:::b/a*", variable.as_str()])
        .into();
    if chance.below(3) == 0 {
        let operator = chance.one_of(&["StringEquals", "StringNotEquals", "StringLikeIfExists"]);
        statement["Condition"] =
            json!({ operator: { "aws:PrincipalTag/t": ["a", "${aws:userid}"] } });
    }
    statement
}

fn statements(chance: &mut Chance) -> Vec<Value> {
    (0..=chance.below(3)).map(|_| statement(chance)).collect()
}

fn request(chance: &mut Chance) -> (&'static str, String, Context) {
    let mut request = Context::default();
    for key in ["aws:PrincipalTag/t", "aws:userid"] {
        if chance.below(3) > 0 {
            request = request.with(key, chance.one_of(&["a", "b"]));
        }
    }
    let resource = format!("{ARN}{}", chance.one_of(&["a", "b", "ab"]));
    (chance.one_of(&["s3:Get", "s3:Put"]), resource, request)
}

/// More denials, and sessions, only ever take away.
#[test]
fn nothing_that_narrows_lets_more_through() {
    let mut chance = Chance::seeded(0xbeef);
    let (mut allowed, mut taken_away) = (0, 0);
    for _ in 0..number("ROUNDS", 20_000) {
        let role = [policy(statements(&mut chance).into())];
        let (action, resource, request) = request(&mut chance);
        let before = decide(&role, None, action, &resource, &request);
        let session = [policy(statements(&mut chance).into())];
        let narrowed = decide(&role, Some(&session), action, &resource, &request);
        let mut denial = statement(&mut chance);
        denial["Effect"] = "Deny".into();
        let [role] = role;
        let denied = decide(&[role, policy(denial)], None, action, &resource, &request);
        let is_allowed = |decision: &Decision| matches!(decision, Decision::Allowed { .. });
        if is_allowed(&before) {
            allowed += 1;
            taken_away += usize::from(!is_allowed(&narrowed) || !is_allowed(&denied));
        } else {
            assert!(
                !is_allowed(&narrowed) && !is_allowed(&denied),
                "{request:?}"
            );
        }
        let never = policy(json!({ "Effect": "Deny", "Action": "*", "Resource": "*" }));
        let [session] = session;
        let decision = decide(&[session, never], None, action, &resource, &request);
        assert!(matches!(decision, Decision::Denied { .. }));
    }
    assert!(
        allowed > 1_000 && taken_away > 500,
        "{allowed} {taken_away}"
    );
}

/// All are among these, or one is not: never both, never neither.
#[test]
fn set_operators_are_each_others_opposite() {
    let mut chance = Chance::seeded(0xfeed);
    for _ in 0..number("ROUNDS", 20_000) {
        let wanted: Vec<String> = (0..=chance.below(2))
            .map(|_| chance.text(&["a", "b"]))
            .collect();
        let found: Vec<String> = (0..chance.below(3))
            .map(|_| chance.text(&["a", "b"]))
            .collect();
        let request = match chance.below(5) {
            0 => Context::default(),
            _ => Context::default().with_all("aws:TagKeys", found.clone()),
        };
        let all = json!({ "ForAllValues:StringEquals": { "aws:TagKeys": wanted } });
        let any_not = json!({ "ForAnyValue:StringNotEquals": { "aws:TagKeys": wanted } });
        assert_ne!(
            holds(&all, &request),
            holds(&any_not, &request),
            "{wanted:?} {found:?}"
        );
    }
}

/// Whatever stands in a document, it is read or refused, and what was read decides.
#[test]
fn any_document_is_read_or_refused() {
    let mut chance = Chance::seeded(0xfade);
    let pieces = [
        "${",
        "}",
        "'",
        ",",
        "*",
        "?",
        ":",
        "/",
        "aws:userid",
        "arn:aws:s3:::",
        "IfExists",
        "é",
        "\"",
        "\\",
        "[",
        "{",
        "true",
        "9",
        "",
    ];
    let (mut read, mut refused) = (0, 0);
    for _ in 0..number("ROUNDS", 20_000) {
        let mut document =
            json!({ "Version": "2012-10-17", "Statement": statements(&mut chance) }).to_string();
        for _ in 0..chance.below(3) {
            let places: Vec<usize> = document.char_indices().map(|(at, _)| at).collect();
            let at = places[chance.below(places.len())];
            match chance.below(2) {
                0 => document.insert_str(at, chance.one_of(&pieces)),
                _ => drop(document.remove(at)),
            }
        }
        let Ok(document) = serde_json::from_str::<Value>(&document) else {
            continue;
        };
        match Policy::parse(PolicyKind::IdentityBased, &document) {
            Ok(policy) => {
                let (action, resource, request) = request(&mut chance);
                allows(&policy, action, &resource, &request);
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 1_000 && refused > 1_000, "{read} {refused}");
}
